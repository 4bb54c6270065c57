import { type Answer, dig } from "./demo_api.ts";
import { field, status, text, until } from "./demo_checks.ts";
import { once, type World } from "./demo_scenario.ts";

/** What somebody may want to see happen, by name. Each answers with the ids to look at. */
export interface Escenario {
  /** What happens, in one line. */
  readonly que: string;
  disparar(w: World): Promise<Disparado>;
}
export interface Disparado {
  readonly ids: Readonly<Record<string, string>>;
  readonly resultado: string;
  /** The request that began it: `deno task sigue` tells what became of it. */
  readonly solicitud: string;
}

const cop = (valor: string) => ({ valor, moneda: "COP" });
const hecho = (a: Answer, ids: Record<string, string>, resultado: string): Disparado => ({
  ids,
  resultado,
  solicitud: a.requestId,
});

async function cliente(w: World): Promise<string> {
  const id = `${w.prefix}-c`;
  const cuerpo = {
    id,
    tipo_cliente: "EMPRESA",
    nombre: `Dispara ${w.prefix}`,
    email: `${id}@correo.example`,
    rut: id,
  };
  status(await w.api.send("POST", "/cliente/registrar", cuerpo), 200, 201);
  return id;
}
async function campania(w: World, mas: Record<string, unknown>): Promise<{ id: string; a: Answer }> {
  const id = `${w.prefix}-k`;
  const cuerpo = {
    idCampania: id,
    idCliente: await cliente(w),
    nombre: `Dispara ${w.prefix}`,
    itinerario: [],
    ...mas,
  };
  return { id, a: status(await w.api.send("POST", "/campanias/crear", cuerpo), 202) };
}
/** A campaign and a payment for it, with a method whose last digits decide what the bank does. */
async function pagada(w: World, cifras: string): Promise<{ k: string; p: string; a: Answer }> {
  const { id: k } = await campania(w, {});
  const p = `${w.prefix}-p`;
  const a = status(
    await once(w, "pagar", "/pagos/pagar", {
      id: p,
      idCampania: k,
      monto: cop("150000.00"),
      payment_method_type: "TARJETA",
      payment_method_mask: `****${cifras}`,
    }),
    202,
  );
  return { k, p, a };
}
const espera = (w: World, ruta: string, estado: string) => until(w.api, ruta, "estado", [estado], w.patience);
const banco = (que: string, cifras: string, estado: string, deCampania?: string): Escenario => ({
  que,
  async disparar(w) {
    const { k, p, a } = await pagada(w, cifras);
    await espera(w, `/pagos/${p}`, estado);
    if (deCampania !== undefined) await espera(w, `/campanias/${k}`, deCampania);
    return hecho(a, { campania: k, pago: p }, [estado, deCampania].filter(Boolean).join(", campaña "));
  },
});
async function comisiones(w: World, k: string | null, montos: readonly string[]): Promise<Answer> {
  const transacciones = montos.map((m, i) => ({
    id: `${w.prefix}-t${i}`,
    partner_id: `${w.prefix}-s`,
    idCampania: k,
    event_type: "VENTA",
    event_timestamp: "2026-01-15T12:00:00Z",
    comision: cop(m),
  }));
  return status(await once(w, "comisiones", "/pagos/transacciones", { transacciones }), 200, 201);
}

/** In the order in which they are listed. */
export const ESCENARIOS: Readonly<Record<string, Escenario>> = {
  "anticipo": {
    que: "una campaña con anticipo se cobra sola y se aprueba",
    async disparar(w) {
      const { id, a } = await campania(w, { presupuesto: cop("1000000.00"), anticipo: cop("150000.00") });
      await espera(w, `/campanias/${id}`, "APROBADA");
      return hecho(a, { campania: id }, "APROBADA");
    },
  },
  "pago": banco("alguien paga una campaña, y se aprueba", "1234", "EXITOSO", "APROBADA"),
  "rechazado": banco("el banco se niega: la campaña se cancela", "0002", "FALLIDO", "CANCELADA"),
  "desconocido": banco("el banco no contesta nunca: no se sabe, y así se dice", "0004", "EN_VERIFICACION"),
  "tardio": banco(
    "el banco contesta tarde: primero no se sabe, después se pagó",
    "0006",
    "EXITOSO",
    "APROBADA",
  ),
  "respuesta-perdida": banco(
    "el banco paga y la respuesta se pierde: se averigua",
    "0008",
    "EXITOSO",
    "APROBADA",
  ),
  "revertido": {
    que: "un pago se revierte: la campaña que aprobó se compensa",
    async disparar(w) {
      const { k, p } = await pagada(w, "1234");
      await espera(w, `/campanias/${k}`, "APROBADA");
      const a = status(await once(w, "revertir", `/pagos/${p}/revertir`, { motivo: "dispara" }), 202);
      await espera(w, `/campanias/${k}`, "CANCELADA");
      return hecho(a, { campania: k, pago: p }, "REVERTIDO, campaña CANCELADA");
    },
  },
  "duplicado": {
    que: "la misma petición dos veces con la misma clave: un solo pago",
    async disparar(w) {
      const { k, p } = await pagada(w, "1234");
      const { a } = await pagada(w, "1234");
      return hecho(
        a,
        { campania: k, pago: p },
        `Idempotency-Replayed: ${a.headers.get("idempotency-replayed")}`,
      );
    },
  },
  "clave-reutilizada": {
    que: "la misma clave con otro cuerpo: 422",
    async disparar(w) {
      await comisiones(w, null, ["1.00"]);
      const a = status(
        await once(w, "comisiones", "/pagos/transacciones", {
          transacciones: [{ partner_id: "x", event_type: "VENTA", comision: cop("2.00") }],
        }),
        422,
      );
      return hecho(a, {}, text(a, "codigo"));
    },
  },
  "presupuesto-agotado": {
    que: "las comisiones llegan al presupuesto: la campaña queda en pausa",
    async disparar(w) {
      const { id } = await campania(w, { presupuesto: cop("1000.00") });
      status(await once(w, "aprobar", `/campanias/${id}/aprobar`, { sin_anticipo: true }), 200);
      const a = await comisiones(w, id, ["600.00", "400.00"]);
      await espera(w, `/campanias/${id}`, "PAUSADA");
      return hecho(a, { campania: id, socio: `${w.prefix}-s` }, "PAUSADA");
    },
  },
  "socio": {
    que: "a un socio se le pagan sus comisiones de un ciclo, y el total lo dicen ellas",
    async disparar(w) {
      const ciclo = { id: `${w.prefix}-ciclo`, inicio: "2026-01-01", fin: "2026-01-31" };
      status(await once(w, "ciclo", "/pagos/ciclos", ciclo), 200, 201);
      await comisiones(w, null, ["0.10", "1150.25"]);
      const a = status(
        await once(w, "socio", "/pagos/pagar", { partner_id: `${w.prefix}-s`, cycle_id: ciclo.id }),
        202,
      );
      const id = text(a, "id");
      field(await espera(w, `/pagos/${id}`, "EXITOSO"), "monto_total.valor", "1150.35");
      return hecho(a, { pago: id, socio: `${w.prefix}-s` }, "EXITOSO, COP 1150.35");
    },
  },
  "version-vieja": {
    que: "se edita con una versión que ya no es: 412",
    async disparar(w) {
      const { id } = await campania(w, {});
      const editar = (nombre: string) =>
        w.api.send("PATCH", `/campanias/${id}`, { nombre }, { "If-Match": '"v1"' });
      status(await editar("una"), 200);
      const a = status(await editar("otra"), 412);
      return hecho(a, { campania: id }, String(dig(a.body, "codigo")));
    },
  },
  "repetido": {
    que: "un cliente con el correo de otro: 409, y dice qué campo",
    async disparar(w) {
      const id = await cliente(w);
      const otro = {
        id: `${id}2`,
        tipo_cliente: "EMPRESA",
        nombre: "Otra",
        email: `${id}@correo.example`,
        rut: `${id}2`,
      };
      const a = status(await w.api.send("POST", "/cliente/registrar", otro), 409);
      return hecho(a, { cliente: id }, String(dig(a.body, "errores.0.campo")));
    },
  },
};
