import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { dinero, EXPONENTES, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { ConcurrencyError, type RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { AlcancePlan, Fundamento } from "../application/liquidaciones.ts";
import type { Ciclo } from "../domain/ciclo.ts";
import type { ClienteConocido, Condiciones } from "../domain/condiciones.ts";
import { GENERAL } from "../domain/condiciones.ts";
import type { Liquidacion } from "../domain/liquidacion.ts";
import type { Metodo } from "../domain/payout.ts";
import { type Base, llave } from "../domain/plan.ts";
import { cargarCondiciones } from "./postgres_condiciones.ts";

/** What a run of `$1` (cycle), `$2` (last day), `$3` (currency or null) may find unpaid. */
const PENDIENTE = `t.payout_id is null and t.por_pagar and ($3::text is null or t.moneda = $3)
   and (t.reembolso_de is not null or t.event_timestamp < $2::date + 1)`;
/**
 * Whose hold was over at `$4`, the plan's instant: what is released later is for a later run, however long this one waits
 * to be applied. What came after the plan counts as it is, and makes the plan stale.
 */
const LIBRE = "(t.liberada and (t.libera <= $4::timestamptz or t.creada > $4 or t.reembolso_de is not null))";

/**
 * Everything that a plan rests on, one row for each partner and currency: 200,000 transactions of 10,000 partners in one
 * statement. The fingerprint of a row is over the transactions one by one, with their versions, and over what was agreed.
 */
const BASES = `with grupos as (
   select t.partner_id, t.moneda,
          count(*) filter (where ${LIBRE})::int as transacciones,
          coalesce(sum(t.comision) filter (where ${LIBRE}), 0) as monto,
          coalesce(sum(t.comision) filter (where ${LIBRE} and t.reembolso_de is not null), 0) as deudas,
          coalesce(sum(t.comision) filter (where ${LIBRE} and t.reembolso_de is null
            and t.event_timestamp < c.inicio), 0) as arrastrado,
          count(*) filter (where not ${LIBRE})::int as retenidas,
          coalesce(sum(t.comision) filter (where not ${LIBRE}), 0) as retenido,
          coalesce(encode(sha256(convert_to(string_agg(t.id || ':' || t.version, ',' order by t.id collate "C")
            filter (where ${LIBRE}), 'UTF8')), 'hex'), '') as huella_transacciones
     from pagos.transacciones t join pagos.ciclos c on c.id = $1
    where ${PENDIENTE}
    group by t.partner_id, t.moneda
 ), bases as (
   select g.*, p.id as pago, cl.estado as cliente, k.minimos, k.suspendido, k.metodo, k.mascara
     from grupos g
     left join pagos.payouts p on p.partner_id = g.partner_id and p.cycle_id = $1 and p.moneda = g.moneda and p.vivo
     left join pagos.clientes cl on cl.id = g.partner_id
     left join pagos.condiciones k on k.partner_id = g.partner_id
 ), generales as (
   select coalesce((select row(minimos, suspendido, metodo, mascara)::text from pagos.condiciones
                     where partner_id = '${GENERAL}'), '') as texto
 )
 select b.*, encode(sha256(convert_to(b::text || g.texto, 'UTF8')), 'hex') as huella
   from bases b cross join generales g order by b.partner_id collate "C", b.moneda collate "C"`;

interface FilaBase {
  partner_id: string;
  moneda: Moneda;
  transacciones: number;
  monto: string;
  deudas: string;
  arrastrado: string;
  retenidas: number;
  retenido: string;
  huella_transacciones: string;
  pago: string | null;
  cliente: ClienteConocido["estado"] | null;
  minimos: Partial<Record<Moneda, string>> | null;
  suspendido: boolean | null;
  metodo: Metodo | null;
  mascara: string | null;
  huella: string;
}

const propias = (f: FilaBase): Condiciones | undefined =>
  f.suspendido === null ? undefined : {
    partner_id: f.partner_id,
    retencion_dias: null,
    minimos: Object.entries(f.minimos ?? {}).map(([m, u]) => dinero(BigInt(u), m as Moneda)),
    suspendido: f.suspendido,
    metodo_pago: f.metodo === null ? null : { tipo: f.metodo, mascara: f.mascara },
    actualizado: new Date(0),
  };
const baseDeFila = (f: FilaBase): Base => ({
  partner_id: f.partner_id,
  moneda: f.moneda,
  monto: BigInt(f.monto),
  transacciones: f.transacciones,
  deudas: BigInt(f.deudas),
  arrastrado: BigInt(f.arrastrado),
  retenidas: f.retenidas,
  retenido: BigInt(f.retenido),
  pago: f.pago,
  propias: propias(f),
  cliente: f.cliente ?? undefined,
  huella_transacciones: f.huella_transacciones,
  huella: f.huella,
});

/** What a plan of this scope rests on; `calculada`: as of the instant of an earlier one. */
export async function cargarFundamento(tx: Tx, a: AlcancePlan, calculada: Date | null): Promise<Fundamento> {
  const [ciclo] = await tx.query<Ciclo>(
    "select id, inicio, fin, estado, creado from pagos.ciclos where id = $1",
    [a.ciclo],
  );
  const [reloj] = await tx.query<{ ahora: Date }>(
    // To the millisecond, as it is kept and compared.
    "select coalesce($1::timestamptz, date_trunc('milliseconds', clock_timestamp())) as ahora",
    [calculada],
  );
  if (reloj === undefined) throw new Error("an instant without a row");
  const filas = ciclo === undefined
    ? []
    : await tx.query<FilaBase>(BASES, [a.ciclo, a.corte ?? ciclo.fin, a.moneda, reloj.ahora]);
  const [junta] = await tx.query<{ huella: string }>(
    "select encode(sha256(convert_to(array_to_string($1::text[], ','), 'UTF8')), 'hex') as huella",
    [filas.map((f) => f.huella)],
  );
  const pagado = await tx.query<{ id: string; partner_id: string | null; moneda: Moneda; monto: bigint }>(
    `with ultima as (select id from pagos.liquidaciones where aplicada is not null order by aplicada desc limit 1)
     select u.id, l.partner_id, l.moneda, l.monto
       from ultima u left join pagos.liquidacion_lineas l on l.liquidacion = u.id
        and ($1::text is null or l.moneda = $1)`,
    [a.moneda],
  );
  return {
    ciclo: ciclo ?? null,
    calculada: reloj.ahora,
    bases: filas.map(baseDeFila),
    generales: (await cargarCondiciones(tx, [GENERAL])).get(GENERAL)?.estado,
    huella: junta?.huella ?? "",
    anterior: pagado[0]?.id ?? null,
    anteriores: new Map(
      pagado.flatMap(({ partner_id, moneda, monto }) =>
        partner_id === null ? [] : [[llave({ partner_id, moneda }), monto] as const]
      ),
    ),
  };
}

const MILESIMAS = Object.entries(EXPONENTES).map(([moneda, e]) => [moneda, 10 ** (3 - e)] as const);

/**
 * Takes exactly the transactions of the plan and makes its payouts. The update takes the rows as they are now, whoever
 * changed one since the check; what it took is compared with what the plan rests on, line by line.
 */
export async function tomar(tx: Tx, l: Liquidacion, ahora: Date, context: RequestContext): Promise<void> {
  await tx.query("set local statement_timeout = '300s'");
  await tx.query(
    `with nuevos as (
       insert into pagos.payouts (id, tipo, partner_id, cycle_id, moneda, monto, milesimas, pedido_moneda, automatico,
         metodo, mascara, estado, plazo, correlacion, traceparent, creado, actualizado, version)
       select l.payout_id, 'PARTNER', l.partner_id, $2, l.moneda, l.monto, l.monto * m.factor, l.moneda, false,
              l.metodo, l.mascara, 'CALCULADO', $3, $4, $5, $3, $3, 1
         from pagos.liquidacion_lineas l join unnest($7::text[], $8::bigint[]) as m(moneda, factor) using (moneda)
        where l.liquidacion = $1
       returning id
     )
     insert into pagos.historial (payout_id, estado_anterior, estado_nuevo, motivo, actor, correlacion, fecha)
     select n.id, h.antes, h.ahora, 'liquidación ' || $1, $6, $4, $3
       from nuevos n cross join (values (null, 'PENDIENTE'), ('PENDIENTE', 'CALCULADO')) as h(antes, ahora)
      order by n.id, h.antes nulls first`,
    [
      l.id,
      l.ciclo,
      ahora,
      context.correlation_id,
      context.traceparent,
      l.estado === "APLICANDO" ? l.aplicando.actor : "",
      MILESIMAS.map(([m]) => m),
      MILESIMAS.map(([, f]) => f),
    ],
  );
  const distintas = await tx.query<{ n: number }>(
    `with tomadas as (
       update pagos.transacciones t set payout_id = l.payout_id, version = t.version + 1
         from pagos.liquidacion_lineas l
        where l.liquidacion = $5 and t.partner_id = l.partner_id and t.moneda = l.moneda and ${PENDIENTE} and ${LIBRE}
          and $1::text is not null
       returning l.n, l.payout_id, t.id, t.version - 1 as version
     ), puestas as (
       insert into pagos.lineas (payout_id, transaccion_id) select payout_id, id from tomadas
     ), huellas as (
       select n, encode(sha256(convert_to(string_agg(id || ':' || version, ',' order by id collate "C"), 'UTF8')), 'hex') as h
         from tomadas group by n
     )
     select l.n from pagos.liquidacion_lineas l left join huellas using (n)
      where l.liquidacion = $5 and h is distinct from l.huella_transacciones limit 1`,
    [l.ciclo, l.corte, l.moneda, l.calculada.en, l.id],
  );
  if (distintas.length > 0) throw new ConcurrencyError(`line ${distintas[0]?.n} of ${l.id} has changed`);
}
