import type { Database, Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { condition, listPage } from "@alpes/shared/adapters/postgres/lists.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import {
  type Conciliacion,
  type Conciliaciones,
  type FilaConciliada,
  type FilaLiquidacion,
  LineasRepetidas,
} from "../application/conciliar.ts";

type FilaTabla = Omit<FilaConciliada, "monto" | "comision"> & {
  monto: bigint;
  comision: bigint | null;
  moneda: Moneda;
};
const deFila = ({ moneda, monto, comision, ...f }: FilaTabla): FilaConciliada => ({
  ...f,
  monto: dinero(monto, moneda),
  comision: comision === null ? null : dinero(comision, moneda),
});
const COLUMNAS =
  "n, linea, clave, payout_id, estado, referencia, moneda, monto, comision, fecha, resultado, diferencia, por_saldar";
const RESUMEN =
  "id, estado, filas, coinciden, solo_proveedor, solo_nuestro, distintos, por_saldar, desde, hasta, actor, creada";

/** So many lines go to the server at once: 5,000 took 0.1 s, and a file's lines are never all in memory. */
const LOTE = 5_000;

/** Settlement files in PostgreSQL. */
export const postgresConciliaciones = (db: Database): Conciliaciones => ({
  preparar: (id, actor, filas) =>
    db.transaction(async (tx) => {
      // A million lines are looked through for repeated ones in one statement.
      await tx.query("set local statement_timeout = '120s'");
      await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`pagos:conciliacion:${id}`]);
      await tx.query("delete from pagos.conciliaciones where id = $1 and estado = 'CARGANDO'", [id]);
      const [mia] = await tx.query(
        `insert into pagos.conciliaciones (id, estado, actor) values ($1, 'CARGANDO', $2)
         on conflict do nothing returning 1`,
        [id, actor],
      );
      if (mia === undefined) return null;
      let lote: FilaLiquidacion[] = [];
      for await (const f of filas) {
        lote.push(f);
        if (lote.length < LOTE) continue;
        await guardarLote(tx, id, lote);
        lote = [];
      }
      if (lote.length > 0) await guardarLote(tx, id, lote);
      await sinRepetidas(tx, id);
      await soloNuestras(tx, id);
      return await resumir(tx, id);
    }),

  async obtener(id) {
    const [c] = await db.query<Conciliacion>(
      `select ${RESUMEN} from pagos.conciliaciones where id = $1 and estado <> 'CARGANDO'`,
      [id],
    );
    return c ?? null;
  },

  listar: ({ page, sort }) =>
    listPage<Conciliacion, Conciliacion>(db, {
      from: "pagos.conciliaciones",
      columns: RESUMEN,
      id: "id",
      where: [condition("estado <> 'CARGANDO'")],
      sort: { sql: "creada", type: "timestamptz" },
      order: sort.order,
      page,
      view: (c) => c,
    }),

  filas: (id, { filters: { resultado }, page, sort }) =>
    listPage<FilaTabla, FilaConciliada>(db, {
      from: "pagos.conciliacion_filas",
      columns: COLUMNAS,
      id: "n::text",
      where: [
        condition("conciliacion = ?", id),
        ...(resultado === null ? [] : [condition("resultado = ?", resultado)]),
      ],
      sort: { sql: "n", type: "bigint" },
      order: sort.order,
      page,
      view: deFila,
    }),

  porSaldar: async (id, max) =>
    (await db.query<FilaTabla>(
      `select ${COLUMNAS} from pagos.conciliacion_filas where conciliacion = $1 and por_saldar order by n limit $2`,
      [id, max],
    )).map(deFila),

  async saldada(id, n, diferencia) {
    await db.query(
      `with fila as (
         update pagos.conciliacion_filas set por_saldar = false, diferencia = $3,
                resultado = case when $3::text is null then resultado else 'DISTINTO' end
          where conciliacion = $1 and n = $2 and por_saldar returning 1)
       update pagos.conciliaciones set coinciden = coinciden - 1, distintos = distintos + 1
        where id = $1 and $3::text is not null and exists (select from fila)`,
      [id, n, diferencia],
    );
  },

  async cerrar(id) {
    await db.query(
      "update pagos.conciliaciones set estado = 'SALDADA' where id = $1 and estado = 'CARGADA'",
      [
        id,
      ],
    );
  },
});

/** Each line beside its attempt, as both stand now; an attempt that is open is settled by what the file says. */
async function guardarLote(tx: Tx, id: string, filas: readonly FilaLiquidacion[]): Promise<void> {
  await tx.query(
    `with leida as (
       select f.*, i.payout_id, p.moneda as nuestra_moneda, p.monto as nuestro_monto, i.estado as intento,
              i.referencia as nuestra_referencia, p.estado as pago, p.terminado
         from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                     $9::timestamptz[])
                as f(linea, clave, estado, referencia, moneda, monto, comision, fecha)
         left join pagos.intentos i on i.clave = f.clave
         left join pagos.payouts p on p.id = i.payout_id
     ), juzgada as (
       select *, case
           when payout_id is null then null
           when monto <> nuestro_monto or moneda <> nuestra_moneda then 'monto'
           when estado = 'DEVUELTO' then case when pago = 'REVERTIDO' then null else 'devuelto' end
           when intento in ('INICIADO', 'DESCONOCIDO') then null
           when estado = 'PAGADO' and intento = 'NO_PAGADO' then 'pagado'
           when estado = 'NO_PAGADO' and intento = 'PAGADO' then 'no_pagado'
           when estado = 'PAGADO' and referencia is distinct from nuestra_referencia then 'referencia'
           when estado = 'PAGADO' and pago = 'REVERTIDO' and terminado <= fecha then 'devuelto'
         end as diferencia
         from leida
     )
     insert into pagos.conciliacion_filas (conciliacion, n, linea, clave, payout_id, estado, referencia, moneda, monto,
       comision, fecha, resultado, diferencia, por_saldar)
     select $1, linea, linea, clave, payout_id, estado, referencia, moneda, monto, comision, fecha,
            case when payout_id is null then 'SOLO_PROVEEDOR' when diferencia is null then 'COINCIDE' else 'DISTINTO' end,
            diferencia,
            payout_id is not null and diferencia is null and intento in ('INICIADO', 'DESCONOCIDO')
              and estado <> 'DEVUELTO'
       from juzgada`,
    [
      id,
      filas.map((f) => f.linea),
      filas.map((f) => f.clave),
      filas.map((f) => f.estado),
      filas.map((f) => f.referencia),
      filas.map((f) => f.monto.moneda),
      filas.map((f) => f.monto.unidades),
      filas.map((f) => f.comision?.unidades ?? null),
      filas.map((f) => f.fecha),
    ],
  );
}

async function sinRepetidas(tx: Tx, id: string): Promise<void> {
  const dobles = await tx.query<{ linea: number; primera: number }>(
    `select linea, primera from (
       select linea, min(linea) over (partition by clave) as primera
         from pagos.conciliacion_filas where conciliacion = $1) t
      where linea > primera order by linea limit 100`,
    [id],
  );
  if (dobles.length > 0) throw new LineasRepetidas(dobles);
}

/** Attempts of the period that the file spans, paid or open here, of which it says nothing. */
async function soloNuestras(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `insert into pagos.conciliacion_filas (conciliacion, n, clave, payout_id, moneda, monto, referencia, resultado,
       por_saldar)
     select $1, t.hasta_n + row_number() over (order by i.inicio, i.clave), i.clave, i.payout_id, p.moneda, p.monto,
            i.referencia, 'SOLO_NUESTRO', false
       from (select min(fecha) as desde, max(fecha) as hasta, max(n) as hasta_n
               from pagos.conciliacion_filas where conciliacion = $1) t
       join pagos.intentos i on i.inicio between t.desde and t.hasta and i.estado <> 'NO_PAGADO'
       join pagos.payouts p on p.id = i.payout_id
      where not exists (select from pagos.conciliacion_filas f where f.conciliacion = $1 and f.clave = i.clave)`,
    [id],
  );
}

async function resumir(tx: Tx, id: string): Promise<Conciliacion> {
  const [c] = await tx.query<Conciliacion>(
    `update pagos.conciliaciones c
        set filas = t.filas, coinciden = t.coinciden, solo_proveedor = t.solo_proveedor, solo_nuestro = t.solo_nuestro,
            distintos = t.distintos, por_saldar = t.por_saldar, desde = t.desde, hasta = t.hasta
       from (select count(linea)::int as filas,
                    count(*) filter (where resultado = 'COINCIDE')::int as coinciden,
                    count(*) filter (where resultado = 'SOLO_PROVEEDOR')::int as solo_proveedor,
                    count(*) filter (where resultado = 'SOLO_NUESTRO')::int as solo_nuestro,
                    count(*) filter (where resultado = 'DISTINTO')::int as distintos,
                    count(*) filter (where por_saldar)::int as por_saldar, min(fecha) as desde, max(fecha) as hasta
               from pagos.conciliacion_filas where conciliacion = $1) t
      where c.id = $1
     returning ${RESUMEN.replace(/(\w+)/g, "c.$1")}`,
    [id],
  );
  if (c === undefined) throw new Error("the file that was just read is gone");
  return { ...c, estado: "CARGADA" };
}
