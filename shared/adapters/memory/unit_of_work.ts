import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { changed, type Resource } from "@alpes/shared/seedwork/audit.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { encodeOutgoing } from "@alpes/shared/seedwork/message_json.ts";
import type { Message, Topic } from "@alpes/shared/seedwork/messages.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import {
  AlreadyAnswered,
  AlreadyHandled,
  envelope,
  type FeedEntry,
  KeyReused,
  type RequestContext,
  type UnitOfWork,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import { answerName, type AnswerStore } from "./answers.ts";

export interface MemoryStore<State, Ids, Estados, W> {
  readonly inicial: State;
  load(state: State, ids: Ids, ahora: Date): Estados;
  /** Changes `state` in place; may throw (`ConcurrencyError` …): then nothing of it stays. */
  save(state: State, writes: W, at: { readonly ahora: Date; readonly context: RequestContext }): void;
}

export interface MemoryUnitOfWork<State, Ids, Estados, W> extends UnitOfWork<Ids, Estados, W> {
  /** What stands committed; for the read side of tests. */
  readonly state: () => State;
  /** Messages in the order in which they were committed. */
  readonly outbox: { topic: Topic; message: Message }[];
  readonly feed: FeedEntry[];
  readonly audit: { actor: string; accion: string; recurso: Resource | null }[];
}

/** The unit of work without a database: the same promises, one command at a time, gone with the process. */
export function memoryUnitOfWork<State, Ids, Estados, W>(
  store: MemoryStore<State, Ids, Estados, W>,
  ports: {
    readonly clock: Clock;
    readonly newId: NewId;
    readonly onCommit?: () => void;
    /** Share one with `memoryAnswers`, so that kept refusals and kept successes are seen by both. */
    readonly answers?: AnswerStore;
  },
): MemoryUnitOfWork<State, Ids, Estados, W> {
  let state = structuredClone(store.inicial);
  const outbox: { topic: Topic; message: Message }[] = [];
  const feed: FeedEntry[] = [];
  const audit: MemoryUnitOfWork<State, Ids, Estados, W>["audit"] = [];
  const answers: AnswerStore = ports.answers ?? new Map();
  const handled = new Set<string>();

  return {
    state: () => state,
    outbox,
    feed,
    audit,
    ejecutar(context, ids, decidir) {
      // Synchronous from here to the end, so that no other command comes between; failures become rejections.
      return new Promise((resolve) => {
        const { dedup } = context;
        const name = dedup === null
          ? ""
          : dedup.kind === "key"
          ? answerName(dedup.caller, dedup.route, dedup.key)
          : JSON.stringify([dedup.consumer, dedup.event_id]);
        if (dedup?.kind === "message" && handled.has(name)) throw new AlreadyHandled(name);
        const kept = answers.get(name);
        if (dedup?.kind === "key" && kept !== undefined) {
          throw kept.fingerprint === dedup.fingerprint
            ? new AlreadyAnswered(kept.answer)
            : new KeyReused("this key came before with another request");
        }
        const ahora = ports.clock();
        const draft = structuredClone(state);
        const decision = decidir(store.load(draft, ids, ahora), ahora);
        if (dedup?.kind === "message") handled.add(name);
        if (!decision.ok) return resolve(err(decision.error));
        const { value, changes } = decision.value;
        if (changes !== null) {
          const messages = changes.messages.map((m) => ({
            topic: m.topic,
            message: envelope(m, context, m.event_id ?? ports.newId(), ahora),
          }));
          try {
            for (const { message } of messages) encodeOutgoing(message);
            store.save(draft, changes.writes, { ahora, context });
          } catch (e) {
            handled.delete(name);
            throw e;
          }
          state = draft;
          outbox.push(...messages);
          feed.push(...changes.feed);
          const { accion } = context;
          if (accion !== undefined) {
            const actor = actorName(context.actor);
            const recursos = changed(changes);
            for (const recurso of recursos.length === 0 ? [null] : recursos) {
              audit.push({ actor, accion, recurso });
            }
          }
        }
        if (dedup?.kind === "key") {
          answers.set(name, { fingerprint: dedup.fingerprint, answer: dedup.answer(value) });
        }
        resolve(ok(value));
        if (changes !== null) ports.onCommit?.();
      });
    },
  };
}
