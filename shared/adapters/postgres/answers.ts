import type { IdempotentAnswers } from "@alpes/shared/seedwork/answers.ts";
import type { Tx } from "./database.ts";

interface Row {
  readonly huella: string;
  readonly status: number;
  readonly cuerpo: string;
  readonly tipo: string;
  readonly etag: string | null;
  readonly location: string | null;
}

/** Refusals beside the answers that the unit of work keeps, in `mensajeria.idempotencia`. */
export const postgresAnswers = (db: Tx): IdempotentAnswers => ({
  async keepOrRead(caller, route, key, fingerprint, answer) {
    const { status, body, contentType, etag, location } = answer;
    const inserted = await db.query(
      `insert into mensajeria.idempotencia (llamador, ruta, clave, huella, status, cuerpo, tipo, etag, location)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (llamador, ruta, clave) do nothing
       returning 1`,
      [caller, route, key, fingerprint, status, body, contentType, etag, location],
    );
    if (inserted.length > 0) return "kept";
    // A second statement: one statement's snapshot does not show the row that it waited for.
    const [row] = await db.query<Row>(
      `select huella, status, cuerpo, tipo, etag, location from mensajeria.idempotencia
       where llamador = $1 and ruta = $2 and clave = $3`,
      [caller, route, key],
    );
    if (row === undefined) return "kept";
    if (row.huella !== fingerprint) return "other_body";
    return {
      status: row.status,
      body: row.cuerpo,
      contentType: row.tipo,
      etag: row.etag,
      location: row.location,
    };
  },
});
