import { both } from "@alpes/shared/http/locale.ts";
import { montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { LoteRechazado, Rechazo } from "../application/rechazo.ts";
import { FALLAS_PAGOS } from "./fallas.ts";

type Codigo = keyof typeof FALLAS_PAGOS | "prohibido" | "no_encontrado" | "validacion";
const DE_RECHAZO = {
  prohibido: "prohibido",
  oculto: "no_encontrado",
  no_existe: "no_encontrado",
  otro_pedido: "pago_duplicado",
  otro_pago_vivo: "pago_duplicado",
  otro_monto: "pago_otro_monto",
  ya_esta: "pago_transicion_invalida",
  transicion_invalida: "pago_transicion_invalida",
  reversion_ya_pedida: "pago_transicion_invalida",
  intento_ya_resuelto: "pago_transicion_invalida",
  prueba_de_otro_monto: "prueba_contraria",
  prueba_contraria: "prueba_contraria",
  sin_monto: "pago_sin_monto",
  campania_desconocida: "pago_sin_monto",
  saldo_no_positivo: "pago_saldo_no_positivo",
  moneda_requerida: "pago_moneda",
  moneda_distinta: "pago_moneda",
  monto_inexacto: "validacion",
  fuera_de_rango: "pago_fuera_de_rango",
  campania_cerrada: "pago_campania_cerrada",
  cliente_distinto: "pago_cliente_distinto",
  campania_no_aprobada: "campania_no_aprobada",
  presupuesto_excedido: "presupuesto_excedido",
  sin_tarifa: "sin_tarifa",
  monto_original_requerido: "validacion",
  otra_transaccion: "transaccion_otra",
  ya_reembolsada: "transaccion_no_reembolsable",
  no_reembolsable: "transaccion_no_reembolsable",
  otro_ciclo: "ciclo_otro",
  tarifa_solapada: "tarifa_solapada",
  otra_tarifa: "tarifa_otra",
  tarifa_no_terminable: "tarifa_no_terminable",
  termino_antes_de_inicio: "validacion",
  vigencia_al_reves: "validacion",
  comisiones_retenidas: "pago_comisiones_retenidas",
} as const satisfies Record<Rechazo["tipo"], Codigo>;

/** The one place where a refusal of pagos becomes a problem; `monto` is what the request calls its amount. */
export function rechazo(x: Rechazo, monto = "monto") {
  const detalle = detalleDe(x);
  const campo = x.tipo === "monto_inexacto" ? monto : CAMPO[x.tipo];
  const errores = campo === undefined
    ? []
    : [{ campo, mensaje: detalle ?? both("no es válido", "is not valid") }];
  return { codigo: DE_RECHAZO[x.tipo], detalle, errores };
}

/** Of a batch: the first refusal says the code, and every refused entry is named by its place. */
export function rechazoDeLote(rechazos: LoteRechazado["rechazos"], suelta: boolean) {
  const [primero] = rechazos;
  if (primero === undefined) throw new Error("a batch was refused without a reason");
  const uno = rechazo(primero.rechazo);
  if (suelta) return uno;
  return {
    ...uno,
    errores: rechazos.map(({ indice, rechazo: r }) => {
      const campo = CAMPO[r.tipo];
      const { es, en } = textosDe(DE_RECHAZO[r.tipo]);
      return {
        campo: `transacciones[${indice}]${campo === undefined ? "" : `.${campo}`}`,
        mensaje: detalleDe(r) ?? both(es, en),
      };
    }),
  };
}
const textosDe = (codigo: Codigo): { es: string; en: string } => {
  const f = codigo in FALLAS_PAGOS ? FALLAS_PAGOS[codigo as keyof typeof FALLAS_PAGOS] : undefined;
  return { es: f?.es.titulo ?? "no es válida", en: f?.en.titulo ?? "is not valid" };
};

/** The field to blame where there is one. */
const CAMPO: Partial<Record<Rechazo["tipo"], string>> = {
  monto_inexacto: "monto",
  monto_original_requerido: "monto_original",
  moneda_requerida: "currency",
  moneda_distinta: "currency",
  otra_transaccion: "id",
  termino_antes_de_inicio: "vigente_hasta",
  vigencia_al_reves: "vigente_hasta",
  sin_tarifa: "event_type",
  campania_no_aprobada: "idCampania",
};

function detalleDe(x: Rechazo): string | undefined {
  switch (x.tipo) {
    case "ya_esta":
      return both(`El pago ya está ${x.estado}.`, `The payment is ${x.estado} already.`);
    case "transicion_invalida":
      return both(
        `De ${x.desde} no se pasa a ${x.hacia}.`,
        `There is no step from ${x.desde} to ${x.hacia}.`,
      );
    case "prueba_de_otro_monto":
      return both("El aviso es por otro monto.", "The callback is about another amount.");
    case "prueba_contraria":
      return both(
        "El intento ya se resolvió de otra manera.",
        "The attempt has been settled in another way.",
      );
    case "reversion_ya_pedida":
      return both("La reversión ya está pedida.", "The reversal has been asked for already.");
    case "otro_pago_vivo":
      return both(`El pago vigente es ${x.id}.`, `The live payment is ${x.id}.`);
    case "otro_pedido":
      return both(
        `El pago ${x.id} se pidió para otra cosa.`,
        `Payment ${x.id} was asked for something else.`,
      );
    case "otro_monto": {
      const monto = `${montoTexto(x.monto)} ${x.monto.moneda}`;
      return both(`El pago ${x.id} se pidió por ${monto}.`, `Payment ${x.id} was asked for with ${monto}.`);
    }
    case "comisiones_retenidas":
      return both(
        `Las primeras se liberan el ${x.hasta.toISOString()}.`,
        `The first of them are released at ${x.hasta.toISOString()}.`,
      );
    case "saldo_no_positivo": {
      const saldo = `${montoTexto(x.saldo)} ${x.saldo.moneda}`;
      return both(`El saldo sería ${saldo}.`, `The balance would be ${saldo}.`);
    }
    case "moneda_requerida":
      return both(
        `Hay transacciones en ${x.monedas.join(", ")}: diga cuál con currency.`,
        `There are transactions in ${x.monedas.join(", ")}: say which with currency.`,
      );
    case "moneda_distinta":
      return both(`Debe ser ${x.esperada}.`, `It must be ${x.esperada}.`);
    case "monto_inexacto":
      return both(
        `Debe tener exactamente los decimales de ${x.moneda}.`,
        `It must have exactly the digits of ${x.moneda}.`,
      );
    case "monto_original_requerido":
      return both(
        `Es obligatorio para la comisión de ${x.event_type}.`,
        `It is required for the commission of ${x.event_type}.`,
      );
    case "campania_no_aprobada":
      return x.estado === null
        ? both(`La campaña ${x.idCampania} no se conoce.`, `Campaign ${x.idCampania} is not known.`)
        : both(`La campaña está ${x.estado}.`, `The campaign is ${x.estado}.`);
    case "campania_cerrada":
      return both(`La campaña está ${x.estado}.`, `The campaign is ${x.estado}.`);
    case "presupuesto_excedido": {
      const queda = `${montoTexto(x.disponible)} ${x.disponible.moneda}`;
      return both(`Quedan ${queda}.`, `${queda} is left.`);
    }
    case "sin_tarifa":
      return both(
        `No hay tarifa de ${x.event_type} en ${x.moneda}.`,
        `No rate for ${x.event_type} in ${x.moneda}.`,
      );
    case "tarifa_solapada":
      return both(`Se solapa con la tarifa ${x.id}.`, `It overlaps with rate ${x.id}.`);
    case "tarifa_no_terminable":
      return x.hasta === null
        ? both("Es una tarifa por defecto.", "It is a default rate.")
        : both(`Ya termina el ${x.hasta}.`, `It ends on ${x.hasta} already.`);
    case "termino_antes_de_inicio":
      return both(`No puede ser anterior a ${x.desde}.`, `It cannot be before ${x.desde}.`);
    case "vigencia_al_reves":
      return both("No puede ser anterior a vigente_desde.", "It cannot be before vigente_desde.");
    default:
      return undefined;
  }
}
