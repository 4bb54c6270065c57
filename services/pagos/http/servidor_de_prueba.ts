import { v7 } from "uuid";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import type { PayoutJson } from "@alpes/shared/contracts/pagos.ts";
import { appAround } from "@alpes/shared/testing/http_app.ts";
import { iniciarLiquidador } from "../adapters/liquidador.ts";
import { simuladorPsp } from "../adapters/psp/simulator.ts";
import { iniciarSaldador } from "../adapters/saldador.ts";
import { confirmarTanda } from "../application/liquidar.ts";
import { SECRETO_PSP } from "@alpes/shared/testing/psp.ts";
import { conciliar, consultasConciliaciones } from "../application/conciliar.ts";
import { postgresConciliaciones } from "../adapters/postgres_conciliaciones.ts";
import { saldar } from "../application/saldar.ts";
import { enPostgres, TIEMPOS_DE_PRUEBA } from "../modulo_de_prueba.ts";
import { conciliacionesRoutes } from "./conciliaciones.ts";
import { avisosRoutes } from "./avisos.ts";
import { extracto } from "../application/extracto.ts";
import { postgresExtractos } from "../adapters/postgres_extractos.ts";
import { extractosRoutes } from "./extractos.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { aliasRoutes, pagosRoutes } from "./routes.ts";

/** The module's routes over a database of their own, with a provider and a worker that do not dawdle. */
export async function abrir() {
  const resources = new AsyncDisposableStack();
  const m = resources.use(await enPostgres());
  resources.use(iniciarSaldador({
    agenda: m.agenda,
    paso: saldar(
      m.uow,
      simuladorPsp(m.db, { respuesta: 1, plazo: 60, tardanza: 250 }),
      v7,
      TIEMPOS_DE_PRUEBA,
    ),
    arriendo: 200,
    onError: () => {},
  }));
  resources.use(iniciarLiquidador({
    agenda: m.liquidaciones.agenda,
    confirmar: confirmarTanda(m.uow, TIEMPOS_DE_PRUEBA),
    terminar: m.liquidaciones.comandos.terminar,
    onError: () => {},
  }));
  const archivos = postgresConciliaciones(m.db);
  const conciliaciones = conciliacionesRoutes({
    conciliar: conciliar(m.uow, m.lecturas, archivos, TIEMPOS_DE_PRUEBA),
    conciliaciones: consultasConciliaciones(archivos),
  });
  const http = appAround("/pagos", conciliaciones.route("/", pagosRoutes(m)), {
    catalogues: [FALLAS_PAGOS],
    answers: postgresAnswers(m.db),
  });
  http.app.route("/pagos", avisosRoutes({ comandos: m.comandos, secreto: SECRETO_PSP, reloj: Date.now }));
  http.app.route("/pagos", extractosRoutes(extracto(postgresExtractos(m.db))));
  http.app.route("/", aliasRoutes(m.comandos));
  const json = async <T>(method: string, url: string, body?: object, headers?: Record<string, string>) => {
    const res = await http.send(method, url, body, headers);
    return { res, status: res.status, body: await res.json() as T };
  };
  return {
    ...m,
    ...http,
    json,
    ver: async (id: string) => (await json<PayoutJson>("GET", `/pagos/${id}`)).body,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
