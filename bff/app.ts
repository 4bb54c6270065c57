import type { OpenAPIHono } from "@hono/zod-openapi";
import { compress } from "hono/compress";
import { admission, admissionGauges } from "@alpes/shared/http/admission.ts";
import { createApp } from "@alpes/shared/http/app.ts";
import type { Env } from "@alpes/shared/http/env.ts";
import type { Metrics } from "@alpes/shared/http/metrics.ts";
import { logFault, observed } from "@alpes/shared/http/observed.ts";
import { OPEN_DOOR_NOTICE } from "@alpes/shared/http/open_door.ts";
import { addOperational } from "@alpes/shared/http/operational.ts";
import type { Readiness } from "@alpes/shared/http/readiness.ts";
import { securityHeaders } from "@alpes/shared/http/security_headers.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Cache } from "./cache.ts";
import type { Campanias, Clientes, Operacion, Pagos, Pasarela, Pulsos } from "./ports.ts";
import { autenticador } from "./identidad.ts";
import { auditoriaRoutes } from "./routes/auditoria.ts";
import { conEtiqueta, origenes } from "./routes/cabeceras.ts";
import { campaniasRoutes } from "./routes/campanias.ts";
import { type Consola, consolaRoutes } from "./routes/consola.ts";
import { eventosRoutes } from "./routes/eventos.ts";
import type { Vivo } from "./vivo.ts";
import { clientesRoutes } from "./routes/clientes.ts";
import { seriesRoutes } from "./routes/series.ts";
import { dashboardRoutes } from "./routes/dashboard.ts";
import { FALLAS_BFF } from "./routes/fallas.ts";
import { healthRoutes } from "./routes/health.ts";
import { operacionRoutes } from "./routes/operacion.ts";
import { pagosRoutes } from "./routes/pagos.ts";
import { addPasarela, paginasAjenas } from "./routes/pasarela.ts";
import { searchRoutes } from "./routes/search.ts";
import { type DepsEntrar, entrarRoutes } from "./routes/entrar.ts";
import { sesionRoutes } from "./routes/sesion.ts";
import { respuestas } from "./respuestas.ts";
import { carril, TURNOS } from "./routes/turnos.ts";

export interface DepsBff extends DepsEntrar {
  readonly clientes: Clientes;
  readonly pagos: Pagos;
  readonly campanias: Campanias;
  readonly operacion: Operacion;
  readonly pasarela: Pasarela;
  readonly pulsos: Pulsos;
  readonly cache: Cache;
  readonly vivo: Vivo;
  readonly consola: Consola | null;
  /** How long a service may take, in milliseconds. */
  readonly plazoMs: number;
  /** Origins that may call from a browser. */
  readonly origenes: readonly string[];
  readonly version: string;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
}

const DESCRIPCION =
  "One address for what people see of the platform: figures, lists, details and search over all services, and their own " +
  "paths (/cliente, /pagos, /campanias, documented at each service's /spec) passed through at the root.";

/** Everything that the BFF answers. It knows the services only through the ports. */
export function bffApp(d: DepsBff): OpenAPIHono<Env> {
  const gate = admission(TURNOS);
  admissionGauges(d.metrics, gate);
  const enteras = respuestas(d);
  const app = createApp({
    catalogues: [FALLAS_BFF],
    answers: null,
    actor: autenticador(d),
    ...(d.modo === "ninguna" ? { notice: OPEN_DOOR_NOTICE } : {}),
    newId: d.newId,
    logError: logFault,
    before: [
      observed(d.metrics),
      // As everything within leaves them: with all headers, and compressed.
      enteras.guardar,
      securityHeaders,
      ...origenes(d.origenes),
      paginasAjenas(d),
    ],
    admission: { gate, lane: carril },
  });
  app.use("/api/v1/*", compress({ threshold: 1_024, contentTypeFilter: /^application\/(problem\+)?json/ }));
  // A tag is made of the whole body, which a stream does not have.
  app.use("/api/v1/*", (c, next) => c.req.path === "/api/v1/eventos" ? next() : conEtiqueta(c, next));
  app.route("/api/v1", healthRoutes(d, "bffHealth"));
  app.route("/", healthRoutes(d, "health"));
  for (
    const rutas of [
      dashboardRoutes,
      seriesRoutes,
      clientesRoutes,
      pagosRoutes,
      campaniasRoutes,
      searchRoutes,
      operacionRoutes,
      auditoriaRoutes,
      sesionRoutes,
      eventosRoutes,
    ]
  ) {
    app.route("/api/v1", rutas(d));
  }
  app.route("/", entrarRoutes(d));
  app.route("/", consolaRoutes(d.consola));
  addPasarela(app, d);
  addOperational(app, {
    servicio: "bff",
    version: d.version,
    readiness: d.readiness,
    metrics: d.metrics,
    health: false,
    documento: {
      titulo: "Alpes Partners: bff",
      descripcion: DESCRIPCION,
      tags: [
        { name: "dashboard", description: "The platform's figures." },
        { name: "clientes", description: "Who pays and who earns." },
        { name: "pagos", description: "Movements of money with the outside." },
        { name: "campanias", description: "Campaigns and their estado." },
        { name: "búsqueda", description: "All services at once." },
        { name: "sesión", description: "Who a browser is." },
        { name: "eventos", description: "What changes, as it happens." },
        { name: "consola", description: "The page for people." },
        { name: "operación de los servicios", description: "What waits for an operator." },
        { name: "errores", description: "What each problem means." },
      ],
    },
  });
  const { fetch } = app;
  app.fetch = (request, ...rest) => enteras.dar(request) ?? fetch(request, ...rest);
  return app;
}
