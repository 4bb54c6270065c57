import { dineroJson } from "@alpes/shared/contracts/dinero.ts";
import type {
  ExclusionLiquidacionJson,
  LineaLiquidacionJson,
  LiquidacionJson,
} from "@alpes/shared/contracts/liquidaciones.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { dinero, type Moneda, montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { LineaVista, LiquidacionVista } from "../application/liquidaciones_consultas.ts";
import type { Liquidacion, Paso } from "../domain/liquidacion.ts";
import type { Cambio, Exclusion, Motivo } from "../domain/plan.ts";

const paso = (p: Paso | null) => p === null ? null : { actor: p.actor, fecha: instantText(p.en) };

export function liquidacionJson({ liquidacion: l, version, avance }: LiquidacionVista): LiquidacionJson {
  return {
    id: l.id,
    ciclo: l.ciclo,
    corte: l.corte,
    moneda: l.moneda,
    estado: l.estado,
    huella: l.huella,
    anterior: l.anterior,
    lineas: l.lineas,
    exclusiones: l.exclusiones,
    totales: l.totales.map((t) => {
      const de = (u: bigint) => dineroJson(dinero(u, t.moneda));
      return {
        moneda: t.moneda,
        partners: t.partners,
        transacciones: t.transacciones,
        monto: de(t.monto),
        deudas: de(t.deudas),
        excluidos: t.excluidos,
        excluido: de(t.excluido),
        diferencia: {
          anterior: de(t.anterior),
          variacion: de(t.monto - t.anterior),
          partners_nuevos: t.nuevos,
          partners_que_salen: t.salen,
        },
      };
    }),
    calculada: { actor: l.calculada.actor, fecha: instantText(l.calculada.en) },
    aprobada: paso("aprobada" in l ? l.aprobada : null),
    aplicando: paso("aplicando" in l ? l.aplicando : null),
    aplicada: l.estado === "APLICADA" ? instantText(l.aplicada) : null,
    descartada: l.estado === "DESCARTADA" ? { fecha: instantText(l.descartada), motivo: l.motivo } : null,
    avance: avanceJson(l, avance),
    version,
  };
}

function avanceJson(
  l: Liquidacion,
  { hechos, ahora }: LiquidacionVista["avance"],
): LiquidacionJson["avance"] {
  const desde = "aplicando" in l ? l.aplicando.en.getTime() : null;
  const hasta = l.estado === "APLICADA" ? l.aplicada.getTime() : ahora.getTime();
  const segundos = desde === null ? 0 : (hasta - desde) / 1_000;
  const ritmo = hechos > 0 && segundos > 0 ? hechos / segundos : null;
  return {
    hechos,
    total: l.lineas,
    por_segundo: ritmo === null ? null : Math.round(ritmo * 10) / 10,
    restante_s: ritmo === null ? null : Math.round((l.lineas - hechos) / ritmo),
  };
}

export function lineaJson({ linea: l, estado }: LineaVista): LineaLiquidacionJson {
  const de = (u: bigint) => dineroJson(dinero(u, l.moneda));
  return {
    partner_id: l.partner_id,
    monto: de(l.monto),
    transacciones: l.transacciones,
    deudas: de(l.deudas),
    arrastrado: de(l.arrastrado),
    metodo_pago: l.metodo_pago,
    anterior: l.anterior === null ? null : de(l.anterior),
    variacion: l.anterior === null ? null : de(l.monto - l.anterior),
    payout_id: l.payout_id,
    payout_estado: estado,
  };
}

const EXPLICACION: Record<Motivo, string> = {
  retenido: both("sigue en retención", "still held"),
  bajo_minimo: both(
    "no llega al mínimo: el saldo pasa al siguiente ciclo",
    "below the minimum: the balance rolls to the next cycle",
  ),
  suspendido: both("el partner está suspendido o inactivo", "the partner is suspended or inactive"),
  sin_metodo: both("no hay método de pago acordado", "no payment method is agreed"),
  negativo: both(
    "el saldo no es positivo: la deuda queda para el siguiente ciclo",
    "the balance is not positive: the debt stays for the next cycle",
  ),
  pago_vigente: both("ya tiene un pago vigente de este ciclo", "has a live payout of this cycle already"),
  fuera_de_rango: both("excede el máximo admitido", "is beyond the largest amount"),
};

export const exclusionJson = (
  x: Exclusion,
  decir: (texto: string) => string,
): ExclusionLiquidacionJson => ({
  partner_id: x.partner_id,
  motivo: x.motivo,
  explicacion: decir(EXPLICACION[x.motivo]),
  monto: dineroJson(dinero(x.monto, x.moneda)),
  transacciones: x.transacciones,
  minimo: x.minimo === null ? null : dineroJson(dinero(x.minimo, x.moneda)),
  payout_id: x.pago,
});

/** How many changed rows an answer names. */
const MAX_CAMBIOS = 100;

/** The rows that are no longer as the plan has them, as fields of it. */
export const cambiosJson = (cambios: readonly Cambio[]) =>
  cambios.slice(0, MAX_CAMBIOS).map((c) => ({
    campo: `lineas[${c.partner_id}].${c.moneda}`,
    mensaje: mensaje(c),
  }));

function mensaje({ antes, ahora, moneda }: Cambio): string {
  if (antes === ahora) return both("cambió algo en lo que se basa", "something that it rests on has changed");
  const decir = (x: Cambio["antes"], nada: string) =>
    x === null ? nada : typeof x === "bigint" ? monto(x, moneda) : x;
  return both(
    `antes ${decir(antes, "nada")}, ahora ${decir(ahora, "nada")}`,
    `was ${decir(antes, "nothing")}, is ${decir(ahora, "nothing")}`,
  );
}
const monto = (u: bigint, m: Moneda) => `${montoTexto(dinero(u, m))} ${m}`;
