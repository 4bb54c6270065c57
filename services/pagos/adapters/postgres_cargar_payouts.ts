import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Campania } from "../domain/campania.ts";
import { type Existente, type Intento, vivo } from "../domain/payout.ts";
import type { Ids } from "../application/ports.ts";
import {
  COLUMNAS_PAYOUT,
  type FilaIntento,
  type FilaPayout,
  intentoDeFila,
  payoutDeFila,
} from "./filas_payout.ts";
import { campaniaDeFila, type FilaCampania } from "./filas_transaccion.ts";

const COLUMNAS = COLUMNAS_PAYOUT.join(", ");
/** Each branch has its own index; a disjunction would have none. */
const PAYOUTS = `select ${COLUMNAS} from pagos.payouts where id = any($1::text[])
  union select ${COLUMNAS} from pagos.payouts where id_campania = any($2::text[]) and vivo and tipo = 'CAMPANIA'
  union select ${COLUMNAS_PAYOUT.map((c) => `p.${c}`).join(", ")}
          from unnest($3::text[], $4::text[]) as k(partner_id, cycle_id)
          join pagos.payouts p on p.partner_id = k.partner_id and p.cycle_id = k.cycle_id and p.vivo`;

interface Cargado {
  readonly payouts: Map<string, Versioned<Existente>>;
  readonly campanias: Map<string, Versioned<Campania>>;
}

/**
 * For each of many commands, every payout that its ids lead to and their campaigns: three statements for all, in one trip
 * where what they lead to is what they name.
 */
export async function cargarPayoutsYCampanias(tx: Tx, todos: readonly Ids[]): Promise<readonly Cargado[]> {
  const nombrados = new Set(todos.flatMap((i) => i.payouts)),
    suyas = new Set(todos.flatMap((i) => i.campanias));
  const [filas, intentos, campanias] = await Promise.all([
    payoutsDe(tx, todos),
    intentosDe(tx, [...nombrados]),
    cargarCampanias(tx, [...suyas]),
  ]);
  // The campaigns of payouts are guarded by their version where nobody named them.
  const [mas, otras] = await Promise.all([
    intentosDe(tx, filas.flatMap((f) => nombrados.has(f.id) ? [] : f.id)),
    cargarCampanias(
      tx,
      [...new Set(filas.flatMap((f) => f.id_campania ?? []))].filter((id) => !suyas.has(id)),
    ),
  ]);
  const payouts = filas.map((f) => ({
    id: f.id,
    valor: {
      estado: payoutDeFila(f, intentos.get(f.id) ?? mas.get(f.id) ?? []),
      version: f.version,
    },
  }));
  const porId = new Map(payouts.map((p) => [p.id, p]));
  const vivos = payouts.filter((p) => vivo(p.valor.estado));
  const porCampania = Map.groupBy(vivos, (p) => p.valor.estado.ficha.idCampania);
  const porClave = Map.groupBy(vivos, ({ valor: { estado: p } }) => claveDe(p.partner_id, p.ficha.cycle_id));

  return todos.map(({ payouts, campanias: nombradas, clave }) => {
    const propios = new Map([
      ...payouts.flatMap((id) => porId.get(id) ?? []),
      ...nombradas.flatMap((id) => porCampania.get(id) ?? []),
      ...(clave === null ? [] : porClave.get(claveDe(clave.partner_id, clave.cycle_id)) ?? []),
    ].map((p) => [p.id, p.valor]));
    const ids = [...nombradas, ...[...propios.values()].flatMap((v) => v.estado.ficha.idCampania ?? [])];
    return {
      payouts: propios,
      campanias: new Map(ids.flatMap((id) => {
        const c = campanias.get(id) ?? otras.get(id);
        return c === undefined ? [] : [[id, c] as const];
      })),
    };
  });
}

const claveDe = (partner_id: string | null, cycle_id: string) => JSON.stringify([partner_id, cycle_id]);

function payoutsDe(tx: Tx, todos: readonly Ids[]): Promise<FilaPayout[]> | FilaPayout[] {
  const payouts = todos.flatMap((i) => i.payouts), campanias = todos.flatMap((i) => i.campanias);
  const claves = todos.flatMap((i) => i.clave ?? []);
  if (payouts.length + campanias.length + claves.length === 0) return [];
  return tx.query<FilaPayout>(PAYOUTS, [
    payouts,
    campanias,
    claves.map((c) => c.partner_id),
    claves.map((c) => c.cycle_id),
  ]);
}

/** The attempts of payouts, in their order. */
export async function intentosDe(tx: Tx, ids: readonly string[]): Promise<Map<string, Intento[]>> {
  if (ids.length === 0) return new Map();
  const filas = await tx.query<FilaIntento>(
    `select payout_id, numero, clave, estado, referencia, error, inicio, fin from pagos.intentos
      where payout_id = any($1::text[]) order by payout_id, numero`,
    [ids],
  );
  return Map.groupBy(filas, (f) => f.payout_id).entries()
    .reduce((m, [id, fs]) => m.set(id, fs.map(intentoDeFila)), new Map<string, Intento[]>());
}

async function cargarCampanias(tx: Tx, ids: readonly string[]): Promise<Map<string, Versioned<Campania>>> {
  if (ids.length === 0) return new Map();
  const filas = await tx.query<FilaCampania>(
    `select id, id_cliente, estado, presupuesto, presupuesto_moneda, anticipo, anticipo_moneda, gastado,
            gastado_moneda, fondeado, fondeado_moneda, fondeos, version
       from pagos.campanias where id = any($1::text[])`,
    [ids],
  );
  return new Map(filas.map((f) => [f.id, { estado: campaniaDeFila(f), version: f.version }]));
}
