import { parse } from "csv-parse/sync";
import { type Api, dig } from "./demo_api.ts";
import { each, fieldsOf, status, Unexpected } from "./demo_checks.ts";
import type { Scenario } from "./demo_scenario.ts";

/** One row of `data/clientes.csv`: a registration, the status that it deserves, and for a refusal the field to blame. */
export interface Fila {
  readonly cuerpo: Readonly<Record<string, string>> & { readonly id: string };
  readonly esperado: number;
  readonly por_que: string;
}

export async function readClientes(): Promise<Fila[]> {
  const file = new URL("../../data/clientes.csv", import.meta.url);
  const rows = parse(await Deno.readTextFile(file), { columns: true }) as Record<string, string>[];
  return rows.map(({ esperado = "", por_que = "", id = "", ...rest }) => ({
    // An empty cell is an absent field.
    cuerpo: { id, ...Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== "")) },
    esperado: Number(esperado),
    por_que,
  }));
}

/** At once; the BFF and the services share a laptop with whoever runs this. */
const WIDTH = 8;

/** Registers every row: 201, or 200 where the same registration stands already; then every refusal, by its field. */
export async function registrarClientes(
  api: Api,
  filas: readonly Fila[],
  onProgress: (done: number, all: number) => void,
): Promise<{ nuevos: number; repetidos: number }> {
  const buenas = filas.filter((f) => f.esperado === 201);
  const ya = await existentes(api, buenas.map((f) => f.cuerpo.id));
  let done = 0;
  await each(buenas, WIDTH, async ({ cuerpo }) => {
    status(await api.send("POST", "/cliente/registrar", cuerpo), ya.has(cuerpo.id) ? 200 : 201);
    onProgress(++done, buenas.length);
  });
  return { nuevos: buenas.length - ya.size, repetidos: ya.size };
}

async function existentes(api: Api, ids: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let i = 0; i < ids.length; i += 100) {
    const some = ids.slice(i, i + 100).join(",");
    const page = status(await api.send("GET", `/cliente?per_page=100&ids=${some}`), 200);
    const data = dig(page.body, "data");
    for (const row of Array.isArray(data) ? data : []) found.add(String(dig(row, "id")));
  }
  return found;
}

/** What the platform must refuse: one scenario a row. They need the good rows to stand. */
export const refusals = (filas: readonly Fila[]): Scenario[] =>
  filas.filter((f) => f.esperado !== 201).map(({ cuerpo, esperado, por_que }) => ({
    name: `${por_que} is refused`,
    async run({ api }) {
      const a = status(await api.send("POST", "/cliente/registrar", cuerpo), esperado);
      const campos = fieldsOf(a);
      if (!campos.includes(por_que)) {
        throw new Unexpected(
          `${a.request}, errores`,
          `the field ${por_que}`,
          campos.join(", ") || "none",
          a.requestId,
        );
      }
      return { ids: cuerpo.id, amount: "–", outcome: `${esperado} ${dig(a.body, "codigo")}` };
    },
  }));
