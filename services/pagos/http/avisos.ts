import { createRoute } from "@hono/zod-openapi";
import { PagoAceptadoSchema } from "@alpes/shared/contracts/pagos.ts";
import { AvisoPspSchema, PagoPspSchema } from "@alpes/shared/contracts/psp.ts";
import { CABECERA_FIRMA, juzgarFirma } from "@alpes/shared/contracts/psp_firma.ts";
import { bodyFingerprint, routeOf } from "@alpes/shared/http/idempotency.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { invalidField, problems } from "@alpes/shared/http/problem.ts";
import { responder } from "@alpes/shared/http/respond.ts";
import { createRouter, type Router } from "@alpes/shared/http/router.ts";
import type { ComandosPagos } from "../application/comandos.ts";
import { juzgar } from "../application/juzgar.ts";
import { FALLAS_PAGOS } from "./fallas.ts";
import { rechazo } from "./rechazo.ts";

const { refuse, write } = responder(FALLAS_PAGOS);

export interface DepsAvisos {
  readonly comandos: Pick<ComandosPagos, "asentar">;
  /** Shared with the provider; null: there is none, and no call is the provider's. */
  readonly secreto: string | null;
  /** Milliseconds since 1970. */
  readonly reloj: () => number;
}

const avisar = createRoute({
  method: "post",
  path: "/avisos-psp",
  tags: ["pagos"],
  operationId: "avisarPsp",
  // Who calls is not one of our actors: the signature over time and body is what lets it in.
  security: [],
  summary: "The payment provider says what became of an attempt",
  description:
    `Signed in ${CABECERA_FIRMA}: \`t=<seconds>,v1=<hex HMAC-SHA256 of "{t}.aviso.{body}">\`, at most ` +
    "five minutes old. The same id again changes nothing and is answered as the first time.",
  request: { body: { required: true, content: { "application/json": { schema: AvisoPspSchema } } } },
  responses: {
    200: { description: "Taken", content: { "application/json": { schema: PagoAceptadoSchema } } },
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
  },
});

/** Where the payment provider calls. */
export function avisosRoutes({ comandos, secreto, reloj }: DepsAvisos): Router {
  const router = createRouter();
  router.openapi(avisar, async (c) => {
    const cuerpo = new Uint8Array(await c.req.arrayBuffer());
    const firma = secreto === null
      ? "mala"
      : await juzgarFirma(secreto, reloj(), "aviso", cuerpo, c.req.header(CABECERA_FIRMA));
    if (firma !== "buena") return refuse(c, "firma_invalida");
    const aviso = c.req.valid("json");
    const leido = PagoPspSchema.safeParse(aviso);
    if (!leido.success) {
      const campo = leido.error.issues[0]?.path.join(".") || "estado";
      throw invalidField(campo, both("no es válido", "is not valid"));
    }
    const p = leido.data;
    const resultado = juzgar(p, p.clave, p.monto);
    if (resultado.tipo === "desconocido" && p.estado !== "EN_CURSO") {
      throw invalidField("comision", both("no es una comisión de ese monto", "is no fee of that amount"));
    }
    c.set("actor", { tipo: "servicio", id: "psp" });
    // A call is known again by its id, like any write by its key; a copy of it, or another body under it, does nothing.
    c.set("key", {
      caller: "servicio:psp",
      route: routeOf(c),
      key: aviso.id,
      fingerprint: await bodyFingerprint(c),
    });
    return write(c, {
      run: (context) => comandos.asentar(context, { clave: p.clave, monto: p.monto, resultado }),
      ok: (a) => ({ status: 200 as const, body: { ...a } }),
      refused: (x) => rechazo(x),
    });
  });
  return router;
}
