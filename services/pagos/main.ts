import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { logger } from "@alpes/shared/http/log.ts";
import type { OpenModule } from "@alpes/shared/process/module.ts";
import { runService } from "@alpes/shared/process/service.ts";
import { postgresAgenda } from "./adapters/postgres_agenda.ts";
import { postgresConsultasPagos } from "./adapters/postgres_consultas.ts";
import { postgresPagos } from "./adapters/postgres.ts";
import { simuladorPsp } from "./adapters/psp/simulator.ts";
import { iniciarSaldador } from "./adapters/saldador.ts";
import { comandosPagos } from "./application/comandos.ts";
import { consultasPagos } from "./application/consultas.ts";
import { saldar } from "./application/saldar.ts";
import { TIEMPOS } from "./domain/agenda.ts";
import { FALLAS_PAGOS } from "./http/fallas.ts";
import { aliasRoutes, pagosRoutes } from "./http/routes.ts";
import { pagosSubscriptions } from "./subscriptions.ts";

/** The pagos module over PostgreSQL, with the simulated provider. */
export const pagos: OpenModule = ({ db, newId, onCommit, resources, alone }) => {
  const uow = postgresUnitOfWork(db, postgresPagos, {
    newId,
    onCommit() {
      onCommit();
      saldador.wake();
    },
  });
  const lecturas = postgresConsultasPagos(db);
  const dormir = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));
  const comandos = comandosPagos({ uow, pagos: lecturas, newId, dormir });
  const saldador = resources.use(iniciarSaldador({
    agenda: postgresAgenda(db),
    paso: saldar(uow, simuladorPsp(db), newId, TIEMPOS),
    arriendo: TIEMPOS.rescate,
    onError: (error) => logger("pagos").warn("a payment's step failed and will be tried again", { error }),
  }));
  return Promise.resolve({
    tag: {
      name: "pagos",
      description: "Payments of campaigns and payouts to partners, with their commissions.",
    },
    catalogue: FALLAS_PAGOS,
    mounts: [
      { path: "/pagos", router: pagosRoutes({ comandos, consultas: consultasPagos(lecturas) }) },
      ...(alone ? [{ path: "/", router: aliasRoutes(comandos) }] : []),
    ],
    subscriptions: pagosSubscriptions(comandos),
  });
};

if (import.meta.main) await runService("pagos", { pagos });
