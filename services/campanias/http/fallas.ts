import { ANTICIPO_MAYOR, FIN_ANTES_DE_INICIO, MONEDAS_DISTINTAS } from "@alpes/shared/contracts/campanias.ts";
import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { Rechazo } from "../application/edicion.ts";
import type { FallaDatos } from "../domain/datos.ts";

/** What campanias refuses, in both languages. */
export const FALLAS_CAMPANIAS = {
  campania_id_ocupado: fault(409, [
    "Ese id ya es de otra campaña",
    "Hay una campaña con ese id, creada con un cuerpo distinto.",
    "Use otro id, o cambie la campaña con PUT o PATCH.",
  ], [
    "That id belongs to another campaign",
    "There is a campaign with that id, created with a different body.",
    "Use another id, or change the campaign with PUT or PATCH.",
  ]),
  campania_transicion_invalida: fault(409, [
    "La campaña no admite ese paso",
    "El estado actual de la campaña no permite lo que se pide, o ya es el que se pide.",
    "Consulte su estado con GET /campanias/{id}.",
  ], [
    "The campaign cannot take that step",
    "The present estado of the campaign does not allow what is asked, or is already what is asked.",
    "Read its estado with GET /campanias/{id}.",
  ]),
  campania_cerrada: fault(409, [
    "La campaña ya no se edita",
    "Una campaña FINALIZADA o CANCELADA queda como está.",
    "Cree otra campaña.",
  ], [
    "The campaign is not edited any more",
    "A FINALIZADA or CANCELADA campaign stays as it is.",
    "Create another campaign.",
  ]),
  campania_anticipo_sin_pagar: fault(409, [
    "El anticipo no está pagado",
    "Esta campaña se aprueba cuando su anticipo esté pagado.",
    'Espere el pago, páguelo con POST /pagos/pagar, o apruébela con "sin_anticipo": true.',
  ], [
    "The anticipo is not paid",
    "This campaign is approved once its anticipo is paid.",
    'Wait for the payment, make it with POST /pagos/pagar, or approve with "sin_anticipo": true.',
  ]),
  campania_anticipo_comprometido: fault(409, [
    "El anticipo ya no cambia",
    "El anticipo ya se pidió, se pagó, o la campaña ya fue aprobada.",
    "Repita la petición con el anticipo que la campaña tiene.",
  ], [
    "The anticipo does not change any more",
    "The anticipo was already asked for or paid, or the campaign is approved.",
    "Repeat the request with the anticipo that the campaign has.",
  ]),
  campania_moneda_fija: fault(409, [
    "La moneda ya no cambia",
    "La campaña ya tiene pagos o comisiones en su moneda.",
    "Repita la petición con la moneda que la campaña tiene.",
  ], [
    "The currency does not change any more",
    "The campaign has payments or commissions in its currency already.",
    "Repeat the request with the campaign's own currency.",
  ]),
  campania_cliente_fijo: fault(409, [
    "El cliente de una campaña no cambia",
    "El idCliente de la petición no es el de la campaña.",
    "Quite idCliente de la petición, o cree otra campaña.",
  ], [
    "Whose campaign it is does not change",
    "The idCliente of the request is not the campaign's.",
    "Leave idCliente out, or create another campaign.",
  ]),
  campania_con_comisiones: fault(409, [
    "La campaña ya generó comisiones",
    "Una campaña cuyas comisiones ya ganó alguien no se cancela.",
    "Finalícela con POST /campanias/{id}/finalizar.",
  ], [
    "The campaign has earned commissions",
    "A campaign whose commissions somebody has earned is not cancelled.",
    "Finish it with POST /campanias/{id}/finalizar.",
  ]),
  campania_presupuesto_agotado: fault(409, [
    "El presupuesto está agotado",
    "Las comisiones de la campaña alcanzaron su presupuesto.",
    "Aumente el presupuesto y reanúdela después.",
  ], [
    "The budget is used up",
    "The campaign's commissions have reached its budget.",
    "Raise the budget, then resume it.",
  ]),
  campania_pago_sobrante: fault(409, [
    "La campaña ya tiene un pago",
    "Otro pago de esta campaña ya quedó asociado.",
    "Consulte pago_asociado_id con GET /campanias/{id}.",
  ], [
    "The campaign has a payment already",
    "Another payment of this campaign is associated with it.",
    "Read pago_asociado_id with GET /campanias/{id}.",
  ]),
  saga_sin_pendientes: fault(409, [
    "No hay nada que reintentar",
    "La saga de esta campaña no está detenida en una compensación.",
    "Consulte su estado con GET /campanias/{id}/saga.",
  ], [
    "There is nothing to try again",
    "The saga of this campaign is not stopped in a compensation.",
    "Read its estado with GET /campanias/{id}/saga.",
  ]),
} as const satisfies Catalogue;

type Codigo =
  | keyof typeof FALLAS_CAMPANIAS
  | "prohibido"
  | "no_encontrado"
  | "validacion"
  | "version_obsoleta";
const DE_RECHAZO = {
  prohibido: "prohibido",
  oculto: "no_encontrado",
  no_existe: "no_encontrado",
  id_ocupado: "campania_id_ocupado",
  datos_invalidos: "validacion",
  transicion_invalida: "campania_transicion_invalida",
  ya_decidida: "campania_transicion_invalida",
  cerrada: "campania_cerrada",
  anticipo_sin_pagar: "campania_anticipo_sin_pagar",
  anticipo_comprometido: "campania_anticipo_comprometido",
  moneda_fija: "campania_moneda_fija",
  cliente_fijo: "campania_cliente_fijo",
  con_comisiones: "campania_con_comisiones",
  presupuesto_agotado: "campania_presupuesto_agotado",
  pago_sobrante: "campania_pago_sobrante",
  nada_que_reintentar: "saga_sin_pendientes",
  version_obsoleta: "version_obsoleta",
} as const satisfies Record<Rechazo["tipo"], Codigo>;

const DATOS: Record<FallaDatos, string> = {
  escala: both(
    "debe tener exactamente los decimales de la moneda",
    "must have exactly the minor digits of the currency",
  ),
  anticipo_mayor: ANTICIPO_MAYOR,
  monedas_distintas: MONEDAS_DISTINTAS,
  fin_antes_de_inicio: FIN_ANTES_DE_INICIO,
};

/** The one place where a refusal of campanias becomes a problem. */
export function rechazo<X extends Rechazo>(x: X) {
  const codigo: (typeof DE_RECHAZO)[X["tipo"]] = DE_RECHAZO[x.tipo as X["tipo"]];
  const errores = x.tipo === "datos_invalidos"
    ? x.campos.map(({ campo, falla }) => ({ campo, mensaje: DATOS[falla] }))
    : undefined;
  return { codigo, errores, detalle: detalle(x) };
}

/** What is created does not have to exist before, nor to be of a version. */
export function rechazoAlCrear(x: Rechazo) {
  if (x.tipo === "no_existe" || x.tipo === "oculto" || x.tipo === "version_obsoleta") {
    throw new Error(`a creation was refused: ${x.tipo}`);
  }
  return rechazo(x);
}

function detalle(x: Rechazo): string | undefined {
  switch (x.tipo) {
    case "transicion_invalida":
      return both(
        `De ${x.desde} no se pasa a ${x.hacia}.`,
        `There is no step from ${x.desde} to ${x.hacia}.`,
      );
    case "ya_decidida":
      return both(`La campaña ya está ${x.estado}.`, `The campaign is ${x.estado} already.`);
    case "cerrada":
      return both(`La campaña está ${x.estado}.`, `The campaign is ${x.estado}.`);
    case "anticipo_sin_pagar": {
      const monto = `${montoTexto(x.anticipo)} ${x.anticipo.moneda}`;
      return both(`Falta pagar el anticipo de ${monto}.`, `The anticipo of ${monto} is not paid.`);
    }
    default:
      return undefined;
  }
}
