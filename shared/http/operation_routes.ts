import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { AuditoriaSchema, IdentidadSchema } from "@alpes/shared/contracts/seguridad.ts";
import { type AuditEntry, type AuditLog, RESULTADOS } from "@alpes/shared/seedwork/audit.ts";
import type { Change, Feed } from "@alpes/shared/seedwork/feed.ts";
import type {
  DeskAnswer,
  DeskOrder,
  MessageDesk,
  ParkedMessage,
} from "@alpes/shared/seedwork/message_desk.ts";
import { operationCases } from "@alpes/shared/seedwork/operation_cases.ts";
import { type Catalogue, fault } from "./catalogue.ts";
import type { Env } from "./env.ts";
import { idSchema, texto } from "./fields.ts";
import { answerResponse } from "./idempotency.ts";
import { both } from "./locale.ts";
import { json } from "./media.ts";
import { guardedBy, operationOf } from "./operation.ts";
import { Problem, problems } from "./problem.ts";
import { type AnswerReply, responder, storedAnswer } from "./respond.ts";
import { createRouter, type Router } from "./router.ts";
import { instant } from "./time.ts";

/** What an order over a parked message can be refused with; belongs into the catalogues of the app. */
export const OPERATION_FAULTS = {
  mensaje_no_aparcado: fault(409, [
    "El mensaje ya no está aparcado",
    "Otra orden se adelantó, o el mensaje ya se atendió; el detalle dice en qué estado está.",
    "Consulte GET /{modulo}/operacion/mensajes.",
  ], [
    "The message is no longer parked",
    "Another order came first, or the message was handled; the detail says what state it is in.",
    "Read GET /{modulo}/operacion/mensajes.",
  ]),
} as const satisfies Catalogue;

const { refuse, deny } = responder(OPERATION_FAULTS);
const tags = ["operación"];
/** A whole number of a query. */
const entero = (min: number, max: number, otherwise: number) =>
  z.string().regex(/^\d{1,15}$/, { error: both("debe ser un entero", "must be a whole number") })
    .transform(Number)
    .refine((n) => n >= min && n <= max, {
      error: both(`debe estar entre ${min} y ${max}`, `must be between ${min} and ${max}`),
    })
    .optional().transform((n) => n ?? otherwise)
    .openapi({ type: "integer", minimum: min, maximum: max, default: otherwise });

const Cambios = z.object({
  data: z.array(
    z.object({
      n: z.int(),
      tipo: z.string(),
      id: z.string(),
      version: z.int(),
      correlacion: z.string(),
      en: z.iso.datetime(),
    }).openapi("Cambio"),
  ),
  /** Older ones were pruned: whoever asks after an `n` below `primero - 1` has missed some. */
  primero: z.int(),
  ultimo: z.int(),
}).openapi("Cambios");

const Aparcado = z.object({
  id: z.string().openapi({ example: "cliente.pagos~0199c0de-0000-7000-8000-000000000000" }),
  consumidor: z.string(),
  event_id: z.string(),
  topic: z.string(),
  type: z.string(),
  clave: z.string(),
  estado: z.enum(["APARCADO", "APARTADO"]),
  intentos: z.int(),
  error: z.string(),
  detras: z.int(),
  recibido: z.iso.datetime(),
  actualizado: z.iso.datetime(),
  mensaje: z.object({
    event_id: z.string(),
    type: z.string(),
    schemaVersion: z.literal("v1"),
    aggregate_type: z.string(),
    aggregate_id: z.string(),
    aggregate_version: z.int(),
    occurred_on: z.string(),
    correlation_id: z.string(),
    causation_id: z.string(),
    traceparent: z.string().optional(),
    data: z.unknown(),
  }).openapi("Mensaje"),
}).openapi("MensajeAparcado");
const Aparcados = z.object({
  data: z.array(Aparcado),
  pagination: z.object({ limit: z.int(), next_cursor: z.string().nullable(), has_next: z.boolean() }),
}).openapi("MensajesAparcados");
const Orden = z.object({
  id: z.string(),
  estado: z.enum(["LISTO", "APARTADO", "DESCARTADO"]),
  detras: z.int(),
}).openapi("MensajeOrdenado");
const Retraso = z.object({
  outbox: z.object({ pendientes: z.int(), edad_s: z.number() }),
  inbox: z.object({ pendientes: z.int(), edad_s: z.number(), aparcados: z.int(), detras: z.int() }),
}).openapi("EstadoDeMensajes");

const ORDENES = {
  reintentar: "Tries a parked message again with fresh attempts, and then those behind it",
  liberar: "Sets a parked message aside: those behind it go on without it",
  descartar: "Never handles a parked message; those behind it go on",
} as const;
type Verbo = keyof typeof ORDENES;

export interface OperationDeps {
  readonly modulo: string;
  readonly feed: Feed;
  readonly desk: MessageDesk;
  readonly audit: AuditLog;
  /** Ends long polls when the process goes. */
  readonly draining: AbortSignal;
}

/** A module's change feed, its audit log, and the operator's view of its messages; mounted at `/{modulo}`, before its `/{id}`. */
export function operationRoutes({ modulo, feed, desk, audit, draining }: OperationDeps): Router {
  const router = createRouter();
  const cases = operationCases({ feed, desk, audit });
  const Modulo = modulo.charAt(0).toUpperCase() + modulo.slice(1);

  const cambios = createRoute({
    method: "get",
    path: "/cambios",
    tags,
    operationId: `cambios${Modulo}`,
    ...guardedBy("cambios.leer"),
    summary: "Changes after number `despues`, in order; waits up to `espera` seconds for the first one",
    request: {
      query: z.object({
        despues: entero(0, 1e15 - 1, 0),
        espera: entero(0, 25, 20),
        limit: entero(1, 1_000, 100),
      }),
    },
    responses: { 200: json(Cambios, "The changes; none when nothing came"), ...problems(400, 403, 503) },
  });
  router.openapi(cambios, async (c) => {
    const { despues, espera, limit } = c.req.valid("query");
    const until = AbortSignal.any([draining, c.req.raw.signal]);
    const r = await cases.changes(c.var.actor, despues, limit, espera * 1_000, until);
    if (!r.ok) return deny(c, r.error);
    // A key that was revoked meanwhile hears nothing any more.
    c.set("actor", await c.var.actorNow());
    return c.json({ ...r.value, data: r.value.data.map(changeJson) }, 200);
  });

  const mensajes = createRoute({
    method: "get",
    path: "/operacion/mensajes",
    tags,
    operationId: `mensajesAparcados${Modulo}`,
    ...guardedBy("mensajes.leer"),
    summary: "Messages that wait for an operator, the oldest first",
    request: {
      query: z.object({
        cursor: z.string().regex(/^\d{1,18}$/, { error: both("no es un cursor", "is not a cursor") })
          .optional(),
        limit: entero(1, 100, 20),
      }),
    },
    responses: { 200: json(Aparcados, "A page of messages"), ...problems(400, 403, 503) },
  });
  router.openapi(mensajes, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const r = await cases.parked(c.var.actor, cursor ?? null, limit);
    if (!r.ok) return deny(c, r.error);
    const { data, next } = r.value;
    const pagination = { limit, next_cursor: next, has_next: next !== null };
    return c.json({ data: data.map(parkedJson), pagination }, 200);
  });

  for (const verbo of ["reintentar", "liberar", "descartar"] as const) addOrder(verbo);
  function addOrder(verbo: Verbo): void {
    const required = verbo === "descartar";
    const motivo = required ? texto(1, 500) : texto(1, 500).nullish();
    const route = createRoute({
      method: "post",
      path: `/operacion/mensajes/{id}/${verbo}`,
      tags,
      operationId: `${verbo}Mensaje${Modulo}`,
      ...guardedBy("mensajes.ordenar"),
      summary: ORDENES[verbo],
      request: {
        params: z.object({ id: idSchema() }),
        body: { required, content: { "application/json": { schema: z.strictObject({ motivo }) } } },
      },
      responses: { 200: json(Orden, "It was done"), ...problems(400, 403, 404, 409, 413, 415, 422, 503) },
    });
    router.openapi(route, async (c) => {
      const { id } = c.req.valid("param");
      const order: DeskOrder = {
        id,
        actor: c.var.actor,
        motivo: c.req.valid("json").motivo ?? null,
        correlation_id: c.var.requestId,
        accion: operationOf(c),
      };
      const r = await cases.order(verbo, order);
      if (r.ok) return await keptAnswer(c, r.value);
      if (r.error.tipo !== "no_esta_aparcado") return deny(c, r.error);
      const { estado } = r.error;
      const detalle = both(`El mensaje está ${estado}.`, `The message is ${estado}.`);
      return refuse(c, "mensaje_no_aparcado", { detalle });
    });
  }

  const estado = createRoute({
    method: "get",
    path: "/operacion/estado",
    tags,
    operationId: `estadoDeMensajes${Modulo}`,
    ...guardedBy("mensajes.leer"),
    summary: "How far outbox and inbox are behind, and the age of the oldest message in seconds",
    responses: { 200: json(Retraso, "The lag"), ...problems(400, 403, 503) },
  });
  router.openapi(estado, async (c) => {
    const r = await cases.lag(c.var.actor);
    return r.ok ? c.json(r.value, 200) : deny(c, r.error);
  });

  const identidad = createRoute({
    method: "get",
    path: "/operacion/identidad",
    tags,
    operationId: `identidad${Modulo}`,
    summary: "Who the caller is recognised as",
    responses: { 200: json(IdentidadSchema, "The caller"), ...problems(400, 503) },
  });
  router.openapi(identidad, (c) => {
    const { actor } = c.var;
    const body = "roles" in actor ? { ...actor, roles: [...actor.roles] } : actor;
    return c.json(body, 200, { "Cache-Control": "no-store" });
  });

  const auditoria = createRoute({
    method: "get",
    path: "/operacion/auditoria",
    tags,
    operationId: `auditoria${Modulo}`,
    ...guardedBy("auditoria.leer"),
    summary: "Who did what, and who was refused; newest first",
    request: {
      query: z.object({
        actor: texto(1, 300).optional().openapi({ example: "persona:ana" }),
        accion: texto(1, 100).optional(),
        recurso: idSchema().optional().openapi({ description: "the id of what was changed" }),
        solicitud: idSchema().optional().openapi({ description: "the request's X-Request-Id" }),
        resultado: z.enum(RESULTADOS).optional(),
        desde: instant.optional(),
        hasta: instant.optional(),
        cursor: z.string().regex(/^\d{1,18}$/, { error: both("no es un cursor", "is not a cursor") })
          .optional(),
        limit: entero(1, 100, 20),
      }),
    },
    responses: { 200: json(AuditoriaSchema, "A page of lines"), ...problems(400, 403, 503) },
  });
  router.openapi(auditoria, async (c) => {
    const { cursor = null, limit, solicitud, ...q } = c.req.valid("query");
    const r = await cases.searchAudit(
      c.var.actor,
      {
        actor: q.actor ?? null,
        accion: q.accion ?? null,
        recurso: q.recurso ?? null,
        correlacion: solicitud ?? null,
        resultado: q.resultado ?? null,
        desde: q.desde ?? null,
        hasta: q.hasta ?? null,
      },
      cursor,
      limit,
    );
    if (!r.ok) return deny(c, r.error);
    const { data, next } = r.value;
    const pagination = { limit, next_cursor: next, has_next: next !== null };
    return c.json({ data: data.map(auditJson), pagination }, 200);
  });
  return router;
}

type OrderAnswer = { readonly status: 200; readonly body: DeskAnswer };

/** A repeat of a keyed order is refused by the desk, and then gets this answer in place of the refusal. */
async function keptAnswer(c: Context<Env>, body: DeskAnswer): Promise<AnswerReply<OrderAnswer>> {
  const { key, answers } = c.var;
  const answer = storedAnswer({ status: 200, body });
  if (key !== null && answers !== null) {
    const kept = await answers.keepOrRead(key.caller, key.route, key.key, key.fingerprint, answer);
    if (kept === "other_body") throw new Problem("clave_reutilizada");
  }
  return answerResponse(answer, false) as AnswerReply<OrderAnswer>;
}

const auditJson = ({ correlacion, en, ...e }: AuditEntry) => ({
  ...e,
  en: en.toISOString(),
  solicitud: correlacion,
  detalle: e.detalle ?? null,
});
const changeJson = (c: Change) => ({ ...c, en: c.en.toISOString() });
const parkedJson = (m: ParkedMessage) => ({
  ...m,
  recibido: m.recibido.toISOString(),
  actualizado: m.actualizado.toISOString(),
});
