import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { logger } from "@alpes/shared/http/log.ts";
import type { ServiceConfig } from "@alpes/shared/http/settings.ts";
import type { OpenModule } from "@alpes/shared/process/module.ts";
import { runService } from "@alpes/shared/process/service.ts";
import { postgresAgenda, postgresRetenidas } from "./adapters/postgres_agenda.ts";
import { postgresConciliaciones } from "./adapters/postgres_conciliaciones.ts";
import { postgresLibro } from "./adapters/postgres_libro_consultas.ts";
import { postgresConsultasPagos } from "./adapters/postgres_consultas.ts";
import { postgresExtractos } from "./adapters/postgres_extractos.ts";
import { iniciarLiquidador } from "./adapters/liquidador.ts";
import { postgresAgendaLiquidaciones } from "./adapters/postgres_liquidaciones_agenda.ts";
import { postgresConsultasLiquidaciones } from "./adapters/postgres_liquidaciones_consultas.ts";
import { postgresLiquidaciones } from "./adapters/postgres_liquidaciones.ts";
import { postgresPagos } from "./adapters/postgres.ts";
import { httpPsp } from "./adapters/psp/http.ts";
import { simuladorPsp } from "./adapters/psp/simulator.ts";
import { iniciarLiberador } from "./adapters/liberador.ts";
import { iniciarSaldador } from "./adapters/saldador.ts";
import type { Psp } from "./application/ports.ts";
import { comandosPagos } from "./application/comandos.ts";
import { comandosLiquidaciones } from "./application/liquidaciones.ts";
import { consultasLiquidaciones } from "./application/liquidaciones_consultas.ts";
import { confirmarTanda } from "./application/liquidar.ts";
import { conciliar, consultasConciliaciones } from "./application/conciliar.ts";
import { consultasPagos } from "./application/consultas.ts";
import { deLiberador } from "./application/liberar.ts";
import { consultasLibro } from "./application/libro.ts";
import { extracto } from "./application/extracto.ts";
import { saldar } from "./application/saldar.ts";
import { TIEMPOS, type Tiempos } from "./domain/agenda.ts";
import { conciliacionesRoutes } from "./http/conciliaciones.ts";
import { avisosRoutes } from "./http/avisos.ts";
import { extractosRoutes } from "./http/extractos.ts";
import { FALLAS_PAGOS } from "./http/fallas.ts";
import { aliasRoutes, pagosRoutes } from "./http/routes.ts";
import { pagosSubscriptions } from "./subscriptions.ts";

/** The provider at PSP_URL, or the one that is simulated in the process. */
function proveedor(config: ServiceConfig, db: Tx): Psp {
  const { PSP_URL: url, PSP_SECRET: secreto } = config;
  if (url === undefined) return simuladorPsp(db);
  if (secreto === undefined) throw new Error("the settings let no such configuration through");
  return httpPsp({ url, secreto, plazo: config.PSP_TIMEOUT * 1_000, reloj: Date.now });
}

/** An attempt stays with its worker for longer than a question and an order together may take. */
const tiemposDe = (config: ServiceConfig): Tiempos => ({
  ...TIEMPOS,
  rescate: Math.max(TIEMPOS.rescate, 3_000 * config.PSP_TIMEOUT),
});

/** The pagos module over PostgreSQL. */
export const pagos: OpenModule = ({ config, db, newId, uow: ports, resources, alone }) => {
  const tiempos = tiemposDe(config);
  const uow = postgresUnitOfWork(db, postgresPagos, {
    ...ports,
    onCommit(topics) {
      ports.onCommit(topics);
      saldador.wake();
    },
  });
  const uowLiquidaciones = postgresUnitOfWork(db, postgresLiquidaciones, {
    ...ports,
    onCommit(topics) {
      ports.onCommit(topics);
      liquidador.wake();
    },
  });
  const liquidaciones = comandosLiquidaciones({
    uow: uowLiquidaciones,
    newId,
    cuatroOjos: config.LIQUIDACION_CUATRO_OJOS,
  });
  const lecturas = postgresConsultasPagos(db);
  const dormir = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));
  const comandos = comandosPagos({
    uow,
    pagos: lecturas,
    newId,
    dormir,
    tiempos,
    retencion: config.RETENCION_DIAS,
  });
  const archivos = postgresConciliaciones(db);
  const saldador = resources.use(iniciarSaldador({
    agenda: postgresAgenda(db),
    paso: saldar(uow, proveedor(config, db), newId, tiempos),
    arriendo: tiempos.rescate,
    onError: (error) => logger("pagos").warn("a payment's step failed and will be tried again", { error }),
  }));
  const liquidador = resources.use(iniciarLiquidador({
    agenda: postgresAgendaLiquidaciones(db),
    confirmar: confirmarTanda(uow, tiempos),
    terminar: liquidaciones.terminar,
    onError: (error) => logger("pagos").warn("a payout run stopped and will be taken again", { error }),
  }));
  const rutas = {
    comandos,
    consultas: consultasPagos(lecturas),
    liquidaciones: {
      comandos: liquidaciones,
      consultas: consultasLiquidaciones(postgresConsultasLiquidaciones(db)),
    },
  };
  resources.use(iniciarLiberador({
    retenidas: postgresRetenidas(db),
    liberar: (ids) => comandos.liberar(deLiberador(newId()), ids),
    onError: (error) => logger("pagos").warn("held commissions were not released and will be", { error }),
  }));
  return Promise.resolve({
    tag: {
      name: "pagos",
      description: "Payments of campaigns and payouts to partners, with their commissions.",
    },
    catalogue: FALLAS_PAGOS,
    mounts: [
      // Before the payments' own `/{id}`, which would take these words for ids.
      {
        path: "/pagos",
        router: conciliacionesRoutes({
          conciliar: conciliar(uow, lecturas, archivos, tiempos),
          conciliaciones: consultasConciliaciones(archivos),
        }),
      },
      { path: "/pagos", router: extractosRoutes(extracto(postgresExtractos(db))) },
      {
        path: "/pagos",
        router: avisosRoutes({ comandos, secreto: config.PSP_SECRET ?? null, reloj: Date.now }),
      },
      {
        path: "/pagos",
        router: pagosRoutes({ ...rutas, libro: consultasLibro(postgresLibro(db), lecturas) }),
      },
      ...(alone ? [{ path: "/", router: aliasRoutes(comandos) }] : []),
    ],
    subscriptions: pagosSubscriptions(comandos),
  });
};

if (import.meta.main) await runService("pagos", { pagos });
