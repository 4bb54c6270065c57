import { type Api, dig } from "./demo_api.ts";

/** One thing that a request caused, at a time, in a module. */
export interface Hecho {
  readonly en: string;
  readonly modulo: string;
  /** HTTP, transacción, saga, pago, asiento, aparcado: what kind of step it is. */
  readonly paso: string;
  readonly que: string;
}

const MODULOS = ["cliente", "campanias", "pagos"] as const;
/** How many lines of each feed are looked through, from its end. */
const ATRAS = 20_000;

/** The whole story of a request, by what the public API tells of it, oldest first. What the caller may not see is left out. */
export async function historia(api: Api, solicitud: string): Promise<Hecho[]> {
  const [rastros, cambios, aparcados] = await Promise.all([
    filas(api, `/api/v1/auditoria?${new URLSearchParams({ solicitud, limit: "100" })}`),
    Promise.all(MODULOS.map((m) => cambiosDe(api, m, solicitud))),
    filas(api, "/api/v1/operacion/mensajes?limit=100"),
  ]);
  const hechos: Hecho[] = rastros.map((r) => ({
    en: t(r, "en"),
    modulo: t(r, "modulo"),
    paso: "HTTP",
    que: `${t(r, "accion")} ${t(r, "recurso.id")} por ${t(r, "actor")}: ${t(r, "resultado")}`,
  }));
  for (const c of cambios.flat()) {
    hechos.push({ en: c.en, modulo: c.modulo, paso: "transacción", que: `${c.tipo} ${c.id} v${c.version}` });
  }
  for (const m of aparcados.filter((m) => t(m, "mensaje.correlation_id") === solicitud)) {
    hechos.push({
      en: t(m, "recibido"),
      modulo: t(m, "modulo"),
      paso: "aparcado",
      que: `${t(m, "type")} ${t(m, "error")}`,
    });
  }
  const de = (
    modulo: string,
  ) => [...new Set(cambios.flat().filter((c) => c.modulo === modulo).map((c) => c.id))];
  const campanias = [...new Set([...de("campanias")])].slice(0, 20);
  const pagos = de("pagos").slice(0, 20);
  await Promise.all([
    ...campanias.map(async (id) => {
      for (const p of lista((await api.send("GET", `/campanias/${id}/saga`)).body, "pasos")) {
        if (t(p, "solicitud") !== solicitud) continue;
        hechos.push({
          en: t(p, "inicio"),
          modulo: "campanias",
          paso: "saga",
          que: `${id} ${t(p, "paso")} ${t(p, "estado")} ${t(p, "error")}`,
        });
      }
    }),
    ...pagos.map(async (id) => {
      const [h, x] = await Promise.all([
        api.send("GET", `/pagos/${id}/historial`),
        api.send("GET", `/pagos/${id}/explicacion`),
      ]);
      for (const p of lista(h.body, "data")) {
        hechos.push({
          en: t(p, "fecha"),
          modulo: "pagos",
          paso: "pago",
          que: `${id} ${t(p, "estado_nuevo")} por ${t(p, "actor")} ${t(p, "motivo")}`,
        });
      }
      for (const a of lista(x.body, "asientos")) {
        if (t(a, "solicitud") !== solicitud) continue;
        const lineas = lista(a, "lineas").map((l) => `${t(l, "cuenta")} ${t(l, "importe.valor")}`).join(", ");
        hechos.push({
          en: t(a, "fecha"),
          modulo: "pagos",
          paso: "asiento",
          que: `${t(a, "id")} ${t(a, "hecho")}: ${lineas}`,
        });
      }
    }),
  ]);
  return hechos.map((x) => ({ ...x, que: x.que.trim() })).sort((a, b) =>
    a.en < b.en ? -1 : a.en > b.en ? 1 : 0
  );
}

interface Cambio {
  readonly modulo: string;
  readonly tipo: string;
  readonly id: string;
  readonly version: string;
  readonly en: string;
}
async function cambiosDe(api: Api, modulo: string, solicitud: string): Promise<Cambio[]> {
  const leer = async (despues: number) =>
    (await api.send("GET", `/${modulo}/cambios?despues=${despues}&espera=0&limit=1000`)).body;
  const fin = Number(dig(await leer(1e14), "ultimo") ?? 0);
  const hallados: Cambio[] = [];
  for (let n = Math.max(0, fin - ATRAS); n < fin;) {
    const data = lista(await leer(n), "data");
    if (data.length === 0) break;
    for (const c of data) {
      if (t(c, "correlacion") !== solicitud) continue;
      hallados.push({ modulo, tipo: t(c, "tipo"), id: t(c, "id"), version: t(c, "version"), en: t(c, "en") });
    }
    n = Number(dig(data.at(-1), "n"));
  }
  return hallados;
}

const filas = async (api: Api, ruta: string) => lista((await api.send("GET", ruta)).body, "data");
function lista(valor: unknown, en: string): unknown[] {
  const data = dig(valor, en);
  return Array.isArray(data) ? data : [];
}
const t = (valor: unknown, en: string): string => {
  const v = dig(valor, en);
  return v === undefined || v === null ? "" : String(v);
};
