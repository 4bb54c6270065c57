import { bySql, type Control, type Offence, stream } from "@alpes/shared/adapters/postgres/verify.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { vista } from "../application/vista.ts";
import type { Vista } from "../application/ports.ts";
import { cargarCampanias } from "./postgres.ts";
import { COLUMNAS, type Fila, vistaDeFila } from "./proyeccion.ts";

const ROL = "alpes_campanias";
/** Campaigns that are folded at once. */
const LOTE = 200;

/** What must hold in the tables of campanias. */
export const CONTROLES_CAMPANIAS: readonly Control[] = [
  bySql(
    ROL,
    "the events of a campaign are numbered from one, without a gap",
    `select id_campania as id, count(*) || ' events, numbered ' || min(version) || ' to ' || max(version) as detail
       from campanias.eventos group by id_campania having min(version) <> 1 or max(version) <> count(*)`,
  ),
  bySql(
    ROL,
    "the totals of campaigns are what there is",
    `select estado || ' ' || tipo_campania as id, 'says ' || coalesce(t.n, 0) || ' (' || coalesce(t.a, 0) ||
            ' approved), there are ' || coalesce(f.n, 0) || ' (' || coalesce(f.a, 0) || ')' as detail
       from (select estado, tipo_campania, sum(cantidad) as n, sum(aprobadas) as a from campanias.totales group by 1, 2) t
       full join (select estado, tipo_campania, count(*) as n, count(fecha_aprobacion) as a
                    from campanias.campanias group by 1, 2) f using (estado, tipo_campania)
      where (coalesce(t.n, 0), coalesce(t.a, 0)) <> (coalesce(f.n, 0), coalesce(f.a, 0))`,
  ),
  { name: "what is read of a campaign is what its events say", role: ROL, find: proyeccion },
];

async function* proyeccion(tx: Tx): AsyncGenerator<Offence> {
  let lote: Fila[] = [];
  for await (const fila of stream<Fila>(tx, `select ${COLUMNAS} from campanias.campanias order by id`)) {
    lote.push(fila);
    if (lote.length < LOTE) continue;
    yield* distintas(tx, lote);
    lote = [];
  }
  yield* distintas(tx, lote);
  yield* stream<Offence>(
    tx,
    `select id_campania as id, 'has events and is not to be read' as detail from campanias.eventos e
      where version = 1 and not exists (select from campanias.campanias c where c.id = e.id_campania)`,
  );
}

async function* distintas(tx: Tx, filas: readonly Fila[]): AsyncGenerator<Offence> {
  const plegadas = await cargarCampanias(tx, filas.map((f) => f.id), true);
  for (const fila of filas) {
    const es = plegadas.get(fila.id);
    if (es === undefined || es.estado.estado === "INEXISTENTE") {
      yield { id: fila.id, detail: "is to be read and has no events" };
      continue;
    }
    const leida = vistaDeFila(fila), debe = vista(es.estado, es.version);
    const otras = (Object.keys(debe) as (keyof Vista)[]).filter((k) => texto(leida[k]) !== texto(debe[k]));
    if (otras.length > 0) yield { id: fila.id, detail: `differs in ${otras.join(", ")}` };
  }
}

const texto = (v: unknown): string =>
  JSON.stringify(v, (_, x) => typeof x === "bigint" ? String(x) : x) ?? "null";
