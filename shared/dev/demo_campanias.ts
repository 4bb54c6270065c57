import { dig } from "./demo_api.ts";
import { field, status, text, Unexpected, until } from "./demo_checks.ts";
import { counted, crear, ends, pagada, passedThrough, settles } from "./demo_steps.ts";
import { once, type Report, type Scenario } from "./demo_scenario.ts";
import { money } from "./demo_table.ts";

const report = (a: { body: unknown }, ids: string, outcome: string): Report => ({
  ids,
  amount: money(dig(a.body, "monto_total") ?? dig(a.body, "anticipo")),
  outcome,
});

export const campanias: readonly Scenario[] = [
  {
    name: "an anticipo is paid by itself",
    async run(w) {
      const { campania, cliente } = await crear(w, "anticipo", {
        nombre: "Café de Altura",
        presupuesto: "1500000.00",
        anticipo: "150000.50",
      });
      const c = await ends(w, campania, "APROBADA");
      const pago = text(c, "pago_asociado_id");
      field(await settles(w, pago, "EXITOSO"), "monto_total.valor", "150000.50");
      await until(w.api, `/campanias/${campania}/saga`, "estado", ["COMPLETADA"], w.patience);
      await counted(w, cliente, 1);
      return report(c, campania, "EXITOSO → APROBADA");
    },
  },
  {
    name: "a campaign is paid for by hand",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "sin-anticipo", {
        nombre: "Panela Viva",
        presupuesto: "800000.00",
      }, "1234");
      const p = await settles(w, pago, "EXITOSO");
      field(await ends(w, campania, "APROBADA"), "pago_asociado_id", pago);
      await counted(w, cliente, 1);
      return report(p, campania, "EXITOSO → APROBADA");
    },
  },
  {
    name: "a refused payment cancels",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "rechazada", {
        nombre: "Ñapa y Ñame",
        presupuesto: "420000.00",
      }, "0002");
      const p = await settles(w, pago, "FALLIDO");
      await ends(w, campania, "CANCELADA");
      await counted(w, cliente, 0);
      return report(p, campania, "FALLIDO → CANCELADA");
    },
  },
  {
    name: "no answer is unknown, not failed",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "sin-respuesta", {
        nombre: "Cacao del Sur",
        presupuesto: "310000.00",
      }, "0004");
      const p = await settles(w, pago, "EN_VERIFICACION");
      // It waits for proof until SAGA_PLAZO is over, which may have passed when the demo runs again.
      const c = await ends(w, campania, "PENDIENTE", "CANCELADA");
      await counted(w, cliente, 0);
      return report(p, campania, `EN_VERIFICACION, ${text(c, "estado")}`);
    },
  },
  {
    name: "a late answer is found out",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "tarde", {
        nombre: "Mochilas Wayuú",
        presupuesto: "275000.00",
      }, "0006");
      const p = await settles(w, pago, "EXITOSO");
      await passedThrough(w, pago, "EN_VERIFICACION");
      await ends(w, campania, "APROBADA");
      await counted(w, cliente, 1);
      return report(p, campania, "unknown → EXITOSO → APROBADA");
    },
  },
  {
    name: "a lost answer is asked for again",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "cortada", {
        nombre: "Sombreros Vueltiaos",
        presupuesto: "198000.00",
      }, "0008");
      const p = await settles(w, pago, "EXITOSO");
      await passedThrough(w, pago, "EN_VERIFICACION");
      await ends(w, campania, "APROBADA");
      await counted(w, cliente, 1);
      return report(p, campania, "unknown → EXITOSO → APROBADA");
    },
  },
  {
    name: "a payment given back cancels",
    async run(w) {
      const { campania, cliente, pago } = await pagada(w, "revertida", {
        nombre: "Arepas Doña Inés",
        presupuesto: "640000.00",
      }, "1111");
      await settles(w, pago, "EXITOSO", "REVERTIDO");
      await ends(w, campania, "APROBADA", "CANCELADA");
      const motivo = { motivo: "el cliente se arrepintió" };
      status(await once(w, "revertir", `/pagos/${pago}/revertir`, motivo), 202);
      const p = await settles(w, pago, "REVERTIDO");
      await ends(w, campania, "CANCELADA");
      await counted(w, cliente, 0);
      return report(p, campania, "EXITOSO → REVERTIDO → CANCELADA");
    },
  },
  {
    name: "cancelling gives the payment back",
    async run(w) {
      const { campania, cliente } = await crear(w, "cancelada", {
        nombre: "Ruanas Boyacá",
        presupuesto: "900000.00",
        anticipo: "90000.00",
      });
      const c = await ends(w, campania, "APROBADA", "CANCELADA");
      const pago = text(c, "pago_asociado_id");
      const motivo = { motivo: "cambio de planes" };
      status(await once(w, "cancelar", `/campanias/${campania}/cancelar`, motivo), 200);
      const p = await settles(w, pago, "REVERTIDO");
      await ends(w, campania, "CANCELADA");
      await counted(w, cliente, 0);
      return report(p, campania, "CANCELADA → REVERTIDO");
    },
  },
  {
    name: "one payment sent twice is paid once",
    async run(w) {
      const { campania, cliente, pago, pedido } = await pagada(w, "dos-veces", {
        nombre: "Hamacas San Jacinto",
        presupuesto: "512000.00",
      }, "2222");
      const first = status(await once(w, "pagar-dos-veces", "/pagos/pagar", pedido), 202);
      const again = status(await once(w, "pagar-dos-veces", "/pagos/pagar", pedido), 202);
      if (again.text !== first.text || again.headers.get("idempotency-replayed") !== "true") {
        throw new Unexpected(
          `${again.request} again`,
          `the first answer ${first.text}`,
          again.text,
          again.requestId,
        );
      }
      const other = { ...pedido, monto: { valor: "1.00", moneda: "COP" } };
      field(
        status(await once(w, "pagar-dos-veces", "/pagos/pagar", other), 422),
        "codigo",
        "clave_reutilizada",
      );
      // Without a key the payment's own id makes a repeat harmless, and tells another amount.
      field(status(await w.api.send("POST", "/pagos/pagar", pedido), 202), "id", pago);
      status(await w.api.send("POST", "/pagos/pagar", other), 409);
      const p = await settles(w, pago, "EXITOSO");
      field(p, "intentos.length", 1);
      await ends(w, campania, "APROBADA");
      await counted(w, cliente, 1);
      return report(p, campania, "202 = 202, 422, 409; paid once");
    },
  },
  {
    name: "a finished campaign stays as it is",
    async run(w) {
      const { campania } = await crear(w, "finalizada", {
        nombre: "Feria de las Flores",
        presupuesto: "700000.00",
        anticipo: "70000.00",
      });
      await ends(w, campania, "APROBADA", "FINALIZADA");
      status(await once(w, "finalizar", `/campanias/${campania}/finalizar`, {}), 200);
      const c = await ends(w, campania, "FINALIZADA");
      status(await w.api.send("PATCH", `/campanias/${campania}`, { nombre: "Otra" }), 409);
      return report(c, campania, "FINALIZADA, 409 on edit");
    },
  },
];
