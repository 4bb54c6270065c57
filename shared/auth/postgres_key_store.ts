import type { Database, Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { listPage } from "@alpes/shared/adapters/postgres/lists.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { Grant, KeyStore, KeyToKeep, KeyView } from "./key_desk.ts";

const COLUMNS =
  `id, nombre, roles, cliente, creada, creada_por, expira, revocada, revocada_por, ultima, sustituye,
  case when revocada is not null then 'REVOCADA' when expira <= clock_timestamp() then 'EXPIRADA' else 'VIGENTE' end as estado`;
const GOOD = "revocada is null and expira > clock_timestamp()";

/** The view of what the CTE `hecha` gives, and its line in the audit log, in one statement. */
const audited = (actor: string, accion: string, correlacion: string) =>
  `, rastro as (
     insert into mensajeria.auditoria (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado, detalle)
     select 'cliente', ${actor}, ${accion}, 'clave', id, ${correlacion}, 'HECHO',
            json_build_object('roles', roles, 'cliente', cliente, 'sustituye', sustituye) from hecha)
   select ${COLUMNS} from hecha`;

/** Keys in `seguridad.claves`, for a pool of the role `alpes_seguridad`. */
export function postgresKeyStore(db: Database): KeyStore {
  const insert = async (
    tx: Tx,
    key: KeyToKeep,
    { nombre, roles, cliente }: Grant,
    hours: number,
    by: { readonly actor: string; readonly accion: string; readonly correlacion: string },
  ): Promise<KeyView> => {
    const [made] = await tx.query<KeyView>(
      `with hecha as (
         insert into seguridad.claves (id, huella, nombre, roles, cliente, creada_por, expira)
         values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::float8 * interval '1 hour') returning *)
       ${audited("$6", "$8", "$9")}`,
      [key.id, key.hash, nombre, roles, cliente, by.actor, hours, by.accion, by.correlacion],
    );
    if (made === undefined) throw new Error("an insert without its row");
    return made;
  };

  return {
    list: ({ page, sort }) =>
      listPage<KeyView, KeyView>(db, {
        from: "seguridad.claves",
        columns: COLUMNS,
        id: "id",
        where: [],
        sort: { sql: "creada", type: "timestamptz" },
        order: sort.order,
        page,
        view: ({ id, nombre, roles, cliente, estado, creada, creada_por, ...rest }) => {
          const { expira, revocada, revocada_por, ultima, sustituye } = rest;
          const until = { expira, revocada, revocada_por, ultima, sustituye };
          return { id, nombre, roles, cliente, estado, creada, creada_por, ...until };
        },
      }),

    insert: (key, grant, days, { actor, correlation_id: correlacion }) =>
      insert(db, key, grant, days * 24, { actor: actorName(actor), accion: "crearClave", correlacion }),

    async replace(id, key, days, { actor, correlation_id }) {
      const [made] = await db.query<KeyView>(
        `with hecha as (
           insert into seguridad.claves (id, huella, nombre, roles, cliente, creada_por, expira, sustituye)
           select $2, $3, nombre, roles, cliente, $4,
                  clock_timestamp() + coalesce($5::float8 * interval '1 day', expira - creada), id
             from seguridad.claves where id = $1 and ${GOOD} returning *)
         ${audited("$4", "'rotarClave'", "$6")}`,
        [id, key.id, key.hash, actorName(actor), days, correlation_id],
      );
      return made ?? null;
    },

    async revoke(id, { actor, correlation_id }) {
      const [made] = await db.query<KeyView>(
        `with hecha as (
           update seguridad.claves set revocada = clock_timestamp(), revocada_por = $2
            where id = $1 and revocada is null returning *)
         ${audited("$2", "'revocarClave'", "$3")}`,
        [id, actorName(actor), correlation_id],
      );
      return made ?? null;
    },

    async find(id) {
      const [key] = await db.query<KeyView>(`select ${COLUMNS} from seguridad.claves where id = $1`, [id]);
      return key ?? null;
    },

    async insertLink(hash, { nombre, roles, cliente }, minutes, { actor, correlation_id }) {
      const [made] = await db.query<{ expira: Date }>(
        `with hecho as (
           insert into seguridad.enlaces (huella, nombre, roles, cliente, expira)
           values ($1, $2, $3, $4, clock_timestamp() + $5::float8 * interval '1 minute') returning *), rastro as (
           insert into mensajeria.auditoria (modulo, actor, accion, correlacion, resultado, detalle)
           select 'cliente', $6, 'crearEnlace', $7, 'HECHO', json_build_object('roles', roles, 'cliente', cliente)
             from hecho)
         select expira from hecho`,
        [hash, nombre, roles, cliente, minutes, actorName(actor), correlation_id],
      );
      if (made === undefined) throw new Error("an insert without its row");
      return made.expira;
    },

    redeem: (hash, keyOf, hours, correlacion) =>
      db.transaction(async (tx) => {
        const [link] = await tx.query<Grant>(
          `update seguridad.enlaces set usado = clock_timestamp()
            where huella = $1 and usado is null and expira > clock_timestamp() returning nombre, roles, cliente`,
          [hash],
        );
        if (link === undefined) return null;
        const key = keyOf(link.roles);
        const by = { actor: `clave:${key.id}`, accion: "canjearEnlace", correlacion };
        return await insert(tx, key, link, hours, by);
      }),
  };
}
