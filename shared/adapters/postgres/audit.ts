import type { AuditEntry, AuditLog, Denial, Denials } from "@alpes/shared/seedwork/audit.ts";
import type { Tx } from "./database.ts";
import { type Condition, condition, where } from "./lists.ts";

interface Row {
  readonly id: bigint;
  readonly modulo: string;
  readonly en: Date;
  readonly actor: string;
  readonly accion: string;
  readonly recurso_tipo: string | null;
  readonly recurso_id: string | null;
  readonly correlacion: string;
  readonly resultado: AuditEntry["resultado"];
  readonly detalle: unknown;
}

/** The lines of one module in `mensajeria.auditoria`, to which the unit of work and `postgresDenials` add. */
export const postgresAuditLog = (db: Tx, modulo: string): AuditLog => ({
  async search(f, before, limit) {
    const asked: [string, unknown][] = [
      ["id < ?::bigint", before],
      ["recurso_id = ?", f.recurso],
      ["actor = ?", f.actor],
      ["accion = ?", f.accion],
      ["correlacion = ?", f.correlacion],
      ["resultado = ?", f.resultado],
      ["en >= ?", f.desde],
      ["en < ?", f.hasta],
    ];
    const conditions: Condition[] = [
      condition("modulo = ?", modulo),
      ...asked.flatMap(([sql, value]) => value === null ? [] : [condition(sql, value)]),
    ];
    const { sql, values } = where(conditions);
    const rows = await db.query<Row>(
      `select id, modulo, en, actor, accion, recurso_tipo, recurso_id, correlacion, resultado, detalle
         from mensajeria.auditoria ${sql} order by id desc limit $${values.length + 1}`,
      [...values, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { data: page.map(entry), next: rows.length > limit && last ? String(last.id) : null };
  },
});

const entry = ({ id, recurso_tipo, recurso_id, ...r }: Row): AuditEntry => ({
  ...r,
  id: String(id),
  recurso: recurso_tipo === null || recurso_id === null ? null : { tipo: recurso_tipo, id: recurso_id },
});

/** Different denials that one window holds; what comes beyond them is counted, not kept. */
const MAX_WAITING = 500;

export interface PostgresDenials extends Denials, AsyncDisposable {}

/** Denials in `mensajeria.auditoria`, written together a moment later; disposing writes what waits. */
export function postgresDenials(
  db: Tx,
  { windowMs = 250, onError = () => {} }: {
    readonly windowMs?: number;
    readonly onError?: (e: unknown) => void;
  } = {},
): PostgresDenials {
  let waiting = new Map<string, { readonly denial: Denial; times: number }>();
  let beyond = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const rows = [...waiting.values()];
    const lost = beyond;
    waiting = new Map();
    beyond = 0;
    timer = undefined;
    if (rows.length === 0) return;
    const of = <T>(value: (d: Denial) => T) => rows.map((r) => value(r.denial));
    try {
      await db.query(
        `insert into mensajeria.auditoria
           (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado, detalle)
         select modulo, actor, accion, tipo, id, correlacion, 'DENEGADO', json_build_object('status', status, 'veces', veces)
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[])
             as t(modulo, actor, accion, tipo, id, correlacion, status, veces)`,
        [
          of((d) => d.modulo),
          of((d) => d.actor),
          of((d) => d.accion),
          of((d) => d.recurso?.tipo ?? null),
          of((d) => d.recurso?.id ?? null),
          of((d) => d.correlacion),
          of((d) => d.status),
          rows.map((r) => r.times),
        ],
      );
      if (lost > 0) onError(new Error(`${lost} denials were too many for the audit log`));
    } catch (e) {
      onError(e);
    }
  }

  return {
    note(denial) {
      const { modulo, actor, accion, recurso, status } = denial;
      const name = JSON.stringify([modulo, actor, accion, recurso, status]);
      const known = waiting.get(name);
      if (known !== undefined) known.times++;
      else if (waiting.size < MAX_WAITING) waiting.set(name, { denial, times: 1 });
      else beyond++;
      timer ??= setTimeout(() => writing = writing.then(write), windowMs);
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await writing;
      await write();
    },
  };
}
