import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Campania } from "../domain/campania.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Existente, Intento } from "../domain/payout.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import type { Escrituras, Estados, Ids } from "../application/ports.ts";
import {
  COLUMNAS_PAYOUT,
  type FilaIntento,
  type FilaPayout,
  intentoDeFila,
  payoutDeFila,
} from "./filas_payout.ts";
import {
  campaniaDeFila,
  COLUMNAS_TRANSACCION,
  type FilaCampania,
  type FilaTransaccion,
  transaccionDeFila,
} from "./filas_transaccion.ts";
import { cargarClientes, cargarCondiciones } from "./postgres_condiciones.ts";
import { cargarTarifas } from "./postgres_tarifas.ts";
import { guardar } from "./postgres_guardar.ts";
import { guardarPayouts } from "./postgres_guardar_payouts.ts";
import { guardarAsientos } from "./postgres_libro.ts";

/** Where payouts, commissions, the replica of campaigns and the cycles are kept. */
export const postgresPagos: ModuleStore<Ids, Estados, Escrituras> = {
  modulo: "pagos",

  // What is reached by partner, campaign or cycle only is guarded by its version and by the unique indexes.
  locks: (ids) => [
    ...ids.payouts.map((id) => `payout:${id}`),
    ...ids.campanias.map((id) => `campania:${id}`),
    ...(ids.clave === null ? [] : [`partner:${ids.clave.partner_id}`]),
    ...(ids.ciclo === null ? [] : [`ciclo:${ids.ciclo}`]),
    ...(ids.tarifa === null ? [] : ["tarifas"]),
    ...ids.clientes.map((id) => `cliente:${id}`),
  ],

  load: (tx, ids) => Promise.all(ids.map((i) => cargar(tx, i))),

  save: async (tx, escritas, ahora) => {
    await Promise.all([
      guardarPayouts(tx, escritas, ahora),
      ...escritas.map(({ writes }) => guardar(tx, writes)),
    ]);
    // Last: what follows the versions, in one order for all of them.
    await guardarAsientos(
      tx,
      escritas.flatMap(({ writes, context }) => writes.asientos.map((asiento) => ({ asiento, context }))),
      ahora,
    );
  },
};

async function cargar(tx: Tx, ids: Ids): Promise<Estados> {
  const conSuyas = async () => {
    const payouts = await cargarPayouts(tx, ids);
    // Guarded by their version where nobody named them.
    const suyas = [...payouts.values()].flatMap((v) => v.estado.ficha.idCampania ?? []);
    return { payouts, campanias: await cargarCampanias(tx, [...new Set([...ids.campanias, ...suyas])]) };
  };
  const [{ payouts, campanias }, transacciones, ciclo, tarifas, condiciones, clientes] = await Promise.all([
    conSuyas(),
    cargarTransacciones(tx, ids),
    cargarCiclo(tx, ids.ciclo ?? ids.clave?.cycle_id ?? null),
    cargarTarifas(tx, ids),
    cargarCondiciones(tx, ids.condiciones),
    cargarClientes(tx, ids.clientes),
  ]);
  return { payouts, campanias, transacciones, ciclo, tarifas, condiciones, clientes };
}

async function cargarPayouts(tx: Tx, ids: Ids): Promise<Map<string, Versioned<Existente>>> {
  const { payouts, campanias, clave } = ids;
  if (payouts.length === 0 && campanias.length === 0 && clave === null) return new Map();
  const columnas = COLUMNAS_PAYOUT.join(", ");
  // Each branch has its own index; a disjunction would have none.
  const filas = await tx.query<FilaPayout>(
    `select ${columnas} from pagos.payouts where id = any($1::text[])
     union select ${columnas} from pagos.payouts
            where id_campania = any($2::text[]) and vivo and tipo = 'CAMPANIA'
     union select ${columnas} from pagos.payouts where partner_id = $3 and cycle_id = $4 and vivo`,
    [payouts, campanias, clave?.partner_id ?? null, clave?.cycle_id ?? null],
  );
  const intentos = await intentosDe(tx, filas.map((f) => f.id));
  return new Map(
    filas.map((f) => [f.id, { estado: payoutDeFila(f, intentos.get(f.id) ?? []), version: f.version }]),
  );
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

async function cargarTransacciones(tx: Tx, ids: Ids): Promise<Map<string, Versioned<Transaccion>>> {
  const filas: FilaTransaccion[] = [];
  if (ids.transacciones.length > 0) {
    filas.push(
      ...await tx.query<FilaTransaccion>(
        `select ${COLUMNAS_TRANSACCION} from pagos.transacciones where id = any($1::text[])`,
        [ids.transacciones],
      ),
    );
  }
  if (ids.clave !== null) {
    filas.push(
      ...await tx.query<FilaTransaccion>(
        `select ${COLUMNAS_TRANSACCION} from pagos.transacciones t
          where partner_id = $1 and payout_id is null and por_pagar
            and (reembolso_de is not null or exists (select from pagos.ciclos c
              where c.id = $2 and t.event_timestamp >= c.inicio and t.event_timestamp < c.fin + 1))
          order by event_timestamp, id`,
        [ids.clave.partner_id, ids.clave.cycle_id],
      ),
    );
  }
  if (ids.lineas) {
    filas.push(
      ...await tx.query<FilaTransaccion>(
        `with propias as (select ${COLUMNAS_TRANSACCION} from pagos.transacciones where payout_id = any($1::text[]))
         select * from propias
         union select ${COLUMNAS_TRANSACCION.replace(/(\w+)/g, "c.$1")}
           from propias p join pagos.transacciones c on c.reembolso_de = p.id and c.estado = 'ACTIVE'
          where p.estado = 'REFUNDED'`,
        [ids.payouts],
      ),
    );
  }
  return new Map(filas.map((f) => [f.id, { estado: transaccionDeFila(f), version: f.version }]));
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

async function cargarCiclo(tx: Tx, id: string | null): Promise<Ciclo | null> {
  if (id === null) return null;
  const [fila] = await tx.query<Ciclo>(
    "select id, inicio, fin, estado, creado from pagos.ciclos where id = $1",
    [id],
  );
  return fila ?? null;
}
