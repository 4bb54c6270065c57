import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Ids } from "../application/ports.ts";
import type { Ambito, Formula, Tarifa } from "../domain/tarifas.ts";

/** A row of `pagos.tarifas`. */
export interface FilaTarifa {
  id: string;
  ambito: Ambito;
  ambito_id: string | null;
  event_type: string;
  moneda: Moneda | null;
  tipo: Formula["tipo"];
  tasa: bigint | null;
  monto: bigint | null;
  tramos_desde: readonly (string | bigint)[] | null;
  tramos_tasa: readonly (string | bigint)[] | null;
  minimo: bigint | null;
  maximo: bigint | null;
  vigente_desde: string | null;
  vigente_hasta: string | null;
  huella: string;
  creada: Date;
}
export const COLUMNAS_TARIFA =
  `id, ambito, ambito_id, event_type, moneda, tipo, tasa, monto, tramos_desde, tramos_tasa, minimo, maximo,
   vigente_desde, vigente_hasta, huella, creada`;

export function tarifaDeFila(f: FilaTarifa): Tarifa {
  const { id, ambito, ambito_id, event_type, moneda, vigente_desde, vigente_hasta, huella, creada } = f;
  const limite = (u: bigint | null) => u === null || moneda === null ? null : dinero(u, moneda);
  const comun = { id, ambito, ambito_id, event_type, moneda, vigente_desde, vigente_hasta, huella, creada };
  return { ...comun, formula: formulaDe(f), minimo: limite(f.minimo), maximo: limite(f.maximo) };
}

function formulaDe(f: FilaTarifa): Formula {
  if (f.tipo === "PERCENTAGE" && f.tasa !== null) return { tipo: f.tipo, tasa: f.tasa };
  if (f.tipo === "FIXED" && f.monto !== null && f.moneda !== null) {
    return { tipo: f.tipo, monto: dinero(f.monto, f.moneda) };
  }
  if (f.tipo === "TIERED" && f.tramos_desde !== null && f.tramos_tasa !== null) {
    const tasas = f.tramos_tasa;
    return {
      tipo: f.tipo,
      tramos: f.tramos_desde.map((d, i) => ({ desde: BigInt(d), tasa: BigInt(tasas[i] ?? 0) })),
    };
  }
  throw new Error(`pagos.tarifas ${f.id} lacks what its tipo needs`);
}

/** The rates that may serve the named events, and the one named by its id. */
export async function cargarTarifas(tx: Tx, { tarifas, tarifa }: Ids): Promise<Map<string, Tarifa>> {
  if (tarifas === null && tarifa === null) return new Map();
  const filas = await tx.query<FilaTarifa>(
    `select ${COLUMNAS_TARIFA} from pagos.tarifas
      where event_type = any($1::text[]) and (ambito_id is null or ambito = 'PARTNER' and ambito_id = any($2::text[])
            or ambito = 'MARCA' and ambito_id = any($3::text[]))
     union all select ${COLUMNAS_TARIFA} from pagos.tarifas where id = $4`,
    [tarifas?.eventos ?? [], tarifas?.partners ?? [], tarifas?.marcas ?? [], tarifa],
  );
  return new Map(filas.map((f) => [f.id, tarifaDeFila(f)]));
}

/** One after the other: what ends makes room for what begins. */
export async function guardarTarifas(tx: Tx, tarifas: readonly Tarifa[]): Promise<void> {
  for (const { formula: f, ...t } of tarifas) {
    await tx.query(
      `insert into pagos.tarifas (${COLUMNAS_TARIFA})
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (id) do update set vigente_hasta = excluded.vigente_hasta`,
      [
        t.id,
        t.ambito,
        t.ambito_id,
        t.event_type,
        t.moneda,
        f.tipo,
        f.tipo === "PERCENTAGE" ? f.tasa : null,
        f.tipo === "FIXED" ? f.monto.unidades : null,
        f.tipo === "TIERED" ? f.tramos.map((x) => x.desde) : null,
        f.tipo === "TIERED" ? f.tramos.map((x) => x.tasa) : null,
        t.minimo?.unidades ?? null,
        t.maximo?.unidades ?? null,
        t.vigente_desde,
        t.vigente_hasta,
        t.huella,
        t.creada,
      ],
    );
  }
}
