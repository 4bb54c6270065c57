import { dig } from "./demo_api.ts";
import { field, status, until } from "./demo_checks.ts";
import { once, type Scenario, type World } from "./demo_scenario.ts";
import { money } from "./demo_table.ts";

const cop = (valor: string) => ({ valor, moneda: "COP" });

/** A campaign of a partner's commissions, approved without money so that the story is about the partner. */
async function aprobada(w: World, caso: string, presupuesto: string): Promise<string> {
  const campania = `${w.prefix}-k-${caso}`;
  const nueva = {
    idCampania: campania,
    idCliente: `${w.prefix}-k-${caso}-cliente`,
    itinerario: [],
    presupuesto: cop(presupuesto),
  };
  status(await w.api.send("POST", "/campanias/crear", nueva), 202);
  status(await once(w, `aprobar-${caso}`, `/campanias/${campania}/aprobar`, { motivo: "piloto" }), 200);
  return campania;
}

/**
 * Records commissions; their own ids make a repeat harmless. pagos hears of an approval by a message, and until then it
 * refuses: whoever approved a moment ago asks again.
 */
async function registrar(w: World, cuerpo: unknown): Promise<void> {
  const end = performance.now() + w.patience;
  for (;;) {
    const a = await w.api.send("POST", "/pagos/transacciones", cuerpo);
    const early = a.status === 409 && dig(a.body, "codigo") === "campania_no_aprobada";
    if (!early || performance.now() > end) return void status(a, 200, 201);
    await new Promise((r) => setTimeout(r, 200));
  }
}

/** A year and a month of the demo's own, so that cycles never meet. */
const ciclo = async (w: World, mes: string): Promise<string> => {
  const id = `${w.prefix}-2025-${mes}`;
  const cuerpo = { id, inicio: `2025-${mes}-01`, fin: `2025-${mes}-28` };
  status(await once(w, `ciclo-${mes}`, "/pagos/ciclos", cuerpo), 200, 201);
  return id;
};

export const partners: readonly Scenario[] = [
  {
    name: "a partner is paid its exact sum",
    async run(w) {
      const campania = await aprobada(w, "comisiones", "9000000.00");
      const partner = `${w.prefix}-partner`;
      const de = (n: number, event_type: string, original: string, dia: string) => ({
        id: `${w.prefix}-tx-${n}`,
        partner_id: partner,
        idCampania: campania,
        event_type,
        event_timestamp: `2025-${dia}T15:00:00Z`,
        monto_original: cop(original),
      });
      const enero = {
        transacciones: [
          de(1, "VENTA", "1000000.00", "01-01"),
          de(2, "VENTA", "250000.50", "01-15"),
          de(3, "CONVERSION", "90000.00", "01-28"),
        ],
      };
      await registrar(w, enero);
      const primero = await pagar(w, partner, await ciclo(w, "01"));
      // 5 % of 1,000,000.00 + 5 % of 250,000.50 (12,500.025, half to even) + 3 % of 90,000.00.
      field(primero, "monto_total.valor", "65200.02");

      status(await once(w, "reembolsar", `/pagos/transacciones/${w.prefix}-tx-3/reembolsar`, {}), 200);
      await registrar(w, de(4, "VENTA", "400000.00", "02-10"));
      const segundo = await pagar(w, partner, await ciclo(w, "02"));
      field(segundo, "monto_total.valor", "17300.00");

      await until(w.api, `/campanias/${campania}`, "gasto.valor", ["82500.02"], w.patience);
      return {
        ids: partner,
        amount: money(dig(primero.body, "monto_total")),
        outcome: `then ${money(dig(segundo.body, "monto_total"))}: refund absorbed`,
      };
    },
  },
  {
    name: "a used-up budget pauses its campaign",
    async run(w) {
      const campania = await aprobada(w, "agotada", "100000.00");
      const venta = (n: number, comision: string) => ({
        id: `${w.prefix}-agotada-${n}`,
        partner_id: `${w.prefix}-partner-2`,
        idCampania: campania,
        event_type: "VENTA",
        comision: cop(comision),
      });
      await registrar(w, venta(1, "60000.00"));
      status(await w.api.send("POST", "/pagos/transacciones", venta(2, "60000.00")), 409);
      await registrar(w, venta(3, "40000.00"));
      const c = await until(w.api, `/campanias/${campania}`, "estado", ["PAUSADA"], w.patience);
      field(c, "motivo", "presupuesto agotado");
      return {
        ids: campania,
        amount: money(dig(c.body, "gasto")),
        outcome: "PAUSADA, 409 beyond the budget",
      };
    },
  },
];

/** Pays what the partner earned in the cycle; asked again it is the same payout, asked for more it is refused. */
async function pagar(w: World, partner_id: string, cycle_id: string) {
  const pedido = { partner_id, cycle_id, payment_method_type: "PSE" };
  const a = status(await once(w, `pagar-${cycle_id}`, "/pagos/pagar", pedido), 202);
  const id = String(dig(a.body, "id"));
  field(status(await w.api.send("POST", "/pagos/pagar", pedido), 202), "id", id);
  status(await w.api.send("POST", "/pagos/pagar", { ...pedido, total_amount: cop("1.00") }), 409);
  return await until(w.api, `/pagos/${id}`, "estado", ["EXITOSO"], w.patience);
}
