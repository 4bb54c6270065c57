import type { Dinero, Moneda } from "@alpes/shared/seedwork/money.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Decision, Outgoing, RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { type Campania, gastar, monedaDe } from "../domain/campania.ts";
import { GENERAL } from "../domain/condiciones.ts";
import { enMoneda, type MontoPedido } from "../domain/pedido.ts";
import { comisionDe } from "../domain/tarifas.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import { SIN_CAMBIOS } from "./aplicar.ts";
import { comision as comisionEnElLibro } from "../domain/libro/hechos.ts";
import { conPaciencia, type Dormir } from "./espera.ts";
import { diasRetenida, liberaEn } from "./liberar.ts";
import { type Escrituras, type Estados, NADA, type UnidadPagos } from "./ports.ts";
import { comisionRegistrada, presupuestoAgotado } from "./presupuesto_mensajes.ts";
import type { LoteRechazado, Rechazo } from "./rechazo.ts";

export interface EntradaTransaccion {
  readonly id: string | null;
  readonly partner_id: string;
  readonly idCampania: string | null;
  readonly brand_id: string | null;
  readonly event_type: string;
  readonly event_timestamp: Date | null;
  readonly monto_original: MontoPedido | null;
  readonly comision: MontoPedido | null;
  readonly moneda: Moneda | null;
}

export interface Registradas {
  readonly transacciones: readonly Transaccion[];
  /** How many of them this call made; harmless repeats are not counted. */
  readonly creadas: number;
  readonly nuevas: ReadonlySet<string>;
}

/**
 * Records commissions, all or none, each once by its id; those of a campaign are spent of its budget. `retencion`: for
 * how many days they are held where nothing else was agreed.
 */
export const registrarTransacciones =
  (uow: UnidadPagos, newId: NewId, dormir: Dormir, retencion: number) =>
  async (
    context: RequestContext,
    entradas: readonly EntradaTransaccion[],
  ): Promise<Result<Registradas, LoteRechazado | typeof PROHIBIDO>> => {
    if (permitido(context.actor, "transacciones.registrar", []) !== "si") return err(PROHIBIDO);
    const conId = entradas.map((e) => ({ ...e, id: e.id ?? `tx-${newId()}` }));
    const campanias = [...new Set(conId.flatMap((e) => e.idCampania === null ? [] : [e.idCampania]))];
    const porTarifa = conId.filter((e) => e.comision === null);
    const unicos = (xs: readonly (string | null)[]) => [...new Set(xs)].filter((x) => x !== null);
    const ids = {
      ...NADA,
      campanias,
      transacciones: conId.map((e) => e.id),
      condiciones: [GENERAL, ...new Set(conId.map((e) => e.partner_id))],
      tarifas: porTarifa.length === 0 ? null : {
        eventos: unicos(porTarifa.map((e) => e.event_type)),
        partners: unicos(porTarifa.map((e) => e.partner_id)),
        marcas: unicos(porTarifa.map((e) => e.brand_id)),
      },
    };
    return await conPaciencia(
      dormir,
      (x: LoteRechazado) => x.rechazos.every(({ rechazo }) => puedeCambiar(rechazo)),
      () => uow.ejecutar(context, ids, (e, ahora) => registrar(conId, e, ahora, retencion)),
    );
  };

// The campaign's approval may be on its way.
const puedeCambiar = (r: Rechazo) =>
  r.tipo === "campania_no_aprobada" && (r.estado === null || r.estado === "PENDIENTE");

function registrar(
  entradas: readonly (EntradaTransaccion & { id: string })[],
  estados: Estados,
  ahora: Date,
  retencion: number,
): Decision<Registradas, Escrituras, LoteRechazado> {
  const campanias = new Map([...estados.campanias].map(([id, v]) => [id, v.estado]));
  const vistas = new Map([...estados.transacciones].map(([id, v]) => [id, v.estado]));
  const nuevas: Transaccion[] = [];
  const mensajes: Outgoing[] = [];
  const rechazos: { indice: number; rechazo: Rechazo }[] = [];
  entradas.forEach((entrada, indice) => {
    const r = una(entrada, vistas.get(entrada.id), campanias, estados, ahora, retencion);
    if (!r.ok) return rechazos.push({ indice, rechazo: r.error });
    const { transaccion, campania, agotado } = r.value;
    if (vistas.get(entrada.id) !== transaccion) nuevas.push(transaccion);
    vistas.set(entrada.id, transaccion);
    if (campania === null) return;
    campanias.set(campania.idCampania, campania);
    const version = (estados.campanias.get(campania.idCampania)?.version ?? 0) + 1;
    mensajes.push(comisionRegistrada(transaccion, transaccion.comision, version));
    if (agotado) mensajes.push(presupuestoAgotado(campania.idCampania, version));
  });
  if (rechazos.length > 0) return err({ tipo: "lote_rechazado", rechazos });
  const transacciones = entradas.flatMap((e) => vistas.get(e.id) ?? []);
  if (nuevas.length === 0) {
    return ok({ value: { transacciones, creadas: 0, nuevas: new Set() }, changes: null });
  }
  return ok({
    value: { transacciones, creadas: nuevas.length, nuevas: new Set(nuevas.map((t) => t.id)) },
    changes: {
      writes: {
        ...SIN_CAMBIOS.writes,
        transacciones: nuevas.map((transaccion) => ({ transaccion, anterior: 0 })),
        campanias: [...campanias.values()].flatMap((campania) => {
          const antes = estados.campanias.get(campania.idCampania);
          return antes === undefined || antes.estado === campania
            ? []
            : [{ campania, anterior: antes.version }];
        }),
        asientos: nuevas.flatMap(comisionEnElLibro),
      },
      messages: mensajes,
      feed: nuevas.map((t) => ({ tipo: "transaccion", id: t.id, version: 1 })),
    },
  });
}

interface Una {
  readonly transaccion: Transaccion;
  readonly campania: Campania | null;
  readonly agotado: boolean;
}

function una(
  e: EntradaTransaccion & { id: string },
  previa: Transaccion | undefined,
  campanias: ReadonlyMap<string, Campania>,
  estados: Estados,
  ahora: Date,
  retencion: number,
): Result<Una, Rechazo> {
  const huella = huellaDe(e);
  if (previa !== undefined) {
    return previa.huella === huella
      ? ok({ transaccion: previa, campania: null, agotado: false })
      : err({ tipo: "otra_transaccion", id: e.id });
  }
  const campania = e.idCampania === null ? null : campanias.get(e.idCampania) ?? null;
  const moneda = e.moneda ?? e.monto_original?.moneda ?? e.comision?.moneda ?? monedaDe(campania) ?? "USD";
  const original = e.monto_original === null ? ok(null) : enMoneda(e.monto_original, moneda);
  if (!original.ok) return original;
  const en = e.event_timestamp ?? ahora;
  const calculo = comisionar(e, original.value, moneda, en, estados.tarifas);
  if (!calculo.ok) return calculo;
  const { comision, tarifa_id } = calculo.value;
  const gasto = e.idCampania === null ? null : gastar(e.idCampania, campania, comision);
  if (gasto !== null && !gasto.ok) return gasto;
  const dias = diasRetenida(e.partner_id, estados, retencion);
  const transaccion: Transaccion = {
    id: e.id,
    partner_id: e.partner_id,
    idCampania: e.idCampania,
    brand_id: e.brand_id,
    event_type: e.event_type,
    event_timestamp: en,
    monto_original: original.value,
    comision,
    tarifa_id,
    estado: "ACTIVE",
    payout_id: null,
    por_pagar: true,
    reembolso_de: null,
    libera: liberaEn(ahora, dias),
    liberada: dias === 0,
    motivo: null,
    huella,
    creada: ahora,
  };
  return ok({ transaccion, campania: gasto?.value.campania ?? null, agotado: gasto?.value.agotado ?? false });
}

/** The commission as it was given, or else by the rate that holds at the event's time. */
function comisionar(
  e: EntradaTransaccion,
  original: Dinero | null,
  moneda: Moneda,
  en: Date,
  tarifas: Estados["tarifas"],
): Result<{ readonly comision: Dinero; readonly tarifa_id: string | null }, Rechazo> {
  if (e.comision !== null) {
    const dada = enMoneda(e.comision, moneda);
    return dada.ok ? ok({ comision: dada.value, tarifa_id: null }) : dada;
  }
  const { partner_id, brand_id, event_type } = e;
  const r = comisionDe({ partner_id, brand_id, event_type, moneda, en }, original, tarifas.values());
  return r.ok ? ok({ comision: r.value.monto, tarifa_id: r.value.tarifa.id }) : r;
}

/** What was asked, field by field, so that a repeat is told from another commission under the same id. */
const huellaDe = (e: EntradaTransaccion): string =>
  JSON.stringify([
    e.partner_id,
    e.idCampania,
    e.brand_id,
    e.event_type,
    e.event_timestamp?.toISOString() ?? null,
    e.monto_original === null ? null : [String(e.monto_original.valor), e.monto_original.moneda],
    e.comision === null ? null : [String(e.comision.valor), e.comision.moneda],
    e.moneda,
  ]);
