import type { Changes } from "./unit_of_work.ts";

/** What was changed, or asked for in vain. */
export interface Resource {
  readonly tipo: string;
  readonly id: string;
}

export const RESULTADOS = ["HECHO", "DENEGADO"] as const;
export type Resultado = (typeof RESULTADOS)[number];

/** One line of the audit log: who did, or was refused, what. It holds no personal data: it can never be erased. */
export interface AuditEntry {
  /** Grows with time. */
  readonly id: string;
  readonly modulo: string;
  readonly en: Date;
  /** See `actorName`. */
  readonly actor: string;
  /** The operation, by its name in the OpenAPI document. */
  readonly accion: string;
  readonly recurso: Resource | null;
  /** The request's `X-Request-Id`. */
  readonly correlacion: string;
  readonly resultado: Resultado;
  readonly detalle: unknown;
}

/** What is `null` is not asked about; `desde` counts in, `hasta` does not. */
export interface AuditFilter {
  readonly actor: string | null;
  readonly accion: string | null;
  /** The resource's id. */
  readonly recurso: string | null;
  readonly correlacion: string | null;
  readonly resultado: Resultado | null;
  readonly desde: Date | null;
  readonly hasta: Date | null;
}

export interface AuditLog {
  /** Newest first; `before` is the `next` of the page before. `limit` 1–100. */
  search(
    filter: AuditFilter,
    before: string | null,
    limit: number,
  ): Promise<{ readonly data: readonly AuditEntry[]; readonly next: string | null }>;
}

/** A request that was refused for who made it: 401, 403, or a 404 that hides something. */
export interface Denial {
  readonly modulo: string;
  readonly actor: string;
  readonly accion: string;
  /** `null` where nobody is known: what an unknown caller typed is not kept. */
  readonly recurso: Resource | null;
  readonly correlacion: string;
  readonly status: number;
}

/** Keeps denials, soon and without making anybody wait. Under a flood equal ones become one line with a count. */
export interface Denials {
  note(denial: Denial): void;
}

/** What a command changed, each thing once: the lines of its feed, or else the aggregates that its messages are of. */
export function changed({ feed, messages }: Changes<unknown>): readonly Resource[] {
  const all = feed.length > 0
    ? feed.map(({ tipo, id }) => ({ tipo, id }))
    : messages.map((m) => ({ tipo: m.aggregate_type, id: m.aggregate_id }));
  return [...new Map(all.map((r) => [`${r.tipo} ${r.id}`, r])).values()];
}
