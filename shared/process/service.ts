import { v7 } from "uuid";
import { SchemaAhead, schemaNotAhead, schemaReady } from "@alpes/migrations/ready.ts";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { postgresAuditLog } from "@alpes/shared/adapters/postgres/audit.ts";
import { postgresDenials } from "@alpes/shared/adapters/postgres/denials.ts";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { startHousekeeping } from "@alpes/shared/adapters/postgres/housekeeping.ts";
import { KEY_FAULTS, keysRoutes } from "@alpes/shared/auth/keys_routes.ts";
import { admission, admissionGauges } from "@alpes/shared/http/admission.ts";
import { createApp } from "@alpes/shared/http/app.ts";
import { auditedDenials } from "@alpes/shared/http/audit.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { tooMany } from "@alpes/shared/http/limits.ts";
import { logger, setupLogs } from "@alpes/shared/http/log.ts";
import { createMetrics } from "@alpes/shared/http/metrics.ts";
import { logFault, observed } from "@alpes/shared/http/observed.ts";
import { OPERATION_FAULTS, operationRoutes } from "@alpes/shared/http/operation_routes.ts";
import { addOperational } from "@alpes/shared/http/operational.ts";
import { PROBE, probe } from "@alpes/shared/http/probe.ts";
import { rateLimited } from "@alpes/shared/http/rate_limit.ts";
import { readiness } from "@alpes/shared/http/readiness.ts";
import { securityHeaders } from "@alpes/shared/http/security_headers.ts";
import { serve } from "@alpes/shared/http/serve.ts";
import { type ServiceConfig, serviceSettings } from "@alpes/shared/http/settings.ts";
import { orExit, StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { gauges } from "./gauges.ts";
import { identity, openKeyDesk } from "./identity.ts";
import { lanes } from "./lanes.ts";
import { type Modulo, type OpenModule, openModule } from "./module.ts";
import { openBus } from "./open_bus.ts";
import { VERSION } from "./version.ts";

const PUERTOS = { alpespartners: 5000, cliente: 5003, pagos: 5002, campanias: 5004 } as const;
export type Proceso = keyof typeof PUERTOS;
export type Modules = Partial<Record<Modulo, OpenModule>>;

/** A process that serves some modules: the same composition for one of them and for all. */
export const runService = (proceso: Proceso, modules: Modules): Promise<void> =>
  orExit(async () => {
    const config = readConfig(serviceSettings(PUERTOS[proceso]), Deno.env.toObject());
    if (Deno.args[0] === PROBE) await probe(config.PORT);
    setupLogs({ level: config.LOG_LEVEL, format: config.LOG_FORMAT, servicio: proceso });
    await using resources = new AsyncDisposableStack();
    const { app, ready, turnsAway } = await composeService(proceso, modules, config, resources);
    const closing = resources.move();
    await serve(app.fetch, {
      host: config.HOST,
      port: config.PORT,
      servicio: proceso,
      version: VERSION,
      readiness: ready,
      tooMany: turnsAway,
      close: () => closing.disposeAsync(),
    });
  });

/** Opens everything but the port. */
export async function composeService(
  proceso: Proceso,
  modules: Modules,
  config: ServiceConfig,
  resources: AsyncDisposableStack,
) {
  const onError = (error: unknown) =>
    logger("proceso").warn("background work failed and will be tried again", { error });
  const messaging = resources.use(
    openDatabase({ url: config.DATABASE_URL, role: "alpes_mensajeria", name: proceso, onIdleError: onError }),
  );
  await refuseNewerSchema(messaging);
  const bus = await openBus(config, messaging, resources, onError);
  resources.use(startHousekeeping({ db: messaging, onError }));

  const chosen = Object.entries(modules) as [Modulo, OpenModule][];
  const ports = { proceso, config, messaging, bus, newId: v7, resources, onError };
  const opened = [];
  for (const [modulo, start] of chosen) {
    opened.push(await openModule(modulo, start, chosen.length === 1, ports));
  }

  const metrics = createMetrics();
  gauges(metrics, opened);
  const gate = admission();
  admissionGauges(metrics, gate);
  const lane = lanes(chosen.map(([modulo]) => modulo));
  const rate = { requests: config.RATE_LIMIT_PETICIONES, seconds: config.RATE_LIMIT_SEGUNDOS };
  const ready = readiness([
    { nombre: "base_de_datos", check: async () => void await messaging.query("select 1") },
    { nombre: "migraciones", check: () => schemaReady((sql) => messaging.query(sql)) },
    { nombre: "bus", check: () => bus.bus.ready() },
    ...opened.flatMap((o) => o.module.checks ?? []),
  ]);
  const denials = resources.use(postgresDenials(messaging, { onError }));
  const app = createApp({
    catalogues: [OPERATION_FAULTS, KEY_FAULTS, ...opened.map((o) => o.module.catalogue)],
    answers: postgresAnswers(messaging),
    ...identity(config, messaging, () => new Date(), onError),
    newId: v7,
    logError: logFault,
    before: [
      observed(metrics),
      securityHeaders,
      auditedDenials(denials, chosen.map(([m]) => m)),
    ],
    after: rate.requests === 0 ? [] : [rateLimited(rate, (path) => lane(path, "one") !== null)],
    admission: { gate, lane },
  });
  for (const { modulo, module, feed, desk } of opened) {
    // Before the module's own `/{id}` routes, which would take these words for ids.
    const audit = postgresAuditLog(messaging, modulo);
    app.route(`/${modulo}`, operationRoutes({ modulo, feed, desk, audit, draining: ready.draining }));
    if (modulo === "cliente") {
      const keys = openKeyDesk(config.DATABASE_URL, proceso, resources, onError);
      app.route("/cliente/operacion/claves", keysRoutes(keys));
    }
    for (const m of module.mounts) app.route(m.path, m.router);
  }
  addOperational(app, {
    servicio: proceso,
    version: VERSION,
    readiness: ready,
    metrics,
    documento: {
      titulo: `Alpes Partners: ${proceso}`,
      descripcion:
        "Partners, campaigns and payouts. Domain words are Spanish; errors are RFC 9457 problem details.",
      tags: opened.map((o) => o.module.tag),
    },
  });
  return { app, ready, turnsAway: tooMany({ gate, lane }) };
}

/** How long a start waits for the database's answer, ms: one that is away keeps nobody from starting. */
const ASK_MS = 2_000;

/** A release that is too old must not write; what is unknown at the start is asked again by `/ready`. */
async function refuseNewerSchema(db: Database): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((r) => timer = setTimeout(r, ASK_MS, null));
  const asked = schemaNotAhead((sql) => db.query(sql)).then(() => null, (e: unknown) => e);
  const e = await Promise.race([asked, late]).finally(() => clearTimeout(timer));
  if (!(e instanceof SchemaAhead)) return;
  throw new StartupFailure("this release is too old for its database", e.message, "deno task doctor");
}
