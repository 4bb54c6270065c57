import type { AuditEntry, AuditLog } from "@alpes/shared/seedwork/audit.ts";
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

/** The lines of one module in `mensajeria.auditoria`, to which the unit of work and `postgresDenials` (denials.ts) add. */
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
