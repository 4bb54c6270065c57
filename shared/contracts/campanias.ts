import { z } from "@hono/zod-openapi";
import { idSchema, orNull, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { JsonValue } from "@alpes/shared/http/strict_json.ts";
import { dayOrNull } from "@alpes/shared/http/time.ts";
import { esMoneda } from "@alpes/shared/seedwork/money.ts";
import { conMoneda, DineroSchema, type MontoEntrada, montoOpcional } from "./dinero.ts";

export const ESTADOS_CAMPANIA = ["PENDIENTE", "APROBADA", "PAUSADA", "FINALIZADA", "CANCELADA"] as const;
export const TIPOS_CAMPANIA = ["PERFORMANCE", "BRANDING", "AWARENESS", "CONVERSION", "RETENTION"] as const;
export const EstadoCampaniaSchema = z.enum(ESTADOS_CAMPANIA).openapi("EstadoCampania");
export const TipoCampaniaSchema = z.enum(TIPOS_CAMPANIA).openapi("TipoCampania");

/** First path segments of the module, which no campaign may have as its id. */
export const PALABRAS_RESERVADAS_CAMPANIAS: readonly string[] = [
  "crear",
  "comandos",
  "estadisticas",
  "cambios",
  "operacion",
];

/** A campaign (wire contract, section 4). `fecha_inicio` and `fecha_fin` are days; the other times are instants. */
export const CampaniaSchema = z.object({
  id: z.string(),
  idCampania: z.string(),
  idCliente: z.string(),
  nombre: z.string().nullable(),
  tipo_campania: TipoCampaniaSchema,
  itinerario: z.array(JsonValue),
  presupuesto: orNull(DineroSchema),
  anticipo: orNull(DineroSchema),
  /** Commissions less refunds, in the campaign's currency; null while there are none. */
  gasto: orNull(DineroSchema),
  fecha_inicio: z.iso.date().nullable(),
  fecha_fin: z.iso.date().nullable(),
  metas: JsonValue,
  estado: EstadoCampaniaSchema,
  motivo: z.string().nullable(),
  pago_asociado_id: z.string().nullable(),
  fecha_creacion: z.iso.datetime(),
  fecha_aprobacion: z.iso.datetime().nullable(),
  fecha_cancelacion: z.iso.datetime().nullable(),
  version: z.int().positive(),
}).openapi("Campania");
export type CampaniaJson = z.infer<typeof CampaniaSchema>;

/** A row of an approximate search (`aproximada=true`): how well it fits, 0..1, best first. */
export const CampaniaHalladaSchema = CampaniaSchema.extend({
  relevancia: z.number().min(0).max(1).optional(),
})
  .openapi("CampaniaHallada");

export const CampaniaAceptadaSchema = z.object({
  status: z.literal("accepted"),
  idCampania: z.string(),
  idCliente: z.string(),
  estado: z.literal("PENDIENTE"),
}).openapi("CampaniaAceptada");

export const EstadisticasCampaniasSchema = z.object({
  total: z.int().nonnegative(),
  por_estado: z.record(EstadoCampaniaSchema, z.int().nonnegative()),
  por_tipo: z.record(TipoCampaniaSchema, z.int().nonnegative()),
  /** Ever approved, over all; 0..1, null without campaigns. */
  tasa_aprobacion: z.number().min(0).max(1).nullable(),
}).openapi("EstadisticasCampanias");
export type EstadisticasCampaniasJson = z.infer<typeof EstadisticasCampaniasSchema>;

export const EventosCampaniaSchema = z.object({
  data: z.array(z.object({
    version: z.int().positive(),
    type: z.string(),
    data: z.record(z.string(), JsonValue),
    occurred_on: z.iso.datetime(),
    event_id: z.string(),
  })),
}).openapi("EventosCampania");

export const ESTADOS_SAGA = [
  "SIN_INICIAR",
  "ESPERANDO_PAGO",
  "COMPLETADA",
  "COMPENSANDO",
  "COMPENSADA",
  "REQUIERE_INTERVENCION",
] as const;
export const ESTADOS_PASO = ["EN_CURSO", "HECHO", "FALLIDO"] as const;
export const SagaSchema = z.object({
  estado: z.enum(ESTADOS_SAGA),
  pasos: z.array(z.object({
    paso: z.string().openapi({ example: "ProcesarPago" }),
    estado: z.enum(ESTADOS_PASO),
    /** How often the saga asked; 0: it happened without being asked for. */
    intentos: z.int().nonnegative(),
    inicio: z.iso.datetime(),
    fin: z.iso.datetime().nullable(),
    error: z.string().nullable(),
    /** The request (`X-Request-Id`) that the step belongs to. */
    solicitud: z.string(),
  })),
  /** When the outcome that is waited for must have come. */
  plazo: z.iso.datetime().nullable(),
}).openapi("SagaCampania");
export type SagaJson = z.infer<typeof SagaSchema>;

/** A campaign whose saga an operator may want to look at. */
export const SagaOperacionSchema = SagaSchema.extend({
  id: z.string(),
  idCampania: z.string(),
  actualizada: z.iso.datetime(),
}).openapi("SagaOperacion");

export const ProyeccionSchema = z.object({
  nombre: z.string(),
  estado: z.enum(["AL_DIA", "RECONSTRUYENDO"]),
  /** How many campaigns there are to go through, and how many it went through. */
  total: z.int().nonnegative(),
  hechas: z.int().nonnegative(),
  inicio: z.iso.datetime().nullable(),
  fin: z.iso.datetime().nullable(),
  actor: z.string().nullable(),
}).openapi("Proyeccion");
export const ProyeccionesSchema = z.object({ data: z.array(ProyeccionSchema) }).openapi("Proyecciones");

// ---- what comes in -----------------------------------------------------------------------------------------------

const idCampania = idSchema(PALABRAS_RESERVADAS_CAMPANIAS);
export const CampaniaIdParams = z.object({ id: idCampania });
const MotivoSchema = texto(1, 500);
const itinerario = z.array(JsonValue);

const descriptivos = {
  nombre: texto(1, 255).nullish(),
  tipo_campania: orNull(TipoCampaniaSchema).optional(),
  presupuesto: montoOpcional(0n),
  anticipo: montoOpcional(0n),
  fecha_inicio: dayOrNull,
  fecha_fin: dayOrNull,
  metas: JsonValue.optional(),
};
const pasoDelOperador = {
  estado: orNull(EstadoCampaniaSchema).optional(),
  motivo: MotivoSchema.nullish(),
  sin_anticipo: z.boolean().nullish(),
};

export const FIN_ANTES_DE_INICIO = both(
  "no puede ser anterior a fecha_inicio",
  "cannot be before fecha_inicio",
);

export const ANTICIPO_MAYOR = both(
  "no puede ser mayor que el presupuesto",
  "cannot be more than the presupuesto",
);
export const MONEDAS_DISTINTAS = both(
  "debe estar en la moneda del presupuesto",
  "must be in the currency of the presupuesto",
);
/** The rules are asked also where a field is bad, so what stands there may be anything: a number that is kept as its text. */
const esMonto = (v: unknown): v is MontoEntrada =>
  typeof v === "object" && v !== null && "valor" in v && "moneda" in v &&
  ["string", "number"].includes(typeof v.valor) &&
  (v.moneda === null || typeof v.moneda === "string" && esMoneda(v.moneda));

/** Rules between fields, told together with those of each field. The domain holds the same on what is stored. */
function conReglas<S extends z.ZodType>(schema: S): S {
  const when = ({ value }: { value: unknown }) => typeof value === "object" && value !== null;
  const campo = (v: unknown, n: string): unknown =>
    typeof v === "object" && v !== null ? Reflect.get(v, n) : undefined;
  const fechas = (v: unknown) => {
    const [inicio, fin] = [campo(v, "fecha_inicio"), campo(v, "fecha_fin")];
    return typeof inicio !== "string" || typeof fin !== "string" || fin.slice(0, 10) >= inicio.slice(0, 10);
  };
  const montos = (v: unknown, cumple: (anticipo: MontoEntrada, presupuesto: MontoEntrada) => boolean) => {
    const [anticipo, presupuesto] = [campo(v, "anticipo"), campo(v, "presupuesto")];
    return !esMonto(anticipo) || !esMonto(presupuesto) || cumple(anticipo, presupuesto);
  };
  const unaMoneda = (a: MontoEntrada, p: MontoEntrada) =>
    a.moneda === null || p.moneda === null || a.moneda === p.moneda;
  const cabe = (a: MontoEntrada, p: MontoEntrada) => {
    const moneda = p.moneda ?? a.moneda;
    if (moneda === null || !unaMoneda(a, p)) return true;
    const [anticipo, presupuesto] = [conMoneda(a, moneda), conMoneda(p, moneda)];
    return anticipo === null || presupuesto === null || anticipo.unidades <= presupuesto.unidades;
  };
  const ids = (v: unknown) => {
    const [id, otro] = [campo(v, "id"), campo(v, "idCampania")];
    return typeof id !== "string" || typeof otro !== "string" || id === otro;
  };
  return schema
    .refine(fechas, { path: ["fecha_fin"], error: FIN_ANTES_DE_INICIO, when })
    .refine((v) => montos(v, unaMoneda), { path: ["anticipo"], error: MONEDAS_DISTINTAS, when })
    .refine((v) => montos(v, cabe), { path: ["anticipo"], error: ANTICIPO_MAYOR, when })
    .refine(ids, {
      path: ["id"],
      error: both("contradice a idCampania", "contradicts idCampania"),
      when,
    }) as S;
}
const EJEMPLO = {
  idCliente: "c-1",
  nombre: "Lanzamiento Andino",
  itinerario: [{ dia: 1, accion: "publicar" }],
  presupuesto: { valor: "1000.00", moneda: "USD" },
  anticipo: { valor: "100.00", moneda: "USD" },
};

/** `id` and `idCampania` are one: either may be given, or both when they agree. */
export const CrearCampaniaSchema = conReglas(z.strictObject({
  idCampania: idCampania.nullish(),
  id: idCampania.nullish(),
  idCliente: idSchema(),
  itinerario,
  ...descriptivos,
})).openapi("CrearCampania", { example: EJEMPLO });
export type CrearCampaniaJson = z.input<typeof CrearCampaniaSchema>;

/** PUT: all descriptive fields; what is missing is emptied. The ids may be repeated, not changed. */
export const ReemplazarCampaniaSchema = conReglas(z.strictObject({
  idCampania: idCampania.nullish(),
  id: idCampania.nullish(),
  idCliente: idSchema().nullish(),
  itinerario,
  ...descriptivos,
  ...pasoDelOperador,
})).openapi("ReemplazarCampania", { example: EJEMPLO });
/** PATCH: only what is named changes; `null` empties. */
export const EditarCampaniaSchema = conReglas(z.strictObject({
  idCampania: idCampania.nullish(),
  id: idCampania.nullish(),
  idCliente: idSchema().nullish(),
  itinerario: itinerario.optional(),
  ...descriptivos,
  ...pasoDelOperador,
})).openapi("EditarCampania", { example: { nombre: "Lanzamiento Andino, segunda ola" } });

export const AprobarCampaniaSchema = z.strictObject({
  sin_anticipo: z.boolean().nullish(),
  motivo: MotivoSchema.nullish(),
}).openapi("AprobarCampania");
/** Pausar, reanudar, finalizar. */
export const DecisionCampaniaSchema = z.strictObject({ motivo: MotivoSchema.nullish() }).openapi(
  "DecisionCampania",
);
export const CancelarCampaniaSchema = z.strictObject({ motivo: MotivoSchema }).openapi("CancelarCampania");
/** On DELETE the reason goes in the address. */
export const MotivoCampaniaQuery = z.object({ motivo: MotivoSchema.optional() });
