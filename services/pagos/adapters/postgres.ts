import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import type { Escrituras, Estados, Ids } from "../application/ports.ts";
import { COLUMNAS_TRANSACCION, type FilaTransaccion, transaccionDeFila } from "./filas_transaccion.ts";
import { cargarPayoutsYCampanias } from "./postgres_cargar_payouts.ts";
import { cargarClientes, cargarCondiciones, guardarClientes } from "./postgres_condiciones.ts";
import { cargarTarifas } from "./postgres_tarifas.ts";
import { guardar, guardarCampanias } from "./postgres_guardar.ts";
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

  load: (tx, ids) => cargar(tx, ids),

  save: async (tx, escritas, ahora) => {
    await Promise.all([
      guardarPayouts(tx, escritas, ahora),
      guardarCampanias(tx, escritas.flatMap((e) => e.writes.campanias)),
      guardarClientes(tx, escritas.flatMap((e) => e.writes.clientes)),
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

/** What many ask for in one statement where it can be, and the rest of each beside it. */
async function cargar(tx: Tx, todos: readonly Ids[]): Promise<Estados[]> {
  const [de, clientes, otros] = await Promise.all([
    cargarPayoutsYCampanias(tx, todos),
    cargarClientes(tx, todos.flatMap((i) => i.clientes)),
    Promise.all(todos.map((ids) => cargarLoDemas(tx, ids))),
  ]);
  return todos.map((ids, i) => {
    const [propio, resto] = [de[i], otros[i]];
    if (propio === undefined || resto === undefined) throw new Error("a command without its states");
    const suyos = ids.clientes.flatMap((id) => clientes.get(id) ?? []);
    return { ...resto, ...propio, clientes: new Map(suyos.map((c) => [c.id, c])) };
  });
}

async function cargarLoDemas(
  tx: Tx,
  ids: Ids,
): Promise<Omit<Estados, "payouts" | "campanias" | "clientes">> {
  const [transacciones, ciclo, tarifas, condiciones] = await Promise.all([
    cargarTransacciones(tx, ids),
    cargarCiclo(tx, ids.ciclo ?? ids.clave?.cycle_id ?? null),
    cargarTarifas(tx, ids),
    cargarCondiciones(tx, ids.condiciones),
  ]);
  return { transacciones, ciclo, tarifas, condiciones };
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

async function cargarCiclo(tx: Tx, id: string | null): Promise<Ciclo | null> {
  if (id === null) return null;
  const [fila] = await tx.query<Ciclo>(
    "select id, inicio, fin, estado, creado from pagos.ciclos where id = $1",
    [id],
  );
  return fila ?? null;
}
