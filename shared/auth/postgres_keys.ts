import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Keys } from "./keys.ts";

interface Row {
  readonly id: string;
  readonly roles: Rol[];
  readonly cliente: string | null;
  readonly huella: Uint8Array;
  readonly expira: Date;
  readonly revocada: Date | null;
  readonly ultima: Date | null;
}

/** Keys in `seguridad.claves`, as every module may read them. */
export const postgresKeys = (db: Tx, onError: (e: unknown) => void = () => {}): Keys => ({
  async find(id) {
    const [row] = await db.query<Row>(
      "select id, roles, cliente, huella, expira, revocada, ultima from seguridad.claves where id = $1",
      [id],
    );
    if (row === undefined) return null;
    const { huella: hash, ...key } = row;
    return { ...key, hash };
  },
  used({ id }) {
    db.query("select seguridad.anotar_uso($1)", [id]).catch(onError);
  },
});
