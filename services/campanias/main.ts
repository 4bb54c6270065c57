import { startLoop } from "@alpes/shared/adapters/postgres/loop.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { logger } from "@alpes/shared/http/log.ts";
import type { OpenModule } from "@alpes/shared/process/module.ts";
import { runService } from "@alpes/shared/process/service.ts";
import { postgresCampania } from "./adapters/postgres.ts";
import { postgresCampanias } from "./adapters/postgres_consultas.ts";
import { postgresReconstructor } from "./adapters/postgres_reconstruccion.ts";
import { postgresVencimientos } from "./adapters/postgres_saga.ts";
import { comandosCampanias } from "./application/comandos.ts";
import { consultasCampanias } from "./application/consultas.ts";
import { proyecciones } from "./application/proyecciones.ts";
import { vencerPlazos } from "./application/vencimientos.ts";
import { FALLAS_CAMPANIAS } from "./http/fallas.ts";
import { operacionRoutes } from "./http/operacion.ts";
import { campaniasRoutes } from "./http/routes.ts";
import { campaniasSubscriptions } from "./subscriptions.ts";

/** Campaigns that one step of a rebuild goes through: writers of one of them wait that long. */
const TRAMO = 25;

/** The campanias module over PostgreSQL. */
export const campanias: OpenModule = ({ config, db, newId, uow: ports, resources }) => {
  const log = logger("campanias");
  const onError = (error: unknown) => log.warn("background work failed and will be tried again", { error });
  const uow = postgresUnitOfWork(db, postgresCampania, ports);
  const comandos = comandosCampanias({ uow, newId, plazo: config.SAGA_PLAZO * 60_000 });
  const consultas = consultasCampanias(postgresCampanias(db));
  const reconstructor = postgresReconstructor(db);

  const ronda = vencerPlazos(
    postgresVencimientos(db),
    comandos,
    (id, error) => log.warn("a deadline could not be handled and will be tried again", { id, error }),
  );
  resources.use(startLoop({
    step: async () => {
      const { vencidas, fallidas } = await ronda();
      return vencidas > fallidas ? "more" : fallidas > 0 ? "soon" : "idle";
    },
    idle: { min: 250, max: 1_000 },
    onError,
  }));
  const reconstruccion = resources.use(startLoop({
    step: async () => await reconstructor.tramo(TRAMO) ? "more" : "idle",
    idle: { min: 1_000, max: 30_000 },
    onError,
  }));

  return Promise.resolve({
    tag: {
      name: "campanias",
      description: "What a client pays for: event-sourced, approved by its payment.",
    },
    catalogue: FALLAS_CAMPANIAS,
    mounts: [
      {
        path: "/campanias/operacion",
        router: operacionRoutes({
          comandos,
          consultas,
          proyecciones: proyecciones(reconstructor),
          despertar: reconstruccion.wake,
        }),
      },
      { path: "/campanias", router: campaniasRoutes({ comandos, consultas }) },
    ],
    subscriptions: campaniasSubscriptions(comandos),
  });
};

if (import.meta.main) await runService("campanias", { campanias });
