import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Ciclo } from "./ciclo.ts";
import type { Total } from "./plan.ts";

/** Who did a step, and when. */
export interface Paso {
  readonly actor: string;
  readonly en: Date;
}

interface Comun {
  readonly id: string;
  readonly ciclo: string;
  readonly corte: string;
  /** null: every currency. */
  readonly moneda: Moneda | null;
  readonly huella: string;
  /** The run before it. */
  readonly anterior: string | null;
  readonly lineas: number;
  readonly exclusiones: number;
  readonly totales: readonly Total[];
  readonly calculada: Paso;
}
/** A payout run: a plan until it is applied. */
export type Liquidacion =
  & Comun
  & (
    | { readonly estado: "CALCULADA" }
    | { readonly estado: "APROBADA"; readonly aprobada: Paso }
    | { readonly estado: "APLICANDO"; readonly aprobada: Paso; readonly aplicando: Paso }
    | {
      readonly estado: "APLICADA";
      readonly aprobada: Paso;
      readonly aplicando: Paso;
      readonly aplicada: Date;
    }
    | {
      readonly estado: "DESCARTADA";
      readonly aprobada: Paso | null;
      readonly descartada: Date;
      readonly motivo: string;
    }
  );
export type EstadoLiquidacion = Liquidacion["estado"];

export type RechazoAlcance =
  | { readonly tipo: "ciclo_desconocido"; readonly ciclo: string }
  | { readonly tipo: "corte_fuera_del_ciclo"; readonly inicio: string; readonly fin: string };
export type RechazoEstado =
  | { readonly tipo: "paso_invalido"; readonly desde: EstadoLiquidacion; readonly hacia: EstadoLiquidacion }
  | { readonly tipo: "propia" }
  | { readonly tipo: "se_paga_a_si_mismo" };

/** The last day that a run pays: a day of its cycle; the cycle's last one unless told. */
export function corteDe(
  ciclo: Ciclo | null,
  id: string,
  pedido: string | null,
): Result<string, RechazoAlcance> {
  if (ciclo === null) return err({ tipo: "ciclo_desconocido", ciclo: id });
  const { inicio, fin } = ciclo;
  const corte = pedido ?? fin;
  return corte < inicio || corte > fin ? err({ tipo: "corte_fuera_del_ciclo", inicio, fin }) : ok(corte);
}

const invalido = (l: Liquidacion, hacia: EstadoLiquidacion) =>
  err({ tipo: "paso_invalido", desde: l.estado, hacia } as const);
const comun = (l: Liquidacion): Comun => ({
  id: l.id,
  ciclo: l.ciclo,
  corte: l.corte,
  moneda: l.moneda,
  huella: l.huella,
  anterior: l.anterior,
  lineas: l.lineas,
  exclusiones: l.exclusiones,
  totales: l.totales,
  calculada: l.calculada,
});

/** `cuatroOjos`: not by its author. `lePaga`: a line of it is for who approves, which nobody does for himself. */
export function aprobar(
  l: Liquidacion,
  quien: Paso,
  cuatroOjos: boolean,
  lePaga: boolean,
): Result<Liquidacion, RechazoEstado> {
  if (l.estado !== "CALCULADA") return invalido(l, "APROBADA");
  if (cuatroOjos && l.calculada.actor === quien.actor) return err({ tipo: "propia" });
  if (lePaga) return err({ tipo: "se_paga_a_si_mismo" });
  return ok({ ...comun(l), estado: "APROBADA", aprobada: quien });
}

export function descartar(
  l: Liquidacion,
  motivo: string,
  en: Date,
): Result<Liquidacion, RechazoEstado> {
  if (l.estado !== "CALCULADA" && l.estado !== "APROBADA") return invalido(l, "DESCARTADA");
  const aprobada = l.estado === "APROBADA" ? l.aprobada : null;
  return ok({ ...comun(l), estado: "DESCARTADA", aprobada, descartada: en, motivo });
}

/** null: it is under way or done already, and nothing is to be done again. */
export function aplicarLiquidacion(
  l: Liquidacion,
  quien: Paso,
): Result<Liquidacion | null, RechazoEstado> {
  if (l.estado === "APLICANDO" || l.estado === "APLICADA") return ok(null);
  if (l.estado !== "APROBADA") return invalido(l, "APLICANDO");
  return ok({ ...comun(l), estado: "APLICANDO", aprobada: l.aprobada, aplicando: quien });
}

/** null: it is done already. */
export function terminarLiquidacion(l: Liquidacion, en: Date): Liquidacion | null {
  if (l.estado !== "APLICANDO") return null;
  const { aprobada, aplicando } = l;
  return { ...comun(l), estado: "APLICADA", aprobada, aplicando, aplicada: en };
}
