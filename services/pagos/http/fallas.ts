import { type Catalogue, fault } from "@alpes/shared/http/catalogue.ts";

/** What pagos refuses, in both languages. */
export const FALLAS_PAGOS = {
  pago_transicion_invalida: fault(409, [
    "El pago no admite ese paso",
    "El estado actual del pago no permite lo que se pide, o ya es el que se pide.",
    "Consulte su estado con GET /pagos/{id} y sus pasos con GET /pagos/{id}/historial.",
  ], [
    "The payment cannot take that step",
    "The present estado of the payment does not allow what is asked, or is already what is asked.",
    "Read its estado with GET /pagos/{id} and its steps with GET /pagos/{id}/historial.",
  ]),
  pago_duplicado: fault(409, [
    "Ya hay un pago vigente para eso, o con ese id",
    "Hay un pago vigente para la misma campaña o el mismo ciclo, o un pago distinto con ese id.",
    "Consulte el pago existente; un pago FALLIDO, RECHAZADO o REVERTIDO libera su lugar.",
  ], [
    "There is a live payment for that, or one with that id",
    "A payment is live for the same campaign or cycle, or another payment has that id.",
    "Read the existing payment; one that is FALLIDO, RECHAZADO or REVERTIDO frees its place.",
  ]),
  pago_otro_monto: fault(409, [
    "Ese pago se pidió por otro monto",
    "El pago vigente se pidió por un monto distinto.",
    "Repita con el mismo monto o sin monto, o revierta el pago existente.",
  ], [
    "That payment was asked for with another amount",
    "The live payment was asked for with a different amount.",
    "Repeat with the same amount or without one, or revert the existing payment.",
  ]),
  pago_sin_monto: fault(409, [
    "No hay nada que pagar",
    "No hay transacciones por pagar, ni anticipo, ni presupuesto, y la petición no dice un monto.",
    "Envíe total_amount (o monto), o registre antes las transacciones del ciclo.",
  ], [
    "There is nothing to pay",
    "There are no unpaid transactions, no anticipo and no presupuesto, and the request names no amount.",
    "Send total_amount (or monto), or record the transactions of the cycle first.",
  ]),
  pago_comisiones_retenidas: fault(409, [
    "Las comisiones del ciclo están retenidas",
    "El partner tiene comisiones en ese ciclo y ninguna ha cumplido su plazo de retención.",
    "Pida el pago cuando se liberen; GET /pagos/transacciones dice cuándo, en libera.",
  ], [
    "The cycle's commissions are held",
    "The partner has commissions in that cycle and the hold of none is over.",
    "Ask for the payment when they are released; GET /pagos/transacciones says when, in libera.",
  ]),
  pago_saldo_no_positivo: fault(409, [
    "El saldo no es positivo",
    "Los reembolsos pendientes del partner consumen todo lo que se le debe en ese ciclo.",
    "Espere a que tenga más comisiones; los reembolsos se absorben en su próximo pago.",
  ], [
    "The balance is not positive",
    "The partner's pending refunds take all that is owed for that cycle.",
    "Wait until there are more commissions; refunds are absorbed by the next payout.",
  ]),
  pago_moneda: fault(409, [
    "La moneda no corresponde",
    "Hay varias monedas entre las que elegir, o la campaña es en otra moneda.",
    "Envíe currency con la moneda que corresponde.",
  ], [
    "The currency does not fit",
    "There are several currencies to choose from, or the campaign is in another one.",
    "Send currency with the one that fits.",
  ]),
  pago_campania_cerrada: fault(409, [
    "La campaña ya no recibe pagos",
    "Una campaña FINALIZADA o CANCELADA no se paga.",
    "Consulte la campaña con GET /campanias/{id}.",
  ], [
    "The campaign takes no payments any more",
    "A campaign that is FINALIZADA or CANCELADA is not paid for.",
    "Read the campaign with GET /campanias/{id}.",
  ]),
  pago_cliente_distinto: fault(409, [
    "La campaña es de otro cliente",
    "El idCliente de la petición no es el de la campaña.",
    "Envíe el idCliente de la campaña, u omítalo con POST /pagos/pagar.",
  ], [
    "The campaign belongs to another cliente",
    "The idCliente of the request is not the campaign's.",
    "Send the campaign's idCliente, or leave it out with POST /pagos/pagar.",
  ]),
  pago_fuera_de_rango: fault(409, [
    "El total excede el máximo admitido",
    "La suma de las transacciones pasa de 10^15 unidades menores.",
    "Pague en varios ciclos.",
  ], [
    "The total is beyond the largest amount",
    "The sum of the transactions is beyond 10^15 minor units.",
    "Pay in several cycles.",
  ]),
  firma_invalida: fault(401, [
    "La firma no es válida",
    "El aviso no viene firmado con el secreto acordado, su firma es de otro cuerpo, o tiene más de cinco minutos.",
    "Firme el cuerpo tal como se envía con el secreto de PSP_SECRET, y revise el reloj.",
  ], [
    "The signature is not valid",
    "The callback is not signed with the agreed secret, its signature is of another body, or is older than five minutes.",
    "Sign the body as it is sent with the secret of PSP_SECRET, and check the clock.",
  ]),
  prueba_contraria: fault(409, [
    "El proveedor dice otra cosa que lo que consta",
    "El intento consta por otro monto, o ya se resolvió de otra manera; no se cambió nada.",
    "Concilie con el archivo de liquidación del proveedor: POST /pagos/conciliaciones.",
  ], [
    "The provider says something else than what stands",
    "The attempt stands with another amount, or was settled in another way; nothing was changed.",
    "Reconcile with the provider's settlement file: POST /pagos/conciliaciones.",
  ]),
  transaccion_otra: fault(409, [
    "Ese id es de otra transacción",
    "Hay una transacción con ese id y otros datos.",
    "Use otro id.",
  ], [
    "That id belongs to another transaction",
    "There is a transaction with that id and other data.",
    "Use another id.",
  ]),
  transaccion_no_reembolsable: fault(409, [
    "La transacción no se puede reembolsar",
    "Ya está reembolsada, o es ella misma un reembolso.",
    "Consulte las transacciones con GET /pagos/transacciones.",
  ], [
    "The transaction cannot be refunded",
    "It is refunded already, or is itself a refund.",
    "Read the transactions with GET /pagos/transacciones.",
  ]),
  campania_no_aprobada: fault(409, [
    "La campaña no está aprobada",
    "Solo una campaña APROBADA admite comisiones.",
    "Apruebe o reanude la campaña primero.",
  ], [
    "The campaign is not approved",
    "Only a campaign that is APROBADA takes commissions.",
    "Approve or resume the campaign first.",
  ]),
  presupuesto_excedido: fault(409, [
    "La comisión excede el presupuesto",
    "El presupuesto de la campaña no alcanza; no se registró nada.",
    "Amplíe el presupuesto de la campaña.",
  ], [
    "The commission is beyond the budget",
    "The campaign's budget does not reach; nothing was recorded.",
    "Raise the campaign's budget.",
  ]),
  sin_tarifa: fault(409, [
    "No hay tarifa para ese evento",
    "Ninguna tarifa dice la comisión de ese tipo de evento en esa moneda.",
    "Envíe la comision, o consulte GET /pagos/tarifas.",
  ], [
    "There is no rate for that event",
    "No rate gives the commission of that kind of event in that currency.",
    "Send the comision, or read GET /pagos/tarifas.",
  ]),
  ciclo_desconocido: fault(409, [
    "Ese ciclo no está registrado",
    "Solo se liquida un ciclo registrado, con su primer y su último día.",
    "Regístrelo con POST /pagos/ciclos.",
  ], [
    "That cycle is not registered",
    "Only a registered cycle, with its first and last day, can be run.",
    "Register it with POST /pagos/ciclos.",
  ]),
  liquidacion_otra: fault(409, [
    "Ese id es de otra liquidación",
    "Hay una liquidación con ese id y otro ciclo, corte o moneda.",
    "Use otro id.",
  ], [
    "That id belongs to another run",
    "There is a run with that id and another cycle, last day or currency.",
    "Use another id.",
  ]),
  liquidacion_paso_invalido: fault(409, [
    "La liquidación no admite ese paso",
    "Una liquidación se calcula, se aprueba y se aplica, en ese orden; aplicada o descartada no cambia más.",
    "Consulte su estado con GET /pagos/liquidaciones/{id}.",
  ], [
    "The run cannot take that step",
    "A run is planned, approved and applied, in that order; applied or discarded it changes no more.",
    "Read its estado with GET /pagos/liquidaciones/{id}.",
  ]),
  liquidacion_propia: fault(403, [
    "Nadie aprueba su propia liquidación",
    "La aprueba otra persona que quien la calculó, y nadie a quien le pague.",
    "Pida la aprobación a otra persona con el rol aprobador.",
  ], [
    "Nobody approves a run of his own",
    "Somebody else than its author approves it, and nobody whom it pays.",
    "Ask another person with the role aprobador.",
  ]),
  liquidacion_obsoleta: fault(412, [
    "El plan ya no es como se mostró",
    "Cambió algo en lo que se basa: transacciones, reembolsos, condiciones o suspensiones. No se pagó nada.",
    "Descártelo y calcule otro con POST /pagos/liquidaciones; `errores` nombra las filas que cambiaron.",
  ], [
    "The plan is no longer as it was shown",
    "Something that it rests on has changed: transactions, refunds, terms or suspensions. Nothing was paid.",
    "Discard it and make another with POST /pagos/liquidaciones; `errores` names the rows that changed.",
  ]),
  tarifa_solapada: fault(409, [
    "Ya hay una tarifa para esos días",
    "Otra tarifa del mismo ámbito, tipo de evento y moneda vale en parte de esa vigencia.",
    "Termine la otra con POST /pagos/tarifas/{id}/terminar, o cambie la vigencia.",
  ], [
    "There is a rate for those days",
    "Another rate of the same scope, kind of event and currency holds in part of that validity.",
    "End the other one with POST /pagos/tarifas/{id}/terminar, or change the validity.",
  ]),
  tarifa_otra: fault(409, [
    "Ese id es de otra tarifa",
    "Hay una tarifa con ese id y otros datos; una tarifa no se edita.",
    "Use otro id.",
  ], [
    "That id belongs to another rate",
    "There is a rate with that id and other data; a rate is never edited.",
    "Use another id.",
  ]),
  tarifa_no_terminable: fault(409, [
    "La tarifa no se puede terminar ese día",
    "Es una tarifa por defecto, o ya termina ese día o antes.",
    "Registre otra tarifa, que tiene precedencia sobre la de por defecto.",
  ], [
    "The rate cannot be ended on that day",
    "It is a default rate, or ends on that day or before already.",
    "Store another rate, which comes before the default one.",
  ]),
  ciclo_otro: fault(409, [
    "Ese id es de otro ciclo",
    "Hay un ciclo con ese id y otras fechas.",
    "Use otro id.",
  ], [
    "That id belongs to another cycle",
    "There is a cycle with that id and other days.",
    "Use another id.",
  ]),
} as const satisfies Catalogue;
