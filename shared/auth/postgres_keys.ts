import { batched } from "@alpes/shared/adapters/postgres/batched.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Keys, StoredKey } from "./keys.ts";

interface Row {
  readonly id: string;
  readonly roles: Rol[];
  readonly cliente: string | null;
  readonly huella: Uint8Array;
  readonly expira: Date;
  readonly revocada: Date | null;
  readonly ultima: Date | null;
}

type Answer = { readonly key: StoredKey | null } | { readonly failed: unknown };

/** Keys in `seguridad.claves`, as every module may read them. */
export function postgresKeys(db: Tx, onError: (e: unknown) => void = () => {}): Keys {
  /** Together: whoever tries one made-up key after the other must not keep the database from the good ones. */
  const look = batched<string, Answer>(
    async (ids) => {
      try {
        const rows = await db.query<Row>(
          "select id, roles, cliente, huella, expira, revocada, ultima from seguridad.claves where id = any($1::text[])",
          [ids],
        );
        const found = new Map(rows.map(({ huella: hash, ...key }) => [key.id, { ...key, hash }]));
        return ids.map((id) => ({ key: found.get(id) ?? null }));
      } catch (failed) {
        return ids.map(() => ({ failed }));
      }
    },
    (id) => id,
    { max: 256 },
  );
  return {
    async find(id) {
      const answer = await look(id);
      if ("failed" in answer) throw answer.failed;
      return answer.key;
    },
    used({ id }) {
      db.query("select seguridad.anotar_uso($1)", [id]).catch(onError);
    },
  };
}
