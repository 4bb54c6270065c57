import assert from "node:assert/strict";
import { type Dinero, dinero } from "@alpes/shared/seedwork/money.ts";
import type { Campania } from "../campania.ts";
import type { Existente } from "../payout.ts";
import type { Transaccion } from "../transaccion.ts";
import { type Asiento, mover } from "./asiento.ts";
import {
  AJUSTES,
  BANCO,
  COMISIONES_BANCARIAS,
  type Cuenta,
  disponible,
  enPago,
  PLATAFORMA,
  porCobrar,
  presupuesto,
  retenido,
} from "./cuentas.ts";
import * as hecho from "./hechos.ts";

const en = new Date("2026-01-15T12:00:00Z");
const usd = (unidades: bigint) => dinero(unidades, "USD");
const MONTOS: Readonly<Record<string, Dinero>> = {
  fondo: usd(1_000n),
  diferencia: usd(300n),
  resto: usd(700n),
  comision: usd(50n),
  ajuste: usd(100n),
  debido: usd(20n),
  monto: usd(80n),
  fee: usd(3n),
  "monto − fee": usd(77n),
};
const CUENTAS: Readonly<Record<string, Cuenta>> = {
  por_cobrar: porCobrar("cl-1"),
  presupuesto: presupuesto("ca-1"),
  retenido: retenido("p-1"),
  disponible: disponible("p-1"),
  en_pago: enPago("p-1"),
  banco: BANCO,
  comisiones_bancarias: COMISIONES_BANCARIAS,
  "plataforma:comisiones": PLATAFORMA,
  ajustes: AJUSTES,
};
const IDS: Readonly<Record<string, string>> = {
  campania: "ca-1",
  version: "7",
  payout: "pago-1",
  transaccion: "t-1",
};
const monto = (nombre: string) => MONTOS[nombre] ?? assert.fail(`no amount is called ${nombre}`);
const cuenta = (nombre: string) => CUENTAS[nombre] ?? assert.fail(`no account is called ${nombre}`);

const campania: Campania = {
  idCampania: "ca-1",
  idCliente: "cl-1",
  estado: "APROBADA",
  presupuesto: monto("fondo"),
  anticipo: null,
  gastado: null,
  fondeado: null,
  fondeos: 0,
};
const libre: Transaccion = {
  id: "t-1",
  partner_id: "p-1",
  idCampania: "ca-1",
  brand_id: null,
  event_type: "VENTA",
  event_timestamp: en,
  monto_original: null,
  comision: monto("comision"),
  tarifa_id: null,
  estado: "ACTIVE",
  payout_id: null,
  por_pagar: true,
  reembolso_de: null,
  libera: en,
  liberada: true,
  motivo: null,
  huella: "",
  creada: en,
};
const retenida: Transaccion = { ...libre, libera: new Date(en.getTime() + 86_400_000), liberada: false };
const deuda: Transaccion = { ...libre, id: "r-1", comision: usd(-20n), reembolso_de: "t-0" };
const payout = (tipo: "PARTNER" | "CAMPANIA"): Existente => ({
  ficha: {
    id: "pago-1",
    tipo,
    cycle_id: "c-1",
    idCampania: tipo === "CAMPANIA" ? "ca-1" : null,
    monto_total: monto("monto"),
    pedido: { monto: null, moneda: null },
    automatico: false,
    metodo_pago: { tipo: "ACH", mascara: null },
    dicho: { confirmation_id: null, failure_reason: null, processed_at: null, completed_at: null },
    creado: en,
  },
  partner_id: tipo === "CAMPANIA" ? "cl-1" : "p-1",
  intentos: [],
  reversion: null,
  estado: "CONFIRMADO",
});
const [PARTNER, CAMPANIA] = [payout("PARTNER"), payout("CAMPANIA")];
const fee = monto("fee");

/** What the code posts in each case of the table. */
const CASOS: Readonly<Record<string, readonly Asiento[]>> = {
  "a campaign is approved": hecho.fondeo(campania, monto("fondo"), null),
  "its budget grows": hecho.fondeo(campania, monto("diferencia"), 7),
  "its budget shrinks": hecho.fondeo(campania, usd(-300n), 7),
  "it is cancelled, nothing spent": hecho.cancelacion(campania, monto("fondo"), null),
  "it is cancelled after commissions raced in": hecho.cancelacion(campania, monto("resto"), 7),
  "its payment is EXITOSO": hecho.cobro(CAMPANIA, fee),
  "that payment is REVERTIDO": hecho.cobroDevuelto(CAMPANIA, fee),
  "a commission, with a hold": hecho.comision(retenida),
  "a commission, without": hecho.comision(libre),
  "a commission of no campaign": hecho.comision({ ...libre, idCampania: null }),
  "its hold is over": hecho.liberacion(retenida),
  "a refund while held": hecho.reembolsoSinPagar(retenida),
  "a refund after release": hecho.reembolsoSinPagar({ ...retenida, liberada: true }).slice(0, 1),
  "and with it": hecho.reembolsoSinPagar({ ...retenida, liberada: true }).slice(1),
  "a refund when a payout holds it": hecho.reembolsoPagado(libre),
  "refund and commission meet unpaid": hecho.anulacion(libre),
  "a partner's payout is CONFIRMADO": hecho.reserva(PARTNER, [deuda]),
  "it is FALLIDO": hecho.reservaDevuelta(PARTNER, [deuda]),
  "it is EXITOSO": hecho.pago(PARTNER, fee),
  "it is REVERTIDO": hecho.pagoDevuelto(PARTNER, fee),
};

interface Fila {
  readonly caso: string;
  readonly hecho: string;
  readonly clave: string;
  readonly movimientos: string;
}
const TEXTO = await Deno.readTextFile(new URL("../../../../docs/libro.md", import.meta.url));
const FILAS: readonly Fila[] = (TEXTO.split("\n## Fact → entry\n")[1] ?? "").split("\n## ")[0]?.split("\n")
  .filter((l) => /^\| [^-]/.test(l)).slice(1)
  .map((l) => {
    const [, caso = "", hecho = "", clave = "", movimientos = ""] = l.split("|").map((x) => x.trim());
    return { caso, hecho, clave: clave.replaceAll("`", ""), movimientos };
  }) ?? [];

for (const fila of FILAS) {
  Deno.test(`the ledger's table: ${fila.caso}`, () => {
    const [asiento, ...mas] = CASOS[fila.caso] ?? assert.fail(`nothing is posted when ${fila.caso}`);
    assert.deepEqual(mas, []);
    const esReverso = fila.movimientos.endsWith("(reversal)");
    const lineas = fila.movimientos.replace("(reversal)", "").split(";").flatMap((m) => {
      const [, de = "", a = "", cuanto = ""] = /^(\S+) → (\S+): (.+)$/.exec(m.trim()) ?? assert.fail(m);
      return mover(cuenta(de), cuenta(a), monto(cuanto.trim()));
    });
    const porCuenta = (ls: readonly { cuenta: Cuenta; importe: Dinero }[]) =>
      ls.map((l) => `${l.cuenta} ${l.importe.unidades}`).sort();
    assert.deepEqual(porCuenta(asiento?.lineas ?? []), porCuenta(lineas));
    assert.equal(asiento?.hecho, fila.hecho);
    assert.equal(asiento?.clave, fila.clave.replace(/\{(\w+)\}/g, (_, id) => IDS[id] ?? assert.fail(id)));
    assert.equal(asiento?.revierte !== null, esReverso);
  });
}

Deno.test("every case has its row in the table", () => {
  assert.deepEqual(FILAS.map((f) => f.caso).sort(), Object.keys(CASOS).sort());
});
