import { Hono } from "hono";
import { z } from "zod";
import { OrdenPspSchema, type PagoPsp } from "@alpes/shared/contracts/psp.ts";
import { CABECERA_FIRMA, juzgarFirma } from "@alpes/shared/contracts/psp_firma.ts";
import { comparar, type Dinero, dinero, fraccion, iguales, sumar } from "@alpes/shared/seedwork/money.ts";
import { type Falla, FALLAS, type Fallas } from "./fallas.ts";
import { jsonDe, lineaDe, LIQUIDACION } from "./liquidacion.ts";
import type { Asiento, Registro } from "./registro.ts";

export interface OpcionesSimulador {
  readonly registro: Registro;
  readonly fallas: Fallas;
  readonly secreto: string;
  /** What the bank keeps: hundredths of a percent of the amount, and a fixed number of minor units. 0 and 0: nothing. */
  readonly comision: { readonly pb: number; readonly fija: number };
  /** How late a late payment is made, ms; and after how long a silent answer gives up its connection. */
  readonly tardanza: number;
  readonly silencio: number;
  readonly reloj: () => number;
  /** There may be calls to make. */
  readonly avisar: () => void;
}

/** The simulated provider's HTTP side: the protocol of `shared/contracts/psp.ts`, and its own books. */
export function simulador(o: OpcionesSimulador): Hono {
  const { registro, fallas, reloj } = o;
  const app = new Hono();

  app.use("/pagos/*", async (c, next) => {
    const cuerpo = new Uint8Array(await c.req.arrayBuffer());
    const que = `${c.req.method} ${new URL(c.req.url).pathname}`;
    const firma = await juzgarFirma(o.secreto, reloj(), que, cuerpo, c.req.header(CABECERA_FIRMA));
    return firma === "buena" ? await next() : c.json({ codigo: `firma_${firma}` }, 401);
  });

  app.post("/pagos", async (c) => {
    const leida = OrdenPspSchema.safeParse(await c.req.json().catch(() => null));
    if (!leida.success || leida.data.clave !== c.req.header("idempotency-key")) {
      return c.json({ codigo: "orden_invalida" }, 400);
    }
    const { clave, payout_id, monto, mascara } = leida.data;
    const previo = registro.leer(clave);
    if (previo !== null && !iguales(previo.monto, monto)) return c.json({ codigo: "clave_reutilizada" }, 409);
    const falla = fallas.deOrden(mascara);
    if (previo === null && (falla === "calla_sin_pagar" || falla === "corta_sin_pagar")) {
      return await responder(c.req.raw, null, falla);
    }
    const asiento = previo ?? registro.decidir({
      clave,
      payout_id,
      monto,
      referencia: `psp-${crypto.randomUUID()}`,
      comision: falla === "rechaza" || falla === "nunca_contesta" ? null : comisionDe(monto, o.comision),
      ...decision(falla, reloj(), o.tardanza),
    }, falla === "nunca_contesta" ? [] : avisos(falla));
    o.avisar();
    return await responder(c.req.raw, asiento, falla);
  });

  app.get("/pagos/:clave", async (c) => {
    const clave = c.req.param("clave");
    const falla = fallas.deConsulta();
    const asiento = registro.leer(clave);
    if (asiento === null && falla === null) return c.json({ codigo: "clave_desconocida", clave }, 404);
    return await responder(c.req.raw, asiento, falla);
  });

  app.post("/pagos/:clave/devolucion", (c) => {
    const clave = c.req.param("clave");
    return registro.devolver(clave, reloj())
      ? c.json({ clave, estado: "DEVUELTO" })
      : c.json({ codigo: "nada_que_devolver", clave }, 409);
  });

  // ---- its books, and how it is made to misbehave: for whoever runs it, on this machine ----------------------------

  app.get("/registro", (c) => c.json({ pagos: [...registro.todo()].map(jsonDe) }));
  app.get("/liquidacion.csv", (c) => {
    const ahora = reloj();
    const filas = [...registro.todo()].flatMap((a) => lineaDe(a, ahora) ?? []);
    return c.body([LIQUIDACION, ...filas, ""].join("\n"), 200, { "Content-Type": "text/csv; charset=utf-8" });
  });
  app.post("/cierre", (c) => c.json({ cerrados: registro.cerrar(reloj()) }));
  app.post("/reglas", async (c) => {
    const r = Reglas.safeParse(await c.req.json().catch(() => null));
    if (!r.success) return c.json({ codigo: "regla_invalida", errores: z.treeifyError(r.error) }, 400);
    const { regla, fallas: tasa } = r.data;
    if (regla !== undefined) fallas.regla(regla);
    if (tasa !== undefined) fallas.azar(tasa);
    return c.json(r.data);
  });

  async function responder(pedido: Request, a: Asiento | null, falla: Falla | null): Promise<Response> {
    switch (falla) {
      case "nunca_contesta":
      case "contesta_tarde":
      case "calla_tras_pagar":
      case "calla_sin_pagar":
        await silencio(pedido.signal, o.silencio);
        return Response.json({ codigo: "tarde" }, { status: 504 });
      case "corta_tras_pagar":
      case "corta_sin_pagar":
        return cortada();
      case "error_tras_pagar":
        return Response.json({ codigo: "error_interno" }, { status: 500 });
      case "contesta_por_otro":
        // Sometimes another's key, sometimes another amount: neither says anything about this one.
        return Response.json(
          a === null || a.referencia < "psp-8"
            ? respuesta({ ...EJEMPLO, decidido: 0 }, 1)
            : respuesta({ ...a, monto: sumar(a.monto, dinero(1n, a.monto.moneda)) }, reloj()),
        );
      case "rechaza":
      case "contesta_dos_veces":
      case null:
        if (a === null) throw new Error("an answer about nothing");
        return Response.json(respuesta(a, reloj()));
    }
  }
  return app;
}

const EJEMPLO: Asiento = {
  clave: "otra~clave",
  payout_id: "otro",
  monto: dinero(100n, "USD"),
  estado: "PAGADO",
  referencia: "psp-otro",
  comision: null,
  razon: null,
  decidido: 0,
  devuelto: null,
};
const Reglas = z.strictObject({
  regla: z.strictObject({
    mascara: z.string().regex(/^\d{1,4}$/),
    falla: z.enum([...FALLAS, "nunca_contesta"]),
    veces: z.int().min(1).max(1_000_000),
  }).optional(),
  /** 0..1. */
  fallas: z.number().min(0).max(1).optional(),
});

/** What is known of it at that time, as the protocol says it. */
export function respuesta(
  a: Asiento,
  ahora: number,
): Record<string, unknown> & { estado: PagoPsp["estado"] } {
  const { clave, monto, estado, referencia, comision, razon } = jsonDe(a);
  const base = { clave, monto };
  if (a.estado === "EN_CURSO" || a.decidido > ahora) return { ...base, estado: "EN_CURSO" };
  return estado === "PAGADO" ? { ...base, estado, referencia, comision } : { ...base, estado, razon };
}

const decision = (f: Falla | null, ahora: number, tardanza: number) => {
  if (f === "rechaza") {
    return { estado: "NO_PAGADO" as const, razon: "el banco rechazó el pago", decidido: ahora };
  }
  if (f === "nunca_contesta") return { estado: "EN_CURSO" as const, razon: null, decidido: ahora };
  return {
    estado: "PAGADO" as const,
    razon: null,
    decidido: f === "contesta_tarde" ? ahora + tardanza : ahora,
  };
};
const avisos = (f: Falla | null): string[] =>
  Array.from({ length: f === "contesta_dos_veces" ? 2 : 1 }, () => `aviso-${crypto.randomUUID()}`);

function comisionDe(monto: Dinero, { pb, fija }: { pb: number; fija: number }): Dinero | null {
  if (pb === 0 && fija === 0) return null;
  const c = sumar(fraccion(monto, BigInt(pb), 10_000n), dinero(BigInt(fija), monto.moneda));
  return comparar(c, monto) > 0 ? monto : c;
}

/** Until whoever asked is gone, or nobody could be waiting any more. */
function silencio(gone: AbortSignal, ms: number): Promise<void> {
  return new Promise((r) => {
    const t = setTimeout(r, ms);
    gone.addEventListener("abort", () => {
      clearTimeout(t);
      r();
    }, { once: true });
  });
}

/** An answer that breaks off in the middle: the connection is gone. */
function cortada(): Response {
  const roto = new ReadableStream({
    start(c) {
      c.enqueue(new TextEncoder().encode('{"clave":'));
    },
    pull(c) {
      c.error(new Error("the connection is cut"));
    },
  });
  return new Response(roto, { status: 200, headers: { "Content-Type": "application/json" } });
}
