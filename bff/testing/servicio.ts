import { Hono } from "hono";
import type { Servicio } from "../ports.ts";
import { serie, unaCampania, unCliente, unPago } from "./ejemplos.ts";

/** How a service behaves: well, silent until the caller gives up, or broken in one of four ways. */
export const MALES = ["mudo", "500", "corta", "basura", "otra_forma"] as const;
export type Estado = "bien" | "503" | (typeof MALES)[number];

/** A service that speaks the contract on a loopback port, with a few rows in memory. Its rows can be changed directly. */
export function abrirServicio(servicio: Servicio) {
  const mundo = {
    estado: "bien" as Estado,
    clientes: [unCliente("c-1", "Begoña Núñez"), unCliente("c-2")],
    pagos: [unPago("p-1")],
    campanias: [unaCampania("k-1"), unaCampania("k-2", "c-9")],
    /** Every request but probes and feeds: `GET /cliente?…`. */
    peticiones: [] as string[],
    cabeceras: [] as Headers[],
    cuerpos: [] as string[],
    cambios: 1,
    /** Paths with one of these ends answer 500. */
    rotas: [] as string[],
    /** Milliseconds that a good answer takes. */
    demora: 0,
    /** The same but for its liveness, which answers at once. */
    lentas: 0,
  };
  const oyentes: (() => void)[] = [];
  /** One more line in the feed. */
  const cambiar = () => {
    mundo.cambios++;
    for (const oir of oyentes.splice(0)) oir();
  };
  const corte = new AbortController();
  const app = new Hono();
  const pagina = (data: unknown[]) => ({
    data,
    pagination: {
      page: 1,
      per_page: 20,
      total: data.length,
      total_estimado: false,
      pages: 1,
      has_next: false,
      has_prev: false,
    },
  });
  const falta = (c: { json: (b: object, s: 404, h: Record<string, string>) => Response }) =>
    c.json(
      {
        type: "/errores/no_encontrado",
        title: "No existe",
        status: 404,
        detail: "No hay nada",
        instance: "/x",
        codigo: "no_encontrado",
        errores: [],
        solicitud: "s",
      },
      404,
      { "content-type": "application/problem+json" },
    );
  const fin = Promise.withResolvers<Response>();
  const enfermo = (): Response | Promise<Response> | null => {
    switch (mundo.estado) {
      case "bien":
        return null;
      case "500":
        return new Response('{"stack":"secret at db.internal:5432"}', { status: 500 });
      case "503":
        return new Response("{}", { status: 503, headers: { "retry-after": "7" } });
      case "basura":
        return new Response("<html>proxy</html>", { status: 200 });
      case "otra_forma":
        return Response.json({ data: [{ nada: true }], total: "siete" });
      case "corta":
        return new Response(
          new ReadableStream({
            start(control) {
              control.enqueue(new TextEncoder().encode('{"data":['));
            },
            pull(control) {
              control.error(new Error("cut"));
            },
          }),
        );
      case "mudo":
        return fin.promise;
    }
  };
  app.use(async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const mal = enfermo();
    if (!/^\/(health|ready)$|\/cambios$/.test(pathname)) {
      mundo.peticiones.push(`${c.req.method} ${pathname}${search}`);
      mundo.cabeceras.push(new Headers(c.req.raw.headers));
    }
    if (mal !== null) return mal;
    if (mundo.rotas.some((fin) => pathname.endsWith(fin))) return c.text("no", 500);
    const demora = mundo.demora + (pathname === "/health" ? 0 : mundo.lentas);
    if (demora > 0) {
      const reloj = Promise.withResolvers<void>();
      const id = setTimeout(reloj.resolve, demora);
      await Promise.race([reloj.promise, fin.promise]);
      clearTimeout(id);
    }
    await next();
  });
  app.get("/health", (c) => c.json({ status: "up" }));
  app.get("/ready", (c) => c.json({ status: "ready", checks: [] }));
  app.get("/:modulo/cambios", async (c) => {
    const despues = Number(c.req.query("despues"));
    if (mundo.cambios <= despues && c.req.query("espera") !== "0") {
      await Promise.race([
        fin.promise,
        new Promise<void>((r) => oyentes.push(r)),
      ]);
    }
    const data = Array.from({ length: Math.max(0, mundo.cambios - despues) }, (_, i) => ({
      n: despues + i + 1,
      tipo: "x",
      id: "x",
      version: 1,
      correlacion: "x",
      en: "2026-01-01T00:00:00Z",
    }));
    return c.json({ data, primero: 0, ultimo: mundo.cambios });
  });

  if (servicio === "cliente") {
    app.get("/cliente", (c) => {
      const { ids, search } = c.req.query();
      const filas = mundo.clientes.filter((f) => !ids || ids.split(",").includes(f.id));
      return c.json(pagina(search ? filas.map((f) => ({ ...f, relevancia: 0.5 })) : filas));
    });
    app.get("/cliente/estadisticas", (c) =>
      c.json({
        total: mundo.clientes.length,
        por_estado: { ACTIVO: mundo.clientes.length, INACTIVO: 0, SUSPENDIDO: 0 },
        por_tipo: { NATURAL: mundo.clientes.length, EMPRESA: 0 },
        nuevos_30_dias: 0,
      }));
    app.get("/cliente/estadisticas/series", (c) => c.json(serie));
    app.post("/cliente/registrar", async (c) => {
      const texto = await c.req.text();
      mundo.cuerpos.push(texto);
      const cuerpo = JSON.parse(texto);
      if (cuerpo.email === "duplicado@correo.example") {
        return c.json(
          {
            type: "/errores/cliente_duplicado",
            title: "Duplicado",
            status: 409,
            detail: "El correo pertenece a otro cliente",
            instance: "/cliente/registrar",
            codigo: "cliente_duplicado",
            errores: [{ campo: "email", mensaje: "pertenece a otro cliente" }],
            solicitud: "s",
          },
          409,
          { "content-type": "application/problem+json" },
        );
      }
      const nuevo = unCliente(cuerpo.id ?? `c-${mundo.clientes.length + 1}`, cuerpo.nombre);
      mundo.clientes.push(nuevo);
      cambiar();
      return c.json(nuevo, 201, { etag: '"v1"', "idempotency-replayed": "true" });
    });
    app.get("/cliente/:id", (c) => {
      const uno = mundo.clientes.find((f) => f.id === c.req.param("id"));
      return uno ? c.json(uno, 200, { etag: '"v1"' }) : falta(c);
    });
    app.all("/cliente/eco/*", async (c) => {
      c.header("connection", "x-salto");
      c.header("x-salto", "no");
      const { pathname, search } = new URL(c.req.url);
      return c.json({
        metodo: c.req.method,
        url: pathname + search,
        cuerpo: await c.req.text(),
        cabeceras: Object.fromEntries(c.req.raw.headers),
      }, 207);
    });
  }
  if (servicio === "pagos") {
    const porEstado = {
      PENDIENTE: 2,
      CALCULADO: 0,
      CONFIRMADO: 0,
      EN_PROCESO: 0,
      EN_VERIFICACION: 1,
      EXITOSO: 4,
      FALLIDO: 0,
      RECHAZADO: 0,
      REVERTIDO: 0,
    };
    const por_moneda = [
      {
        moneda: "USD",
        cantidad: 5,
        total: "700.00",
        por_estado: {
          EXITOSO: { cantidad: 3, total: "450.75" },
          PENDIENTE: { cantidad: 2, total: "249.25" },
        },
      },
      {
        moneda: "COP",
        cantidad: 1,
        total: "1150.25",
        por_estado: { EXITOSO: { cantidad: 1, total: "1150.25" } },
      },
      {
        moneda: "EUR",
        cantidad: 1,
        total: "5.00",
        por_estado: { EN_VERIFICACION: { cantidad: 1, total: "5.00" } },
      },
    ];
    app.get("/pagos", (c) => {
      const filas = c.req.query("search") ? mundo.pagos.map((f) => ({ ...f, relevancia: 0.4 })) : mundo.pagos;
      return c.json({ ...pagina(filas), agregaciones: por_moneda });
    });
    app.get("/pagos/estadisticas", (c) =>
      c.json({
        total: 7,
        por_estado: porEstado,
        por_moneda,
        primer_pago: "2026-01-01T00:00:00.000Z",
        ultimo_pago: "2026-01-02T00:00:00.000Z",
      }));
    app.get("/pagos/estadisticas/series", (c) =>
      c.json({
        desde: serie.desde,
        paso: serie.paso,
        monedas: [{
          moneda: "COP",
          cantidad: 1,
          total: "1150.25",
          anterior: "0.00",
          puntos: [{ desde: serie.desde, cantidad: 1, total: "1150.25" }],
        }],
      }));
    app.post("/pagos/pagar", async (c) => {
      mundo.cuerpos.push(await c.req.text());
      mundo.pagos.push(unPago(`p-${mundo.pagos.length + 1}`));
      return c.json({ id: `p-${mundo.pagos.length}`, estado: "CONFIRMADO" }, 202);
    });
    app.get("/pagos/:id/historial", (c) =>
      c.json({
        data: [{
          estado_anterior: null,
          estado_nuevo: "PENDIENTE",
          fecha: "2026-01-02T00:00:00.000Z",
          motivo: null,
          actor: "persona:ana",
        }],
      }));
    app.get("/pagos/:id", (c) => {
      const uno = mundo.pagos.find((f) => f.id === c.req.param("id"));
      return uno ? c.json(uno) : falta(c);
    });
    app.get(
      "/pagos/operacion/mensajes",
      (c) =>
        c.json({
          data: [{ id: "pagos.sagas~e-1", error: "x" }],
          pagination: { limit: 20, next_cursor: "7", has_next: true },
        }),
    );
    app.post("/pagos/operacion/mensajes/:id/reintentar", async (c) => {
      mundo.cuerpos.push(await c.req.text());
      return c.json({ id: c.req.param("id"), estado: "LISTO" });
    });
  }
  if (servicio === "campanias") {
    app.get(
      "/campanias",
      (c) =>
        c.json(
          pagina(
            c.req.query("search") ? mundo.campanias.map((f) => ({ ...f, relevancia: 1 })) : mundo.campanias,
          ),
        ),
    );
    app.get("/campanias/estadisticas", (c) =>
      c.json({
        total: mundo.campanias.length,
        por_estado: { PENDIENTE: 0, APROBADA: 2, PAUSADA: 0, FINALIZADA: 3, CANCELADA: 0 },
        por_tipo: { PERFORMANCE: 2, BRANDING: 0, AWARENESS: 0, CONVERSION: 0, RETENTION: 0 },
        tasa_aprobacion: null,
      }));
    app.get("/campanias/estadisticas/series", (c) => c.json(serie));
    app.post("/campanias/crear", async (c) => {
      mundo.cuerpos.push(await c.req.text());
      return c.json({ status: "accepted", idCampania: "k-9", idCliente: "c-1", estado: "PENDIENTE" }, 202);
    });
    app.get(
      "/campanias/operacion/proyecciones",
      (c) => c.json({ data: [{ nombre: "campanias", estado: "AL_DIA" }] }),
    );
    app.get("/campanias/:id", (c) => {
      const uno = mundo.campanias.find((f) => f.id === c.req.param("id"));
      // Written by hand: the number is larger than a double can carry.
      if (c.req.param("id") === "k-grande") {
        return c.body(
          JSON.stringify(unaCampania("k-grande")).replace(
            '"itinerario":[]',
            '"itinerario":[12345678901234567890]',
          ),
          200,
          {
            "content-type": "application/json",
          },
        );
      }
      return uno ? c.json(uno) : falta(c);
    });
  }
  app.get("/errores/cliente_duplicado", (c) => c.json({ codigo: "cliente_duplicado" }));

  const servidor = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: corte.signal,
    onListen() {},
    onError: () => new Response(null, { status: 500 }),
  }, app.fetch);
  return {
    mundo,
    cambiar,
    base: `http://127.0.0.1:${servidor.addr.port}`,
    async [Symbol.asyncDispose]() {
      fin.resolve(new Response());
      // Who waits in `demora` puts its clock away in this turn.
      await new Promise((r) => setTimeout(r, 0));
      corte.abort();
      await servidor.finished;
    },
  };
}

/** An address at which nobody listens. */
export function nadie(): string {
  const escucha = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = escucha.addr as Deno.NetAddr;
  escucha.close();
  return `http://127.0.0.1:${port}`;
}
