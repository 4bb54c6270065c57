import { createRoute, z } from "@hono/zod-openapi";
import { CampaniaSchema } from "@alpes/shared/contracts/campanias.ts";
import { ClienteSchema } from "@alpes/shared/contracts/cliente.ts";
import { PayoutSchema } from "@alpes/shared/contracts/pagos.ts";
import { texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { json } from "@alpes/shared/http/media.ts";
import { guardedBy } from "@alpes/shared/http/operation.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import type { Campanias, Clientes, Hallados, Leido, Llamada, Pagos } from "../ports.ts";
import { Advertencias } from "./documento.ts";
import { comoParte, llamadaDe } from "./llamada.ts";
import { NEGADOS, negar } from "./negar.ts";
import { partes } from "./partes.ts";

const relevancia = z.number().min(0).max(1).openapi({ description: "how well the row fits; best first" });
const filas = <S extends z.ZodType>(fila: S) =>
  z.array(fila).nullable().openapi({
    description: "null: its service cannot be read; empty where not asked for",
  });

const Hallazgos = z.object({
  query: z.string(),
  total_results: z.int().openapi({ description: "rows in `results`" }),
  results: z.object({
    clientes: filas(ClienteSchema.extend({ relevancia }).openapi("ClienteEncontrado")),
    pagos: filas(PayoutSchema.extend({ relevancia }).openapi("PagoEncontrado")),
    campanias: filas(CampaniaSchema.extend({ relevancia }).openapi("CampaniaEncontrada")),
  }),
  advertencias: Advertencias,
}).openapi("Hallazgos");

const ruta = createRoute({
  method: "get",
  path: "/search",
  tags: ["búsqueda"],
  operationId: "bffBuscar",
  ...guardedBy("cliente.leer"),
  summary:
    "Searches all services at once; one wrong, missing or transposed letter in a longer word is forgiven",
  request: {
    query: z.object({
      q: texto(2, 100),
      type: z.enum(["cliente", "pago", "campania", "all"]).default("all"),
      limit: z.string().default("5").refine((n) => /^[1-9]\d{0,2}$/.test(n) && Number(n) <= 100, {
        error: both("debe ser un entero de 1 a 100", "must be an integer from 1 to 100"),
      }).transform(Number).openapi({ type: "integer", minimum: 1, maximum: 100, default: 5 }),
    }),
  },
  responses: { 200: json(Hallazgos, "What was found"), ...NEGADOS },
});

export interface DepsBusqueda {
  readonly clientes: Clientes;
  readonly pagos: Pagos;
  readonly campanias: Campanias;
  readonly plazoMs: number;
}

interface Buscador<T> {
  buscar(texto: string, limite: number, l: Llamada): Leido<Hallados<T>>;
}

export function searchRoutes({ clientes, pagos, campanias, plazoMs }: DepsBusqueda): Router {
  const router = createRouter();
  router.openapi(ruta, async (c) => {
    const { q, type, limit } = c.req.valid("query");
    const todo = llamadaDe(c, plazoMs);
    const l = type === "all" ? comoParte(todo) : todo;
    const juntas = partes(c.var.locale);
    const en = async <T>(tipo: typeof type, donde: Buscador<T>, campo: string) => {
      if (type !== "all" && type !== tipo) return [];
      return juntas.tomar(await donde.buscar(q, limit, l), [campo]);
    };
    const [cs, ps, ks] = await Promise.all([
      en("cliente", clientes, "clientes"),
      en("pago", pagos, "pagos"),
      en("campania", campanias, "campanias"),
    ]);
    const falla = juntas.fracaso();
    if (falla !== null) return negar(c, falla);
    return c.json({
      query: q,
      total_results: (cs?.length ?? 0) + (ps?.length ?? 0) + (ks?.length ?? 0),
      results: { clientes: cs, pagos: ps, campanias: ks },
      advertencias: juntas.advertencias(),
    }, 200);
  });
  return router;
}
