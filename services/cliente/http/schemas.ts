import { z } from "@hono/zod-openapi";
import type { ClienteJson } from "@alpes/shared/contracts/cliente.ts";
import { ESTADOS_CLIENTE, TIPOS_CLIENTE } from "@alpes/shared/contracts/cliente.ts";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { listing } from "@alpes/shared/http/pagination.ts";
import { day, instantText } from "@alpes/shared/http/time.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import type { Vista } from "../application/ports.ts";
import { faltantes, type Ficha, type Papel } from "../domain/cliente.ts";

/** Words that the module's own paths use. */
export const RESERVADAS = ["registrar", "estadisticas", "importaciones", "cambios", "operacion"];

export const Id = z.object({ id: idSchema(RESERVADAS) });
const opcional = <S extends z.ZodType>(s: S) => s.nullish();

const rut = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{1,29}$/, {
  error: both(
    "debe tener de 2 a 30 letras, cifras, puntos o guiones",
    "must be 2 to 30 letters, digits, dots or dashes",
  ),
});
const cedula = z.string().regex(/^\d{5,20}$/, {
  error: both("debe tener de 5 a 20 cifras", "must be 5 to 20 digits"),
});
const email = z.string().trim().pipe(z.email().max(254));

/** The fields that a caller gives, with the rule of each. The unit of work checks the birthday again, on its clock. */
const campos = {
  tipo_cliente: z.enum(TIPOS_CLIENTE).default("NATURAL"),
  nombre: texto(2, 255),
  email,
  cedula: opcional(cedula),
  rut: opcional(rut),
  fecha_nacimiento: opcional(day.refine((d) => d <= new Date().toISOString().slice(0, 10), {
    error: both("no puede estar en el futuro", "cannot be in the future"),
  })),
  telefono: opcional(texto(3, 40)),
  ciudad: opcional(texto(1, 100)),
  pais: opcional(texto(2, 60)),
  referencia_externa: opcional(texto(1, 255)),
};

const EJEMPLO = {
  nombre: "Begoña Núñez",
  email: "begona@correo.example",
  cedula: "1020304050",
  fecha_nacimiento: "1990-02-28",
  ciudad: "Bogotá",
};

/** Names each missing paper of the kind as a field, also when other fields are bad. */
function conPapeles<S extends z.ZodType>(schema: S): S {
  const papeles: Papel[] = ["cedula", "fecha_nacimiento", "rut"];
  return papeles.reduce<S>((s, papel) =>
    s.refine((v) => !faltantes(papelesDe(v)).includes(papel), {
      path: [papel],
      error: both("es obligatorio para este tipo de cliente", "is required for this kind of cliente"),
      when: ({ value }) => typeof value === "object" && value !== null,
    }) as S, schema);
}
function papelesDe(v: unknown): Pick<Ficha, "tipo_cliente" | Papel> {
  // Whatever is there but no text has a complaint of its own.
  const campo = (n: string): string | null => {
    const x: unknown = typeof v === "object" && v !== null ? Reflect.get(v, n) : null;
    return x === undefined || x === null ? null : typeof x === "string" ? x : "?";
  };
  return {
    tipo_cliente: campo("tipo_cliente") === "EMPRESA" ? "EMPRESA" : "NATURAL",
    cedula: campo("cedula"),
    rut: campo("rut"),
    fecha_nacimiento: campo("fecha_nacimiento"),
  };
}

export const RegistroSchema = conPapeles(z.strictObject({ id: idSchema(RESERVADAS).optional(), ...campos }))
  .openapi("NuevoCliente", { example: EJEMPLO });
export const EdicionSchema = conPapeles(z.strictObject(campos)).openapi("EdicionCliente", {
  example: EJEMPLO,
});
export const ParcheSchema = z.strictObject({ ...campos, tipo_cliente: campos.tipo_cliente.unwrap() })
  .partial()
  .openapi("ParcheCliente", { example: { ciudad: "Cali" } });

export const MotivoObligatorio = z.strictObject({ motivo: texto(1, 500) }).openapi("MotivoObligatorio");
export const MotivoOpcional = z.strictObject({ motivo: texto(1, 500).nullish() }).openapi("MotivoOpcional");
export const MotivoEnDireccion = z.object({ motivo: texto(1, 500).optional() });

type Registro = z.output<typeof EdicionSchema>;
export const ficha = (r: Registro): Ficha => ({
  tipo_cliente: r.tipo_cliente,
  nombre: r.nombre,
  email: r.email,
  cedula: r.cedula ?? null,
  rut: r.rut ?? null,
  fecha_nacimiento: r.fecha_nacimiento ?? null,
  telefono: r.telefono ?? null,
  ciudad: r.ciudad ?? null,
  pais: r.pais ?? null,
  referencia_externa: r.referencia_externa ?? null,
});

/** Absent fields stay as they are; `null` empties one. */
export const parchada = (antes: Ficha, p: z.output<typeof ParcheSchema>): Ficha => ({
  ...antes,
  ...Object.fromEntries(Object.entries(p).filter(([, v]) => v !== undefined)),
});

const listaDeIds = z.string().transform((s) => s.split(",")).pipe(
  z.array(z.string().regex(ID_PATTERN)).max(100),
).openapi({ type: "string", description: "Up to 100 ids, separated by commas", example: "c-1,c-2" });

export const lista = listing({ fecha_registro: "time", nombre: "text" }, {
  search: texto(1, 100).optional(),
  estado: z.enum(ESTADOS_CLIENTE).optional(),
  tipo_cliente: z.enum(TIPOS_CLIENTE).optional(),
  ids: listaDeIds.optional(),
  aproximada: z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)
    .openapi({ type: "boolean", description: "Forgive one wrong letter, best first, with `relevancia`" }),
});

/** The resource, its fields in the contract's order. */
export const clienteJson = (v: Vista): ClienteJson & { relevancia?: number } => ({
  id: v.id,
  tipo_cliente: v.tipo_cliente,
  nombre: v.nombre,
  email: v.email,
  cedula: v.cedula,
  rut: v.rut,
  fecha_nacimiento: v.fecha_nacimiento,
  telefono: v.telefono,
  ciudad: v.ciudad,
  pais: v.pais,
  referencia_externa: v.referencia_externa,
  estado: v.estado,
  fecha_registro: instantText(v.fecha_registro),
  total_pagos: v.total_pagos,
  ultimo_pago: v.ultimo_pago === null ? null : instantText(v.ultimo_pago),
  version: v.version,
  ...(v.relevancia === undefined ? {} : { relevancia: v.relevancia }),
});
