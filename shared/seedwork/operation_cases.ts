import type { Actor } from "./actor.ts";
import type { AuditEntry, AuditFilter, AuditLog } from "./audit.ts";
import type { Change, Feed } from "./feed.ts";
import type { DeskAnswer, DeskOrder, DeskRefusal, MessageDesk, MessagingLag } from "./message_desk.ts";
import { type Accion, permitido, PROHIBIDO } from "./policy.ts";
import { err, ok, type Result } from "./result.ts";

type Prohibido = typeof PROHIBIDO;

export interface OperationPorts {
  readonly feed: Feed;
  readonly desk: MessageDesk;
  readonly audit: AuditLog;
}
export interface Changed {
  readonly data: readonly Change[];
  readonly primero: number;
  readonly ultimo: number;
}

export type OperationCases = ReturnType<typeof operationCases>;

/** What every module lets its operators see and do, each for who asks. The feed tells of everybody's things at once. */
export function operationCases({ feed, desk, audit }: OperationPorts) {
  async function allowed<T>(
    actor: Actor,
    accion: Accion,
    run: () => Promise<T>,
  ): Promise<Result<T, Prohibido>> {
    return permitido(actor, accion, []) === "si" ? ok(await run()) : err(PROHIBIDO);
  }

  return {
    /** At most `limit` after number `after`; waits up to `waitMs` for the first one, or until `signal` aborts. */
    changes: (
      actor: Actor,
      after: number,
      limit: number,
      waitMs: number,
      signal: AbortSignal,
    ): Promise<Result<Changed, Prohibido>> =>
      allowed(actor, "cambios.leer", async () => {
        let data = await feed.read(after, limit);
        if (data.length === 0 && waitMs > 0) {
          await feed.wait(after, waitMs, signal);
          data = await feed.read(after, limit);
        }
        return { data, ...await feed.bounds() };
      }),

    parked: (
      actor: Actor,
      after: string | null,
      limit: number,
    ): Promise<Result<Awaited<ReturnType<MessageDesk["list"]>>, Prohibido>> =>
      allowed(actor, "mensajes.leer", () => desk.list(after, limit)),

    lag: (actor: Actor): Promise<Result<MessagingLag, Prohibido>> =>
      allowed(actor, "mensajes.leer", () => desk.lag()),

    async order(
      verb: "reintentar" | "liberar" | "descartar",
      order: DeskOrder,
    ): Promise<Result<DeskAnswer, DeskRefusal | Prohibido>> {
      if (permitido(order.actor, "mensajes.ordenar", []) !== "si") return err(PROHIBIDO);
      return await desk[verb](order);
    },

    searchAudit: (
      actor: Actor,
      filter: AuditFilter,
      before: string | null,
      limit: number,
    ): Promise<Result<{ readonly data: readonly AuditEntry[]; readonly next: string | null }, Prohibido>> =>
      allowed(actor, "auditoria.leer", () => audit.search(filter, before, limit)),
  };
}
