import { dig } from "./demo_api.ts";
import { field, status, Unexpected, until } from "./demo_checks.ts";
import { once, type World } from "./demo_scenario.ts";

/** A payment must pass through this before its end. */
export async function passedThrough(w: World, pago: string, estado: string): Promise<void> {
  if (!w.calm) return;
  const a = status(await w.api.send("GET", `/pagos/${pago}/historial`), 200);
  const data = dig(a.body, "data");
  const steps = Array.isArray(data) ? data.map((s) => String(dig(s, "estado_nuevo"))) : [];
  if (!steps.includes(estado)) {
    throw new Unexpected(`${a.request}`, `a step ${estado}`, steps.join(" → "), a.requestId);
  }
}

interface Nueva {
  readonly nombre: string;
  readonly presupuesto: string;
  readonly anticipo?: string;
}

/** Registers whose campaign it is, and creates it; both may stand already. */
export async function crear(
  w: World,
  caso: string,
  nueva: Nueva,
): Promise<{ campania: string; cliente: string }> {
  const cliente = `${w.prefix}-k-${caso}-cliente`;
  const rut = `${w.prefix}-${caso}`.slice(0, 30);
  const registro = {
    id: cliente,
    tipo_cliente: "EMPRESA",
    nombre: `${nueva.nombre} S.A.S.`,
    email: `${cliente}@empresa.example`,
    rut,
  };
  status(await w.api.send("POST", "/cliente/registrar", registro), 200, 201);
  const campania = `${w.prefix}-k-${caso}`;
  const cop = (valor: string) => ({ valor, moneda: "COP" });
  const a = await w.api.send("POST", "/campanias/crear", {
    idCampania: campania,
    idCliente: cliente,
    nombre: nueva.nombre,
    itinerario: [{ dia: 1, accion: "publicar" }],
    presupuesto: cop(nueva.presupuesto),
    anticipo: nueva.anticipo === undefined ? null : cop(nueva.anticipo),
  });
  field(status(a, 202), "estado", "PENDIENTE");
  // Its own write is there at once.
  field(status(await w.api.send("GET", `/campanias/${campania}`), 200), "idCliente", cliente);
  return { campania, cliente };
}

export const ends = (w: World, campania: string, ...estados: string[]) =>
  until(w.api, `/campanias/${campania}`, "estado", estados, w.patience);
export const settles = (w: World, pago: string, ...estados: string[]) =>
  until(w.api, `/pagos/${pago}`, "estado", estados, w.patience);
export const counted = (w: World, cliente: string, pagos: number) =>
  until(w.api, `/cliente/${cliente}`, "total_pagos", [pagos], w.patience);

/** A campaign without an anticipo, paid with a method whose last four digits decide what the bank does. */
export async function pagada(w: World, caso: string, nueva: Nueva, mask: string) {
  const ids = await crear(w, caso, nueva);
  const pago = `${w.prefix}-p-${caso}`;
  const pedido = {
    id: pago,
    idCampania: ids.campania,
    monto: { valor: nueva.presupuesto, moneda: "COP" },
    payment_method_type: "TARJETA",
    payment_method_mask: `****${mask}`,
  };
  field(status(await once(w, `pagar-${caso}`, "/pagos/pagar", pedido), 202), "id", pago);
  return { ...ids, pago, pedido };
}
