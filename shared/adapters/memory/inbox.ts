import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { Inbox } from "@alpes/shared/seedwork/inbox.ts";
import {
  type DeskAnswer,
  type DeskOrder,
  type DeskRefusal,
  type MessageDesk,
  parkedId,
} from "@alpes/shared/seedwork/message_desk.ts";
import { decodeMessage, encodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import type { Message, Topic } from "@alpes/shared/seedwork/messages.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { delayAfter, exponential } from "@alpes/shared/seedwork/retry.ts";

type Estado = "RECIBIDO" | "HECHO" | "APARCADO" | "LISTO" | "APARTADO" | "DESCARTADO";
interface Row {
  readonly consumidor: string;
  readonly event_id: string;
  readonly topic: Topic;
  readonly clave: string;
  readonly texto: string;
  readonly orden: number;
  readonly recibido: Date;
  actualizado: Date;
  estado: Estado;
  intentos: number;
  error: string;
  motivo: string | null;
  actor: string | null;
}

/** The inbox and its desk in one process's memory, all modules in one; for tests and the memory stack. */
export type MemoryInbox = Inbox & MessageDesk & {
  /** What is known of a message; for tests. */
  state(consumer: string, event_id: string): { estado: Estado; intentos: number } | null;
};

export function memoryInbox({ now = () => new Date() }: { now?: Clock } = {}): MemoryInbox {
  const rows = new Map<string, Row>();
  const drains = new Map<string, () => void>();
  const stopped = (r: Row) => r.estado === "APARCADO" || r.estado === "LISTO";
  const sameKey = (a: Row, b: Row) => a.consumidor === b.consumidor && a.clave === b.clave;
  const behind = (r: Row) =>
    [...rows.values()].filter((o) => sameKey(o, r) && o.estado === "LISTO" && o.orden > r.orden);
  const isHead = (r: Row) =>
    ![...rows.values()].some((o) => sameKey(o, r) && stopped(o) && o.orden < r.orden);

  function put(
    consumidor: string,
    topic: Topic,
    m: Message,
    estado: Estado,
    intentos: number,
    error = "",
  ): Row {
    const row: Row = {
      consumidor,
      event_id: m.event_id,
      topic,
      clave: m.aggregate_id,
      texto: encodeMessage(m),
      orden: rows.size + 1,
      recibido: now(),
      actualizado: now(),
      estado,
      intentos,
      error,
      motivo: null,
      actor: null,
    };
    rows.set(parkedId(consumidor, m.event_id), row);
    return row;
  }
  const find = (consumer: string, event_id: string) => rows.get(parkedId(consumer, event_id));
  const waking = () => drains.forEach((wake) => wake());

  const order =
    (to: DeskAnswer["estado"], from: readonly Estado[]) =>
    ({ id, actor, motivo }: DeskOrder): Promise<Result<DeskAnswer, DeskRefusal>> => {
      const row = rows.get(id);
      if (row === undefined || row.estado === "RECIBIDO") return Promise.resolve(err({ tipo: "no_existe" }));
      if (!from.includes(row.estado)) {
        return Promise.resolve(err({ tipo: "no_esta_aparcado", estado: row.estado }));
      }
      Object.assign(row, { estado: to, motivo, actor: actorName(actor), actualizado: now() });
      if (to === "LISTO") Object.assign(row, { intentos: 0, error: "" });
      waking();
      return Promise.resolve(ok({ id, estado: to, detras: behind(row).length }));
    };

  return {
    arrive({ consumer, topic, message }) {
      const known = find(consumer, message.event_id);
      if (known === undefined) {
        const waits = [...rows.values()].some((r) =>
          r.consumidor === consumer && r.clave === message.aggregate_id && stopped(r)
        );
        put(consumer, topic, message, waits ? "LISTO" : "RECIBIDO", waits ? 0 : 1);
        if (waits) waking();
        return Promise.resolve(waits ? { tipo: "espera" } : { tipo: "intento", intento: 1 });
      }
      if (known.estado === "RECIBIDO") return Promise.resolve({ tipo: "intento", intento: ++known.intentos });
      const over = known.estado === "HECHO" || known.estado === "DESCARTADO";
      return Promise.resolve({ tipo: over ? "hecho" : "espera" });
    },
    giveBack(consumer, event_id) {
      const row = find(consumer, event_id);
      if (row && (row.estado === "RECIBIDO" || row.estado === "LISTO") && row.intentos > 0) row.intentos--;
      return Promise.resolve();
    },
    done(consumer, event_id) {
      const row = find(consumer, event_id);
      if (row && (row.estado === "RECIBIDO" || row.estado === "LISTO")) row.estado = "HECHO";
      return Promise.resolve();
    },
    park({ consumer, topic, message }, error) {
      const row = find(consumer, message.event_id);
      if (row === undefined) put(consumer, topic, message, "APARCADO", 1, error);
      else if (row.estado === "RECIBIDO" || row.estado === "LISTO") {
        Object.assign(row, { estado: "APARCADO", error, actualizado: now() });
      }
      return Promise.resolve();
    },
    drain(consumer, topic, work) {
      const { wake, dispose } = drainer(
        () =>
          [...rows.values()].filter((r) =>
            r.consumidor === consumer && r.topic === topic && r.estado === "LISTO" && isHead(r)
          ),
        (row) => work(decodeMessage(row.texto) as Message, ++row.intentos),
      );
      const name = `${consumer}:${topic}`;
      drains.set(name, wake);
      wake();
      return Promise.resolve({
        [Symbol.asyncDispose]: () => (drains.delete(name), dispose()),
      });
    },
    list(after, limit) {
      const from = Number(after ?? 0);
      const all = [...rows.values()]
        .filter((r) => (r.estado === "APARCADO" || r.estado === "APARTADO") && r.orden > from);
      const data = all.slice(0, limit).map((r) => {
        const mensaje = decodeMessage(r.texto) as Message;
        const { consumidor, event_id, topic, clave, intentos, error, recibido, actualizado } = r;
        const estado = r.estado === "APARTADO" ? "APARTADO" as const : "APARCADO" as const;
        const detras = estado === "APARCADO" ? behind(r).length : 0;
        const id = parkedId(consumidor, event_id);
        const { type } = mensaje;
        return {
          id,
          consumidor,
          event_id,
          topic,
          type,
          clave,
          estado,
          intentos,
          error,
          detras,
          recibido,
          actualizado,
          mensaje,
        };
      });
      return Promise.resolve({ data, next: all.length > limit ? String(all[limit - 1]?.orden) : null });
    },
    reintentar: order("LISTO", ["APARCADO", "APARTADO"]),
    liberar: order("APARTADO", ["APARCADO"]),
    descartar: order("DESCARTADO", ["APARCADO", "APARTADO"]),
    lag() {
      const count = (...e: Estado[]) => [...rows.values()].filter((r) => e.includes(r.estado)).length;
      const inbox = {
        pendientes: count("RECIBIDO"),
        edad_s: 0,
        aparcados: count("APARCADO", "APARTADO"),
        detras: count("LISTO"),
      };
      return Promise.resolve({ outbox: { pendientes: 0, edad_s: 0 }, inbox });
    },
    state(consumer, event_id) {
      const row = find(consumer, event_id);
      return row === undefined ? null : { estado: row.estado, intentos: row.intentos };
    },
  };
}

const backoff = exponential(2, 2, 200);

/** Runs what is ready, one at a time per key since only the first of a key is; a rejected one comes again later. */
function drainer(ready: () => Row[], run: (row: Row) => Promise<void>) {
  const busy = new Map<Row, Promise<void>>();
  const failures = new Map<Row, number>();
  const held = new Map<Row, ReturnType<typeof setTimeout>>();
  let open = true;
  function wake(): void {
    if (!open) return;
    for (const row of ready()) {
      if (busy.has(row) || held.has(row)) continue;
      const end = run(row).then(() => failures.delete(row), (e) => {
        const failed = (failures.get(row) ?? 0) + 1;
        failures.set(row, failed);
        if (open) held.set(row, setTimeout(() => (held.delete(row), wake()), delayAfter(e, failed, backoff)));
      }).then(() => (busy.delete(row), wake()));
      busy.set(row, end);
    }
  }
  return {
    wake: () => queueMicrotask(wake),
    async dispose() {
      open = false;
      held.forEach(clearTimeout);
      await Promise.all(busy.values());
    },
  };
}
