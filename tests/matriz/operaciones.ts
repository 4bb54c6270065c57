import { dig } from "@alpes/shared/dev/demo_api.ts";
import { sha256 } from "@alpes/shared/http/idempotency.ts";
import { fields, type Operation, operations } from "../spec.ts";
import type { Blanco, Mundo, Proceso } from "./mundo.ts";

/** What is open to all: to be added to by hand, so that nothing becomes open unnoticed. */
export const ABIERTAS = [
  // The provider has no key of ours: its signature over time and body is checked, against replays too.
  "avisarPsp",
  "bffEntrar",
  "bffEntrarPorEnlace",
  "bffHealth",
  "bffIrAlEmisor",
  "bffSalir",
  "bffSalirDelEmisor",
  "bffVerSesion",
  "bffVolverDelEmisor",
  "canjearEnlace",
  "consola",
  "consolaArchivo",
  "docs",
  "docsFile",
  "explicarError",
  "health",
  "listarErrores",
  "ready",
  "spec",
];
/** What whoever is recognised may ask: who he is. */
export const DE_QUIEN_SEA = ["identidadCampanias", "identidadCliente", "identidadPagos"];

/** An operation that somebody must be allowed. */
export interface Guardada {
  readonly proceso: Proceso;
  readonly operacion: Operation;
  readonly id: string;
  readonly accion: string;
  /** What its path names, if anything. */
  readonly recurso: Recurso | null;
  /** The fields of its body. */
  readonly campos: readonly string[];
}

/** A settlement file, and the id that its bytes give it. */
export const LIQUIDACION =
  "clave,referencia,estado,moneda,monto,comision,fecha\nde-nadie,r,PAGADO,USD,1.00,,2026-01-01T00:00:00Z\n";
const CONCILIACION = `conciliacion-${(await sha256(new TextEncoder().encode(LIQUIDACION))).slice(0, 32)}`;

export type Recurso = keyof typeof ID;
/** Ids of each kind of thing, by what they are to point at. */
const ID = {
  cliente: (b: Blanco) => `c-${b}`,
  campania: (b: Blanco) => `k-${b}`,
  pago: (b: Blanco) => `p-${b}`,
  transaccion: (b: Blanco) => `t-${b}`,
  tarifa: (b: Blanco) => `r-${b}`,
  condiciones: (b: Blanco) => `c-${b}`,
  liquidacion: (b: Blanco) => `l-${b}`,
  cuenta: (b: Blanco) => `partner:c-${b}:disponible`,
  mensaje: (b: Blanco, modulo: string) => b === "znada" ? "nadie~e-1" : `${modulo}.nada~e-1`,
  conciliacion: (b: Blanco) => b === "znada" ? "conciliacion-nada" : CONCILIACION,
  proyeccion: (b: Blanco) => b === "znada" ? "nada" : "campanias",
  clave: (b: Blanco, _m: string, clave: string) => b === "znada" ? "0000000000000000" : clave,
};
/** What partners own; the rest is nobody's. */
export const CON_DUENO: readonly Recurso[] = [
  "cliente",
  "campania",
  "pago",
  "transaccion",
  "tarifa",
  "condiciones",
  "cuenta",
];
/** What there is of whomever one names: those who see all find nothing missing. */
export const SIEMPRE_HAY: readonly Recurso[] = ["condiciones", "cuenta"];

const EN_RUTA: readonly [RegExp, Recurso][] = [
  [/\/mensajes\/\{/, "mensaje"],
  [/\/sagas\/\{/, "campania"],
  [/\/proyecciones\/\{/, "proyeccion"],
  [/\/claves\/\{/, "clave"],
  [/\/transacciones\/\{/, "transaccion"],
  [/\/tarifas\/\{/, "tarifa"],
  [/\/conciliaciones\/\{/, "conciliacion"],
  [/\/condiciones\/\{/, "condiciones"],
  [/\/estados-de-cuenta\/\{/, "condiciones"],
  [/\/liquidaciones\/\{/, "liquidacion"],
  [/\/libro\/saldos\/\{/, "cuenta"],
  [/^(\/api\/v1)?\/clientes?\/\{/, "cliente"],
  [/^(\/api\/v1)?\/campanias\/\{/, "campania"],
  [/^(\/api\/v1)?\/pagos\/\{/, "pago"],
];

/** Every operation of the documents but what is open, each once. Throws for one that nobody has thought of. */
export function guardadas(m: Pick<Mundo, "documento">): Guardada[] {
  const vistas = new Set<string>();
  const todas: Guardada[] = [];
  for (const proceso of ["alpespartners", "bff", "pagos"] as const) {
    const documento = m.documento[proceso];
    for (const operacion of operations(documento)) {
      const id = operacion.operationId ?? `${operacion.method} ${operacion.path}`;
      const crudo = dig(documento, "paths") as Record<string, Record<string, unknown>>;
      const ruta = crudo[operacion.path]?.[operacion.method.toLowerCase()];
      const seguridad = dig(ruta, "security");
      const abierta = Array.isArray(seguridad) && seguridad.length === 0;
      if (abierta !== ABIERTAS.includes(id)) throw new Error(`${id}: is it open to all, or is it not?`);
      if (abierta || vistas.has(id) || DE_QUIEN_SEA.includes(id)) continue;
      vistas.add(id);
      const accion = Reflect.get(Object(ruta), "x-accion");
      if (typeof accion !== "string") throw new Error(`${id} names no line of the policy`);
      const recurso = EN_RUTA.find(([r]) => r.test(operacion.path))?.[1] ?? null;
      if (operacion.path.includes("{") && recurso === null) {
        throw new Error(`${id}: what does its path name?`);
      }
      const campos = operacion.body === null ? [] : fields(documento, operacion.body).map((f) => f.name);
      todas.push({ proceso, operacion, id, accion, recurso, campos });
    }
  }
  return todas;
}

const ALTA = { nombre: "Zoe", email: "z@correo.example", cedula: "10203040", fecha_nacimiento: "1990-01-01" };
const USD = { valor: "1.00", moneda: "USD" };
const PAGAR = { partner_id: "c-zuno", cycle_id: "otro", total_amount: "1.00" };
const CREAR = { idPago: "p-orden", idCampania: "k-zuno", idCliente: "c-zuno", monto: USD };
const MOTIVO = { motivo: "x" };

/** A body that is right, for a target; `null`: none is needed. */
const CUERPOS: Readonly<Record<string, (b: Blanco) => object>> = {
  registrarCliente: () => ({ id: "c-nuevo", ...ALTA }),
  bffRegistrarCliente: () => ({ id: "c-nuevo", ...ALTA }),
  editarCliente: (b) => ({
    tipo_cliente: "EMPRESA",
    nombre: `Empresa ${b}`,
    email: `${b}@correo.example`,
    rut: `r-${b}`,
  }),
  parcharCliente: () => ({ ciudad: "Cali" }),
  suspenderCliente: () => MOTIVO,
  reactivarCliente: () => MOTIVO,
  crearCampania: (b) => ({ idCliente: `c-${b}`, itinerario: [] }),
  crearCampaniaPorComando: (b) => ({ idCliente: `c-${b}`, itinerario: [] }),
  bffCrearCampania: (b) => ({ cliente_id: `c-${b}`, itinerario: [] }),
  reemplazarCampania: (b) => ({ nombre: `Campaña ${b}`, itinerario: [] }),
  editarCampania: (b) => ({ nombre: `Campaña ${b}` }),
  cancelarCampania: () => MOTIVO,
  pagar: () => PAGAR,
  bffPagar: () => PAGAR,
  crearPago: () => CREAR,
  crearPagoAlias: () => CREAR,
  revertirPago: () => MOTIVO,
  registrarTransacciones: () => ({
    id: "t-otra",
    partner_id: "c-zuno",
    event_type: "VENTA",
    monto_original: USD,
  }),
  registrarTarifa: (b) => ({
    id: "r-otra",
    partner_id: `c-${b}`,
    event_type: "LEAD",
    tipo: "PERCENTAGE",
    porcentaje: "5",
  }),
  fijarCondiciones: () => ({ retencion_dias: 0 }),
  terminarTarifa: () => ({ vigente_hasta: "2026-06-30" }),
  calcularLiquidacion: () => ({ id: "l-otra", ciclo: "ciclo-l" }),
  descartarLiquidacion: () => MOTIVO,
  registrarCiclo: () => ({ id: "ciclo-1", inicio: "2026-01-01", fin: "2026-01-31" }),
  conciliar: () => ({ csv: LIQUIDACION }),
  importarClientes: () => ({
    csv: "nombre,email,cedula,fecha_nacimiento\nZoe,z@correo.example,10203040,1990-01-01\n",
  }),
  importarTransacciones: () => ({ csv: "id,partner_id,event_type,comision\nt-otra,c-zuno,VENTA,1.00\n" }),
  crearClave: () => ({ nombre: "otra", roles: ["auditor"] }),
};
const descarta = (id: string) => /^descartarMensaje|_descartar$/.test(id);
const CONSULTAS: Readonly<Record<string, string>> = {
  estadoDeCuenta: "desde=2026-01-01&hasta=2026-01-31",
  bffBuscar: "q=empresa",
  bffEventos: "espera=0",
  saldosDeCuenta: "cuenta=banco",
};

/** Where a field wants other company than the usual body gives it. */
const COMPANIA: Readonly<Record<string, object>> = {
  "pagar idCampania": { monto: USD },
  "bffPagar idCampania": { monto: USD },
  "registrarTarifa brand_id": { event_type: "LEAD", tipo: "PERCENTAGE", porcentaje: "5" },
};
export const companiaDe = (g: Guardada, campo: string, b: Blanco): object =>
  COMPANIA[`${g.id} ${campo}`] ?? cuerpoDe(g, b) ?? {};

/** The body that goes with a request for a target; `undefined`: none. Throws where one is needed and nobody made it. */
export function cuerpoDe(g: Guardada, b: Blanco): object | undefined {
  if (g.operacion.body === null) return undefined;
  const hecho = CUERPOS[g.id]?.(b) ?? (descarta(g.id) ? MOTIVO : undefined);
  if (hecho !== undefined) return hecho;
  if (g.campos.some((c) => RECURSO_DE[c] !== undefined)) throw new Error(`${g.id}: a body with ids in it`);
  return {};
}

/** Path and query for a target. */
export function direccion(g: Guardada, b: Blanco, clave: string): string {
  const modulo = g.operacion.path.split("/")[1] ?? "";
  const externo = g.proceso === "bff" && g.operacion.path.includes("/operacion/");
  const id = g.recurso === null ? "" : ID[g.recurso](b, externo ? "pagos" : modulo, clave);
  const prefijo = externo ? `${g.recurso === "mensaje" ? "pagos" : "campanias"}:` : "";
  const ruta = g.operacion.path.replace(/\{\w+\}/, prefijo + id);
  const consulta = CONSULTAS[g.id] ?? (g.operacion.path.endsWith("/cambios") ? "espera=0" : "");
  return consulta === "" ? ruta : `${ruta}?${consulta}`;
}

/** What names something, in query or body; `propio` is the kind that the operation itself is about. */
export const RECURSO_DE: Readonly<Record<string, Recurso | "propio" | "texto">> = {
  id: "propio",
  ids: "propio",
  idCampania: "campania",
  idCliente: "cliente",
  cliente_id: "cliente",
  cliente: "cliente",
  partner_id: "cliente",
  brand_id: "cliente",
  idPago: "pago",
  payout_id: "pago",
  transaccion_id: "transaccion",
  cuenta: "cuenta",
  titular: "cliente",
  recurso: "cliente",
  search: "texto",
  q: "texto",
  email: "texto",
  rut: "texto",
  referencia_externa: "texto",
};
/** What names nothing that anybody owns. A new parameter or field has to be sorted by hand. */
const SIN_ID =
  /^(page|per_page|cursor|limit|sort_by|sort_order|despues|espera|actor|accion|solicitud|resultado|desde|hasta|estado|estados|tipo|tipo_\w+|aproximada|en|motivo|cycle_id|moneda|currency|fecha_\w+|monto\w*|total_amount|event_type|event_timestamp|payment_\w+|confirmation_id|failure_reason|processed_at|completed_at|nombre|cedula|telefono|ciudad|pais|itinerario|presupuesto|anticipo|metas|sin_anticipo|comision|inicio|fin|roles|dias|modulo|type|transacciones|ambito|ciclo|corte|huella|retencion_dias|minimos|suspendido|metodo_pago|vigente\w*|porcentaje|tramos|comision_\w+|simulacro|solo_rechazadas)$/;

const PROPIO: readonly [RegExp, Recurso][] = [
  [/transacciones/, "transaccion"],
  [/tarifas/, "tarifa"],
  [/liquidaciones/, "liquidacion"],
  [/ciclos/, "proyeccion"],
  [/cliente/, "cliente"],
  [/campania/, "campania"],
  [/pagos|comandos/, "pago"],
];
export interface Ranura {
  readonly donde: "query" | "body";
  readonly nombre: string;
  /** It names the same thing as the path, and may not name another. */
  readonly repite: boolean;
  readonly valor: (b: Blanco) => string;
}

/** Every place in query and body where a caller may name a thing. Throws for one that is not sorted yet. */
export function ranuras(g: Guardada): Ranura[] {
  const nombres = [
    ...g.operacion.params.filter((p) => p.in === "query").map((p) => ["query", p.name] as const),
    ...g.campos.map((n) => ["body", n] as const),
  ];
  return nombres.flatMap(([donde, nombre]) => {
    const de = RECURSO_DE[nombre];
    if (de === undefined) {
      if (!SIN_ID.test(nombre)) throw new Error(`${g.id}: does ${nombre} name something?`);
      return [];
    }
    if (de === "texto") return [{ donde, nombre, repite: false, valor: (b: Blanco) => textoDe(nombre, b) }];
    const recurso = de === "propio" ? PROPIO.find(([r]) => r.test(g.operacion.path))?.[1] : de;
    if (recurso === undefined) throw new Error(`${g.id}: of what kind is its id?`);
    return [{ donde, nombre, repite: recurso === g.recurso, valor: (b: Blanco) => ID[recurso](b, "", "") }];
  });
}
const textoDe = (nombre: string, b: Blanco) =>
  nombre === "email" ? `${b}@correo.example` : nombre === "rut" ? `r-${b}` : b;
