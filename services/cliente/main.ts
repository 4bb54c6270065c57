import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { OpenModule } from "@alpes/shared/process/module.ts";
import { runService } from "@alpes/shared/process/service.ts";
import { postgresCliente } from "./adapters/postgres.ts";
import { postgresClientes } from "./adapters/postgres_consultas.ts";
import { comandosCliente } from "./application/comandos.ts";
import { importarClientes } from "./application/importar.ts";
import { consultasCliente } from "./application/consultas.ts";
import { FALLAS_CLIENTE } from "./http/fallas.ts";
import { clienteRoutes } from "./http/routes.ts";
import { clienteSubscriptions } from "./subscriptions.ts";

/** The cliente module over PostgreSQL. */
export const cliente: OpenModule = ({ db, newId, uow: ports }) => {
  const uow = postgresUnitOfWork(db, postgresCliente, ports);
  const comandos = comandosCliente(uow);
  const consultas = consultasCliente(postgresClientes(db));
  const router = clienteRoutes({ comandos, importar: importarClientes(uow), consultas, newId });
  return Promise.resolve({
    tag: { name: "cliente", description: "Any party: who pays for a campaign, and who earns from one." },
    catalogue: FALLAS_CLIENTE,
    mounts: [{ path: "/cliente", router }],
    subscriptions: clienteSubscriptions(comandos),
  });
};

if (import.meta.main) await runService("cliente", { cliente });
