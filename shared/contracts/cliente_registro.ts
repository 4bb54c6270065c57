import { z } from "@hono/zod-openapi";
import { idSchema, texto } from "@alpes/shared/http/fields.ts";
import { both } from "@alpes/shared/http/locale.ts";
import { dayOrNull } from "@alpes/shared/http/time.ts";
import { TIPOS_CLIENTE } from "./cliente.ts";

/** Words that the module's own paths use. */
export const PALABRAS_RESERVADAS_CLIENTE = [
  "registrar",
  "estadisticas",
  "importaciones",
  "cambios",
  "operacion",
];

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
export const CAMPOS_CLIENTE = {
  tipo_cliente: z.enum(TIPOS_CLIENTE).default("NATURAL"),
  nombre: texto(2, 255),
  email,
  cedula: cedula.nullish(),
  rut: rut.nullish(),
  fecha_nacimiento: dayOrNull.refine((d) => (d ?? "") <= new Date().toISOString().slice(0, 10), {
    error: both("no puede estar en el futuro", "cannot be in the future"),
  }),
  telefono: texto(3, 40).nullish(),
  ciudad: texto(1, 100).nullish(),
  pais: texto(2, 60).nullish(),
  referencia_externa: texto(1, 255).nullish(),
};

const EJEMPLO = {
  nombre: "Begoña Núñez",
  email: "begona@correo.example",
  cedula: "1020304050",
  fecha_nacimiento: "1990-02-28",
  ciudad: "Bogotá",
};

/** Which papers each kind needs; cliente's domain has the same rule for what reaches it on other ways. */
const PAPELES = { NATURAL: ["cedula", "fecha_nacimiento"], EMPRESA: ["rut"] };

/** Names each missing paper of the kind as a field, also when other fields are bad. */
function conPapeles<S extends z.ZodType>(schema: S): S {
  return ["cedula", "fecha_nacimiento", "rut"].reduce<S>(
    (s, papel) =>
      s.refine((v) => !falta(papel, Object(v)), {
        path: [papel],
        error: both("es obligatorio para este tipo de cliente", "is required for this kind of cliente"),
        when: ({ value }) => typeof value === "object" && value !== null,
      }) as S,
    schema,
  );
}
function falta(papel: string, cliente: object): boolean {
  const tipo = Reflect.get(cliente, "tipo_cliente") === "EMPRESA" ? "EMPRESA" : "NATURAL";
  // Whatever is there but no text has a complaint of its own.
  return PAPELES[tipo].includes(papel) && (Reflect.get(cliente, papel) ?? null) === null;
}

export const RegistroClienteSchema = conPapeles(
  z.strictObject({ id: idSchema(PALABRAS_RESERVADAS_CLIENTE).optional(), ...CAMPOS_CLIENTE }),
).openapi("NuevoCliente", { example: EJEMPLO });
export const EdicionClienteSchema = conPapeles(z.strictObject(CAMPOS_CLIENTE)).openapi("EdicionCliente", {
  example: EJEMPLO,
});
