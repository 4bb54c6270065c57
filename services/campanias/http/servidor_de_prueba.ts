import assert from "node:assert/strict";
import { v7 } from "uuid";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { appAround } from "@alpes/shared/testing/http_app.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { postgresCampania } from "../adapters/postgres.ts";
import { postgresCampanias } from "../adapters/postgres_consultas.ts";
import { postgresReconstructor } from "../adapters/postgres_reconstruccion.ts";
import { comandosCampanias } from "../application/comandos.ts";
import { consultasCampanias } from "../application/consultas.ts";
import { proyecciones } from "../application/proyecciones.ts";
import { FALLAS_CAMPANIAS } from "./fallas.ts";
import { operacionRoutes } from "./operacion.ts";
import { campaniasRoutes } from "./routes.ts";

/** The module as callers reach it, on a database of its own. */
export async function abrir() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_campanias" }));
  const uow = postgresUnitOfWork(db, postgresCampania, { newId: v7 });
  const comandos = comandosCampanias({ uow, newId: v7, plazo: 900_000 });
  const consultas = consultasCampanias(postgresCampanias(db));
  const reconstructor = postgresReconstructor(db);
  let despertado = 0;
  const operacion = operacionRoutes({
    comandos,
    consultas,
    proyecciones: proyecciones(reconstructor),
    despertar: () => despertado++,
  });
  const router = campaniasRoutes({ comandos, consultas });
  const { app, send, errors } = appAround("/campanias/operacion", operacion, {
    catalogues: [FALLAS_CAMPANIAS],
    answers: postgresAnswers(db),
  });
  app.route("/campanias", router);
  // deno-lint-ignore no-explicit-any -- answers are read as a caller without types would
  type Cuerpo = any;
  const pide = async (
    metodo: string,
    ruta: string,
    cuerpo?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const r = await send(metodo, ruta, cuerpo, headers);
    const texto = await r.text();
    const json: Cuerpo = texto === "" ? null : JSON.parse(texto);
    return { status: r.status, json, texto, headers: r.headers };
  };
  const crear = async (cuerpo: object = {}) => {
    const r = await pide("POST", "/campanias/crear", {
      idCampania: "camp-1",
      idCliente: "c-1",
      itinerario: [],
      ...cuerpo,
    });
    assert.equal(r.status, 202, r.texto);
    return r;
  };
  return {
    pide,
    crear,
    comandos,
    reconstructor,
    db,
    errors,
    despertado: () => despertado,
    [Symbol.asyncDispose]: async () => {
      await resources.disposeAsync();
      assert.deepEqual(errors, []);
    },
  };
}
/** The names of the fields that an answer complains of. */
export const campos = (json: { errores: { campo: string }[] }) => json.errores.map((e) => e.campo).sort();

export const MONTO = { valor: "1000.00", moneda: "USD" };
