import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { despues, type Tiempos } from "../domain/agenda.ts";
import { type Campania, cerrada, monedaDe } from "../domain/campania.ts";
import { type Comando, type Dicho, type Espera, type Ficha, sinEmpezar, vivo } from "../domain/payout.ts";
import { payoutDecider } from "../domain/payout_decider.ts";
import {
  calcularCampania,
  type Calculo,
  enMoneda,
  monedaPedida,
  type RechazoPedido,
  type Solicitud,
} from "../domain/pedido.ts";
import { aplicar, type Cambios, juntar, type Momento } from "./aplicar.ts";
import { conPaciencia, type Dormir } from "./espera.ts";
import { type Aceptado, aceptado, repetido } from "./pedir_partner.ts";
import { type Escrituras, type Estados, NADA, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

export interface PedidoCampania extends Solicitud {
  readonly id: string | null;
  readonly idCampania: string;
  /** Who pays, when the request says so; the campaign's own cliente otherwise. */
  readonly idCliente: string | null;
  /** From the saga: gives way to a person's payment, and is never refused without a message that says so. */
  readonly automatico: boolean;
  readonly metodo_pago: Ficha["metodo_pago"];
  readonly dicho: Dicho;
}
type DecisionPedido = Decision<Aceptado, Escrituras, Rechazo>;

/** Pays for a campaign. One that nobody has announced yet waits; it creates no campaign. */
export const pagarCampania =
  (uow: UnidadPagos, newId: NewId, tiempos: Tiempos, dormir: Dormir) =>
  async (context: RequestContext, pedido: PedidoCampania): Promise<Result<Aceptado, Rechazo>> => {
    if (permitido(context.actor, "pagos.pagar", []) !== "si") return err(PROHIBIDO);
    const id = pedido.id ?? `payout-${newId()}`;
    const ids = { ...NADA, payouts: [id], campanias: [pedido.idCampania] };
    return await conPaciencia(
      dormir,
      (x: Rechazo) => x.tipo === "campania_desconocida",
      (ultima) =>
        uow.ejecutar(
          context,
          ids,
          (e, ahora) => decidir(id, pedido, e, { actor: actorName(context.actor), ahora, tiempos }, ultima),
        ),
    );
  };

function decidir(
  id: string,
  pedido: PedidoCampania,
  estados: Estados,
  m: Momento,
  ultima: boolean,
): DecisionPedido {
  const { idCampania } = pedido;
  const conEsteId = estados.payouts.get(id)?.estado;
  if (conEsteId !== undefined) {
    const mismo = conEsteId.ficha.idCampania === idCampania &&
      (pedido.idCliente === null || conEsteId.partner_id === null ||
        conEsteId.partner_id === pedido.idCliente);
    return mismo ? repetido(conEsteId, pedido) : err({ tipo: "otro_pedido", id });
  }
  const vigente = [...estados.payouts.values()]
    .find(({ estado: p }) => vivo(p) && p.ficha.tipo === "CAMPANIA" && p.ficha.idCampania === idCampania);
  let reemplazo: Cambios | null = null;
  if (vigente !== undefined) {
    const p = vigente.estado;
    if (pedido.automatico) return ok({ value: aceptado(p), changes: null });
    if (!p.ficha.automatico || !sinEmpezar(p)) {
      if (pedido.id !== null) return err({ tipo: "otro_pago_vivo", id: p.ficha.id });
      return repetido(p, pedido);
    }
    const motivo = `lo reemplaza el pago explícito ${id}`;
    const r = aplicar(vigente, [{ tipo: "rechazar", motivo, reemplazado_por: id, en: m.ahora }], estados, m);
    if (!r.ok) return r;
    reemplazo = r.value.cambios;
  }
  const campania = estados.campanias.get(idCampania)?.estado ?? null;
  const reparo = campania === null || pedido.automatico ? null : reparoDe(campania, pedido);
  if (reparo !== null) return err(reparo);
  const calculo = calcular(campania, pedido, ultima);
  if (!calculo.ok) return calculo;

  const ficha: Ficha = {
    id,
    tipo: "CAMPANIA",
    cycle_id: idCampania,
    idCampania,
    monto_total: calculo.value.monto_total,
    pedido: calculo.value.pedido,
    automatico: pedido.automatico,
    metodo_pago: pedido.metodo_pago,
    dicho: pedido.dicho,
    creado: m.ahora,
  };
  const r = aplicar(
    { estado: payoutDecider.inicial, version: 0 },
    comandos(ficha, campania, pedido, m),
    estados,
    m,
  );
  return r.ok ? ok({ value: aceptado(r.value.payout), changes: juntar(reemplazo, r.value.cambios) }) : r;
}

/** What a person is told at once; the saga hears it as a rejected payment instead. */
function reparoDe(c: Campania, pedido: PedidoCampania): Rechazo | null {
  const { idCampania, estado } = c;
  if (cerrada(c)) return { tipo: "campania_cerrada", idCampania, estado };
  if (pedido.idCliente !== null && pedido.idCliente !== c.idCliente) {
    return { tipo: "cliente_distinto", idCampania };
  }
  return null;
}

function calcular(c: Campania | null, pedido: PedidoCampania, ultima: boolean): Result<Calculo, Rechazo> {
  if (c !== null && !pedido.automatico) return calcularCampania(c, pedido);
  const moneda = monedaPedida(pedido);
  // Without the campaign a bare amount has no currency and no amount has no figure: give its news a moment to come.
  if ((moneda === null || pedido.monto === null) && !ultima) {
    return err({ tipo: "campania_desconocida", idCampania: pedido.idCampania });
  }
  if (pedido.monto === null) return err<RechazoPedido>({ tipo: "sin_monto" });
  const monto = enMoneda(pedido.monto, moneda ?? "USD");
  return monto.ok
    ? ok({ monto_total: monto.value, pedido: { monto: monto.value, moneda }, lineas: [] })
    : monto;
}

/** A known campaign's payment goes on at once; an automatic one is checked against it where a refusal has a message. */
function comandos(ficha: Ficha, c: Campania | null, pedido: PedidoCampania, m: Momento): readonly Comando[] {
  const desde = pedido.automatico ? despues(m.ahora, m.tiempos.automatico) : m.ahora;
  const espera: Espera = {
    motivo: `la campaña ${ficha.cycle_id} no se conoce todavía`,
    vence: despues(m.ahora, m.tiempos.campaniaDesconocida),
  };
  if (c === null) return [{ tipo: "pedir", ficha, partner_id: pedido.idCliente, espera, desde }];
  if (!pedido.automatico) return [{ tipo: "pedir", ficha, partner_id: c.idCliente, espera: null, desde }];
  return [
    {
      tipo: "pedir",
      ficha,
      partner_id: pedido.idCliente,
      espera: { ...espera, motivo: "se comprueba la campaña" },
      desde,
    },
    campaniaConocida(c, desde, m.ahora),
  ];
}

export const campaniaConocida = (c: Campania, desde: Date, en: Date): Comando => ({
  tipo: "campania_conocida",
  idCliente: c.idCliente,
  moneda: monedaDe(c),
  cerrada: cerrada(c) ? c.estado : null,
  desde,
  en,
});
