import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import type { Moneda } from "@alpes/shared/seedwork/money.ts";
import { ConcurrencyError, type RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type {
  EscriturasLiquidacion,
  EstadosLiquidacion,
  IdsLiquidacion,
} from "../application/liquidaciones.ts";
import type { EstadoLiquidacion, Liquidacion } from "../domain/liquidacion.ts";
import type { Metodo } from "../domain/payout.ts";
import type { Exclusion, Linea, Motivo, Plan, Total } from "../domain/plan.ts";
import { cargarFundamento, tomar } from "./postgres_plan.ts";

/** Payout runs. Their plan is read and written as a whole, their payouts taken by statements over all of them. */
export const postgresLiquidaciones: ModuleStore<IdsLiquidacion, EstadosLiquidacion, EscriturasLiquidacion> = {
  modulo: "pagos",
  locks: ({ id }) => [`liquidacion:${id}`],
  load: (tx, ids) => Promise.all(ids.map((i) => cargar(tx, i))),
  async save(tx, escritas, ahora) {
    for (const { writes, context } of escritas) await guardar(tx, writes, ahora, context);
  },
};

async function cargar(tx: Tx, { id, con, paga }: IdsLiquidacion): Promise<EstadosLiquidacion> {
  const [fila] = await tx.query<FilaLiquidacion>(
    `select ${COLUMNAS_LIQUIDACION} from pagos.liquidaciones where id = $1`,
    [id],
  );
  const liquidacion = fila === undefined ? null : { estado: liquidacionDeFila(fila), version: fila.version };
  if (con.tipo === "nueva") {
    const fundamento = liquidacion === null ? await cargarFundamento(tx, con.alcance, null) : null;
    return { liquidacion, plan: null, lePaga: false, fundamento };
  }
  const lePaga = paga !== null && (await tx.query(
        "select from pagos.liquidacion_lineas where liquidacion = $1 and partner_id = $2 limit 1",
        [id, paga],
      )).length > 0;
  // What is under way or done is not looked into again.
  if (con.tipo === "nada" || liquidacion?.estado.estado !== "APROBADA") {
    return { liquidacion, plan: null, lePaga, fundamento: null };
  }
  const { estado: l } = liquidacion;
  return {
    liquidacion,
    lePaga,
    plan: await cargarPlan(tx, id),
    fundamento: await cargarFundamento(tx, l, l.calculada.en),
  };
}

export interface FilaLiquidacion {
  id: string;
  ciclo: string;
  corte: string;
  moneda: Moneda | null;
  estado: EstadoLiquidacion;
  huella: string;
  anterior: string | null;
  lineas: number;
  exclusiones: number;
  resumen: readonly Record<keyof Total, string | number>[];
  autor: string;
  calculada: Date;
  aprobador: string | null;
  aprobada: Date | null;
  aplicador: string | null;
  aplicando: Date | null;
  aplicada: Date | null;
  descartada: Date | null;
  motivo: string | null;
  version: number;
}
export const COLUMNAS_LIQUIDACION =
  `id, ciclo, corte, moneda, estado, huella, anterior, lineas, exclusiones, resumen, autor, calculada, aprobador,
   aprobada, aplicador, aplicando, aplicada, descartada, motivo, version`;

const totalDeJson = (t: Record<keyof Total, string | number>): Total => ({
  moneda: t.moneda as Moneda,
  partners: Number(t.partners),
  transacciones: Number(t.transacciones),
  monto: BigInt(t.monto),
  deudas: BigInt(t.deudas),
  excluidos: Number(t.excluidos),
  excluido: BigInt(t.excluido),
  anterior: BigInt(t.anterior),
  nuevos: Number(t.nuevos),
  salen: Number(t.salen),
});

export function liquidacionDeFila(f: FilaLiquidacion): Liquidacion {
  const { id, ciclo, corte, moneda, huella, anterior, lineas, exclusiones } = f;
  const comun = {
    ...{ id, ciclo, corte, moneda, huella, anterior, lineas, exclusiones },
    totales: f.resumen.map(totalDeJson),
    calculada: { actor: f.autor, en: f.calculada },
  };
  const paso = (actor: string | null, en: Date | null) =>
    actor === null || en === null ? null : { actor, en };
  const aprobada = paso(f.aprobador, f.aprobada);
  const aplicando = paso(f.aplicador, f.aplicando);
  switch (f.estado) {
    case "CALCULADA":
      return { ...comun, estado: f.estado };
    case "APROBADA":
      if (aprobada !== null) return { ...comun, estado: f.estado, aprobada };
      break;
    case "APLICANDO":
      if (aprobada !== null && aplicando !== null) return { ...comun, estado: f.estado, aprobada, aplicando };
      break;
    case "APLICADA":
      if (aprobada !== null && aplicando !== null && f.aplicada !== null) {
        return { ...comun, estado: f.estado, aprobada, aplicando, aplicada: f.aplicada };
      }
      break;
    case "DESCARTADA":
      if (f.descartada !== null && f.motivo !== null) {
        return { ...comun, estado: f.estado, aprobada, descartada: f.descartada, motivo: f.motivo };
      }
  }
  throw new Error(`pagos.liquidaciones ${id} lacks what its estado needs`);
}

async function guardar(
  tx: Tx,
  { liquidacion: l, anterior, plan, tomar: toma }: EscriturasLiquidacion,
  ahora: Date,
  context: RequestContext,
): Promise<void> {
  if (anterior === 0) {
    await tx.query(
      `insert into pagos.liquidaciones (id, ciclo, corte, moneda, estado, huella, anterior, lineas, exclusiones, resumen,
         autor, calculada, correlacion, traceparent, version)
       values ($1, $2, $3, $4, 'CALCULADA', $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)`,
      [
        ...[l.id, l.ciclo, l.corte, l.moneda, l.huella, l.anterior, l.lineas, l.exclusiones],
        JSON.stringify(l.totales, (_, v) => typeof v === "bigint" ? v.toString() : v),
        ...[l.calculada.actor, l.calculada.en, context.correlation_id, context.traceparent],
      ],
    );
    if (plan !== null) await guardarPlan(tx, l.id, plan);
    return;
  }
  const aprobada = "aprobada" in l ? l.aprobada : null;
  const aplicando = "aplicando" in l ? l.aplicando : null;
  const hecho = await tx.query(
    `update pagos.liquidaciones
        set estado = $2, aprobador = $3, aprobada = $4, aplicador = $5, aplicando = $6, aplicada = $7, descartada = $8,
            motivo = $9, proximo = case when $2 = 'APLICANDO' then $10::timestamptz end, version = version + 1,
            correlacion = case when $2 = 'APLICANDO' then $11 else correlacion end,
            traceparent = case when $2 = 'APLICANDO' then $12 else traceparent end
      where id = $1 and version = $13 returning 1`,
    [
      ...[l.id, l.estado, aprobada?.actor ?? null, aprobada?.en ?? null],
      ...[aplicando?.actor ?? null, aplicando?.en ?? null],
      l.estado === "APLICADA" ? l.aplicada : null,
      l.estado === "DESCARTADA" ? l.descartada : null,
      l.estado === "DESCARTADA" ? l.motivo : null,
      ...[ahora, context.correlation_id, context.traceparent, anterior],
    ],
  );
  if (hecho.length === 0) throw new ConcurrencyError(`${l.id} is no longer at version ${anterior}`);
  if (toma) await tomar(tx, l, ahora, context);
}

const LINEA =
  `partner_id, moneda, monto, transacciones, deudas, arrastrado, metodo, mascara, anterior, payout_id,
   huella_transacciones, huella`;
const EXCLUSION = "partner_id, moneda, motivo, monto, transacciones, minimo, pago, huella";
/** Rows in one statement: what it carries stays small, however long the plan. */
const TANDA = 2_000;

async function guardarPlan(tx: Tx, id: string, { lineas, exclusiones }: Plan): Promise<void> {
  for (let i = 0; i < lineas.length; i += TANDA) {
    const ls = lineas.slice(i, i + TANDA);
    await tx.query(
      `insert into pagos.liquidacion_lineas (liquidacion, n, ${LINEA})
       select $1, $2 + i, ${LINEA}
         from unnest($3::text[], $4::text[], $5::bigint[], $6::int[], $7::bigint[], $8::bigint[], $9::text[], $10::text[],
           $11::bigint[], $12::text[], $13::text[], $14::text[]) with ordinality as t(${LINEA}, i)`,
      [
        id,
        i,
        ls.map((l) => l.partner_id),
        ls.map((l) => l.moneda),
        ls.map((l) => l.monto),
        ls.map((l) => l.transacciones),
        ls.map((l) => l.deudas),
        ls.map((l) => l.arrastrado),
        ls.map((l) => l.metodo_pago.tipo),
        ls.map((l) => l.metodo_pago.mascara),
        ls.map((l) => l.anterior),
        ls.map((l) => l.payout_id),
        ls.map((l) => l.huella_transacciones),
        ls.map((l) => l.huella),
      ],
    );
  }
  for (let i = 0; i < exclusiones.length; i += TANDA) {
    const xs = exclusiones.slice(i, i + TANDA);
    await tx.query(
      `insert into pagos.liquidacion_exclusiones (liquidacion, n, ${EXCLUSION})
       select $1, $2 + i, ${EXCLUSION}
         from unnest($3::text[], $4::text[], $5::text[], $6::numeric[], $7::int[], $8::bigint[], $9::text[], $10::text[])
           with ordinality as t(${EXCLUSION}, i)`,
      [
        id,
        i,
        xs.map((x) => x.partner_id),
        xs.map((x) => x.moneda),
        xs.map((x) => x.motivo),
        xs.map((x) => x.monto.toString()),
        xs.map((x) => x.transacciones),
        xs.map((x) => x.minimo),
        xs.map((x) => x.pago),
        xs.map((x) => x.huella),
      ],
    );
  }
}

export interface FilaLinea extends Omit<Linea, "metodo_pago"> {
  n: number;
  metodo: Metodo;
  mascara: string | null;
}
export interface FilaExclusion extends Omit<Exclusion, "monto"> {
  n: number;
  monto: string;
  motivo: Motivo;
}
export const lineaDeFila = ({ metodo, mascara, ...l }: FilaLinea): Linea => ({
  ...l,
  metodo_pago: { tipo: metodo, mascara },
});
export const exclusionDeFila = (x: FilaExclusion): Exclusion => ({ ...x, monto: BigInt(x.monto) });
export const COLUMNAS_LINEA = `n, ${LINEA}`;
export const COLUMNAS_EXCLUSION = `n, ${EXCLUSION}`;

async function cargarPlan(tx: Tx, id: string): Promise<Plan> {
  const lineas = await tx.query<FilaLinea>(
    `select ${COLUMNAS_LINEA} from pagos.liquidacion_lineas where liquidacion = $1 order by n`,
    [id],
  );
  const exclusiones = await tx.query<FilaExclusion>(
    `select ${COLUMNAS_EXCLUSION} from pagos.liquidacion_exclusiones where liquidacion = $1 order by n`,
    [id],
  );
  return { lineas: lineas.map(lineaDeFila), exclusiones: exclusiones.map(exclusionDeFila) };
}
