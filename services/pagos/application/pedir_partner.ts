import { actorName } from "@alpes/shared/seedwork/actor.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { Moneda } from "@alpes/shared/seedwork/money.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Tiempos } from "../domain/agenda.ts";
import { liberacion } from "../domain/libro/hechos.ts";
import { repartirLineas } from "../domain/ciclo.ts";
import { type Dicho, type Estado, type Existente, type Ficha, vivo } from "../domain/payout.ts";
import { payoutDecider } from "../domain/payout_decider.ts";
import { calcularPartner, monedaPedida, repite, type Solicitud } from "../domain/pedido.ts";
import { porLiberar, type Transaccion } from "../domain/transaccion.ts";
import { aplicar, juntar, SIN_CAMBIOS } from "./aplicar.ts";
import { liberada } from "./liberar.ts";
import { type Entrega, type Escrituras, type Estados, NADA, type Orden, type UnidadPagos } from "./ports.ts";
import type { Rechazo } from "./rechazo.ts";

export interface PedidoPartner extends Solicitud {
  readonly id: string | null;
  readonly partner_id: string;
  readonly cycle_id: string;
  readonly metodo_pago: Ficha["metodo_pago"];
  readonly dicho: Dicho;
}
export interface Aceptado {
  readonly id: string;
  readonly estado: Estado;
  /** Of an attempt that begins with this very commit. */
  readonly orden?: Orden;
}
type DecisionPedido = Decision<Aceptado, Escrituras, Rechazo>;

export const aceptado = (p: Existente): Aceptado => ({ id: p.ficha.id, estado: p.estado });
/** A repeat of what already holds: the same id, and nothing to write. */
export function repetido(p: Existente, s: Solicitud): DecisionPedido {
  const r = repite(p, s);
  return r.ok ? ok({ value: aceptado(p), changes: null }) : r;
}

/** Pays a partner for a cycle: its unpaid commissions there, or where there are none the amount asked for. */
export const pagarPartner =
  (uow: UnidadPagos, newId: NewId, tiempos: Tiempos, entrega: Entrega | null = null) =>
  async (context: RequestContext, pedido: PedidoPartner): Promise<Result<Aceptado, Rechazo>> => {
    if (permitido(context.actor, "pagos.pagar", []) !== "si") return err(PROHIBIDO);
    const id = pedido.id ?? `payout-${newId()}`;
    const { partner_id, cycle_id } = pedido;
    // Asked for and begun in one commit: its row is written twice where it was four times.
    const clave = entrega?.libre() ? `${id}~${newId()}` : null;
    const hecho = await uow.ejecutar(
      context,
      { ...NADA, payouts: [id], clave: { partner_id, cycle_id } },
      (estados, ahora): DecisionPedido => {
        const conEsteId = estados.payouts.get(id)?.estado;
        if (conEsteId !== undefined) {
          const { ficha } = conEsteId;
          const mismo = ficha.tipo === "PARTNER" && conEsteId.partner_id === partner_id &&
            ficha.cycle_id === cycle_id;
          return mismo ? repetido(conEsteId, pedido) : err({ tipo: "otro_pedido", id });
        }
        const vivos = [...estados.payouts.values()].map((v) => v.estado)
          .filter((p) => vivo(p) && p.partner_id === partner_id && p.ficha.cycle_id === cycle_id);
        const deuda = pendientes(estados, partner_id);
        const { comisiones, arrastre } = repartirLineas(estados.ciclo, deuda.filter(pagable(ahora)));
        const previo = elPrevio(vivos, pedido, comisiones.length > 0);
        const retenidas = repartirLineas(estados.ciclo, deuda.filter((t) => !pagable(ahora)(t))).comisiones;
        const hasta = previo === undefined ? loRetiene(comisiones, retenidas, monedaPedida(pedido)) : null;
        if (hasta !== null) return err({ tipo: "comisiones_retenidas", hasta });
        const calculo = previo === undefined ? calcularPartner(comisiones, arrastre, pedido) : null;
        if (calculo !== null && !calculo.ok) return calculo;
        const vigente = previo ??
          vivos.find((p) => p.ficha.monto_total.moneda === calculo?.value.monto_total.moneda);
        if (vigente !== undefined) {
          return pedido.id === null
            ? repetido(vigente, pedido)
            : err({ tipo: "otro_pago_vivo", id: vigente.ficha.id });
        }
        if (calculo === null) throw new Error("neither a previous payout nor a new one");

        const { monto_total, pedido: asked, lineas } = calculo.value;
        const ficha: Ficha = {
          id,
          tipo: "PARTNER",
          cycle_id,
          idCampania: null,
          monto_total,
          pedido: asked,
          automatico: false,
          metodo_pago: pedido.metodo_pago,
          dicho: pedido.dicho,
          creado: ahora,
        };
        const r = aplicar(
          { estado: payoutDecider.inicial, version: 0 },
          [
            { tipo: "pedir", ficha, partner_id, espera: null, desde: ahora },
            ...(clave === null ? [] : [{ tipo: "iniciar" as const, clave, en: ahora }]),
          ],
          estados,
          { actor: actorName(context.actor), ahora, tiempos },
          lineas,
        );
        if (!r.ok) return r;
        // A due one that no worker has released yet is released here.
        const reclamadas = lineas.map((t) => ({
          transaccion: { ...liberada(t), payout_id: id },
          anterior: estados.transacciones.get(t.id)?.version ?? 0,
        }));
        const asientos = lineas.filter((t) => porLiberar(t, ahora)).flatMap(liberacion);
        const changes = juntar(
          { ...SIN_CAMBIOS, writes: { ...SIN_CAMBIOS.writes, transacciones: reclamadas, asientos } },
          r.value.cambios,
        );
        const orden = clave === null
          ? {}
          : { orden: { clave, payout_id: id, monto: monto_total, mascara: ficha.metodo_pago.mascara } };
        return ok({ value: { ...aceptado(r.value.payout), ...orden }, changes });
      },
    );
    if (hecho.ok && hecho.value.orden !== undefined) {
      const { correlation_id: correlacion, traceparent } = context;
      entrega?.pagar({ id, correlacion, traceparent, saga_paso: null }, hecho.value.orden, 1);
    }
    return hecho;
  };

const pendientes = ({ transacciones }: Estados, partner_id: string) =>
  [...transacciones.values()].map((v) => v.estado)
    .filter((t) => t.partner_id === partner_id && t.payout_id === null && t.por_pagar);

const pagable = (ahora: Date) => (t: Transaccion): boolean => t.liberada || t.libera <= ahora;

/**
 * Until when the cycle's commissions are held, when all of them are: an amount asked for in their place would pay them
 * now and again later.
 */
function loRetiene(
  comisiones: readonly Transaccion[],
  retenidas: readonly Transaccion[],
  moneda: Moneda | null,
): Date | null {
  const de = (t: Transaccion) => moneda === null || t.comision.moneda === moneda;
  if (comisiones.some(de)) return null;
  const fines = retenidas.filter(de).map((t) => t.libera.getTime());
  return fines.length === 0 ? null : new Date(Math.min(...fines));
}

/**
 * The payout that a request repeats before any sum is made: of the currency it names; without one, the payout that was
 * asked for without one too, or the only one when nothing is left to pay.
 */
function elPrevio(vivos: readonly Existente[], s: Solicitud, hayComisiones: boolean): Existente | undefined {
  const pedida = monedaPedida(s);
  if (pedida !== null) return vivos.find((p) => p.ficha.monto_total.moneda === pedida);
  const igual = vivos.find((p) => p.ficha.pedido.moneda === null);
  return igual ?? (!hayComisiones && vivos.length === 1 ? vivos[0] : undefined);
}
