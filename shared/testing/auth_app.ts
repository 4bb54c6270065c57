import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { byCredential } from "@alpes/shared/auth/authenticator.ts";
import { cachedKeys } from "@alpes/shared/auth/cached_keys.ts";
import { keyDesk, type KeyOrder } from "@alpes/shared/auth/key_desk.ts";
import { KEY_FAULTS, KEYS_OPEN, keysRoutes } from "@alpes/shared/auth/keys_routes.ts";
import { type Recognise, recogniseKeys } from "@alpes/shared/auth/keys.ts";
import { postgresKeyStore } from "@alpes/shared/auth/postgres_key_store.ts";
import { postgresKeys } from "@alpes/shared/auth/postgres_keys.ts";
import { memoryFeed } from "@alpes/shared/adapters/memory/feed.ts";
import { memoryInbox } from "@alpes/shared/adapters/memory/inbox.ts";
import { postgresAuditLog } from "@alpes/shared/adapters/postgres/audit.ts";
import { postgresDenials } from "@alpes/shared/adapters/postgres/denials.ts";
import { guarded } from "@alpes/shared/http/actor.ts";
import { auditedDenials } from "@alpes/shared/http/audit.ts";
import { OPERATION_FAULTS, operationRoutes } from "@alpes/shared/http/operation_routes.ts";
import { freshDatabase } from "./database.ts";
import { appAround } from "./http_app.ts";

/** Who orders keys in tests. */
export const JEFA: KeyOrder = {
  actor: { tipo: "persona", id: "jefa", roles: ["admin"], cliente: null },
  correlation_id: "sol-1",
};

/**
 * An app that knows its callers, over a PostgreSQL of its own: `GET /cliente/operacion/identidad`, the audit log and the
 * desk over keys. `recogniseWith` makes something else out of the recognition by key.
 */
export async function authApp(recogniseWith: (keys: Recognise) => Recognise = (k) => k) {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_mensajeria", max: 4 }));
  const admin = parts.use(openDatabase({ url: fresh.adminUrl, max: 2 }));
  const seguridad = parts.use(openDatabase({ url: fresh.url, role: "alpes_seguridad", max: 4 }));
  const desk = keyDesk(postgresKeyStore(seguridad), (n) => crypto.getRandomValues(new Uint8Array(n)));
  const time = { ms: 0, offset: 0 };
  const clock = () => new Date(Date.now() + time.offset);
  const keys = cachedKeys(postgresKeys(db), () => time.ms);
  const denials = parts.use(postgresDenials(db, { windowMs: 20 }));
  const { app, send, errors } = appAround("/cliente/operacion/claves", keysRoutes(desk), {
    actor: guarded(byCredential(recogniseWith(recogniseKeys(keys, clock))), KEYS_OPEN),
    catalogues: [KEY_FAULTS, OPERATION_FAULTS],
    before: [auditedDenials(denials, ["cliente"])],
  });
  app.route(
    "/cliente",
    operationRoutes({
      modulo: "cliente",
      feed: memoryFeed([]),
      desk: memoryInbox(),
      audit: postgresAuditLog(db, "cliente"),
      draining: new AbortController().signal,
    }),
  );
  const as = (credential: string) => ({ authorization: `Bearer ${credential}` });
  const all = parts.move();
  return {
    app,
    send,
    errors,
    desk,
    fresh,
    db,
    admin,
    as,
    /** Moves the clock on, for expiry (`offset`) and for what is believed of a key (`ms`). */
    time,
    /** Who a credential belongs to, or the status that it gets. */
    async who(credential: string) {
      const r = await send("GET", "/cliente/operacion/identidad", undefined, as(credential));
      const body = await r.json();
      return r.status === 200 ? body : r.status;
    },
    /** Makes a key with these roles; throws when it is refused. */
    async key(roles: Parameters<typeof desk.crear>[1]["roles"], days = 1, cliente: string | null = null) {
      const r = await desk.crear(JEFA, { nombre: "prueba", roles, cliente }, days);
      if (!r.ok) throw new Error(r.error.tipo);
      return r.value;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
