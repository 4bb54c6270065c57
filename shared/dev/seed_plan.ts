import { type Random, seeded } from "./seed_random.ts";

/** What becomes of a client after it registered. */
export type DestinoCliente = "ACTIVO" | "INACTIVO" | "SUSPENDIDO";
/** The way of a campaign and its payment, by where it ends. */
export type DestinoCampania =
  | "PENDIENTE"
  | "APROBADA"
  | "PAUSADA"
  | "FINALIZADA"
  | "CANCELADA"
  | "PAGO_FALLIDO"
  | "PAGO_REVERTIDO"
  | "PAGO_EN_VERIFICACION"
  | "PAGO_TARDIO"
  | "PAGO_CORTADO";

export interface PlanCliente {
  readonly cuerpo: Readonly<Record<string, string>> & { readonly id: string };
  readonly destino: DestinoCliente;
}
export interface PlanCampania {
  readonly id: string;
  readonly idCliente: string;
  readonly nombre: string;
  readonly moneda: "COP" | "USD";
  /** Whole units; the cents come with the body. */
  readonly presupuesto: number;
  readonly destino: DestinoCampania;
}
export interface PlanPartner {
  readonly id: string;
  readonly ciclo: string;
  readonly comisiones: readonly Readonly<Record<string, unknown>>[];
  /** The commission to take back before the payout, after it, or after it with the payout given back as well. */
  readonly reembolso: "ninguno" | "antes" | "despues" | "revertido";
}
export interface Plan {
  readonly prefijo: string;
  readonly clientes: readonly PlanCliente[];
  readonly campanias: readonly PlanCampania[];
  readonly ciclos: readonly { readonly id: string; readonly inicio: string; readonly fin: string }[];
  readonly partners: readonly PlanPartner[];
}

/** Every way occurs before one occurs twice: a small seed has one of each already. */
const DESTINOS: readonly DestinoCampania[] = [
  "APROBADA",
  "PENDIENTE",
  "PAGO_FALLIDO",
  "PAGO_EN_VERIFICACION",
  "PAUSADA",
  "FINALIZADA",
  "CANCELADA",
  "PAGO_REVERTIDO",
  "PAGO_TARDIO",
  "PAGO_CORTADO",
  "APROBADA",
  "APROBADA",
];
/** The least number of clients with which one of every state is left. */
export const MIN_CLIENTES = DESTINOS.length;

/** Partners of the smallest plan: one for each way of a refund. */
const SIEMPRE = 4;

const NOMBRES = [
  "Lucía",
  "Andrés",
  "María José",
  "Íñigo",
  "Sofía",
  "Óscar",
  "Begoña",
  "Julián",
  "Zoé",
  "Ángela",
];
const APELLIDOS = [
  "Núñez",
  "D'Acosta",
  "Peña",
  "Rodríguez",
  "Muñoz",
  "Ibáñez",
  "Güiza",
  "Ospina",
  "Ñáñez",
  "Vargas",
];
const RAMOS = ["Cafés", "Textiles", "Flores", "Panaderías", "Librerías", "Ferreterías", "Cacaos", "Quesos"];
const LUGARES = ["Bogotá", "Medellín", "Cali", "Popayán", "Cúcuta", "Leticia", "Riohacha", "Ibagué"];
const CICLOS = ["01", "02", "03"];

/** The same for the same seed: names, ids, amounts, and who ends how. A longer one begins with the shorter one. */
export function plan(semilla: number, cuantos: number): Plan {
  const prefijo = `s${semilla}`;
  const clientes = Array.from({ length: cuantos }, (_, i) => cliente(prefijo, semilla, i));
  const campanias = clientes.map(({ cuerpo }, i) => campania(prefijo, semilla, i, cuerpo.id));
  const ciclos = CICLOS.map((m) => ({
    id: `${prefijo}-2025-${m}`,
    inicio: `2025-${m}-01`,
    fin: `2025-${m}-28`,
  }));
  const aprobadas = (primeras: number) =>
    campanias.slice(0, primeras).filter((c) => c.destino === "APROBADA" && c.moneda === "COP");
  // Of the campaigns that every plan with this partner has, the latest: so that no budget serves too many. The first
  // ones are in every plan, the others in those of five times as many clients.
  const partners = Array.from(
    { length: Math.max(SIEMPRE, Math.floor(cuantos / 5)) },
    (_, i) => partner(prefijo, semilla, i, aprobadas(i < SIEMPRE ? MIN_CLIENTES : 5 * (i + 1)).slice(-3)),
  );
  return { prefijo, clientes, campanias, ciclos, partners };
}

/** A stream of its own for each thing, so that more of one kind changes nothing about the others. */
const azar = (semilla: number, clase: number, i: number): Random =>
  seeded(semilla * 1_000_003 + clase * 100_003 + i);
const cifras = (n: number, largo: number): string => String(n).padStart(largo, "0");

function cliente(prefijo: string, semilla: number, i: number): PlanCliente {
  const r = azar(semilla, 1, i);
  const empresa = i % 4 === 3;
  const nombre = empresa
    ? `${r.of(RAMOS)} ${r.of(APELLIDOS)} S.A.S.`
    : `${r.of(NOMBRES)} ${r.of(APELLIDOS)} ${r.of(APELLIDOS)}`;
  const id = `${prefijo}-c-${cifras(i + 1, 4)}`;
  const comun = {
    id,
    nombre,
    email: `${id}@${empresa ? "empresa" : "correo"}.example`,
    telefono: `+573${cifras(r.below(1_000_000_000), 9)}`,
    ciudad: r.of(LUGARES),
    pais: "CO",
  };
  const documento = `${cifras(semilla % 1_000_000, 6)}${cifras(i, 5)}`;
  const nacido = `${1950 + r.below(50)}-${cifras(1 + r.below(12), 2)}-${cifras(1 + r.below(28), 2)}`;
  const cuerpo = empresa
    ? { ...comun, tipo_cliente: "EMPRESA", rut: `${documento}-${r.below(10)}` }
    : { ...comun, cedula: `9${documento}`, fecha_nacimiento: nacido };
  return { cuerpo, destino: i % 20 === 8 ? "SUSPENDIDO" : i % 20 === 9 ? "INACTIVO" : "ACTIVO" };
}

function campania(prefijo: string, semilla: number, i: number, idCliente: string): PlanCampania {
  const r = azar(semilla, 2, i);
  const moneda = i > 0 && r.below(5) === 0 ? "USD" : "COP";
  return {
    id: `${prefijo}-k-${cifras(i + 1, 4)}`,
    idCliente,
    nombre: `${r.of(RAMOS)} de ${r.of(LUGARES)} ${2025 + r.below(2)}`,
    moneda,
    presupuesto: moneda === "COP" ? 500_000 + 1_000 * r.below(4_000) : 200 + r.below(3_000),
    destino: DESTINOS[i % DESTINOS.length] ?? "PENDIENTE",
  };
}

const REEMBOLSOS: readonly PlanPartner["reembolso"][] = ["ninguno", "antes", "despues", "revertido"];

function partner(
  prefijo: string,
  semilla: number,
  i: number,
  campanias: readonly PlanCampania[],
): PlanPartner {
  const r = azar(semilla, 3, i);
  const id = `${prefijo}-partner-${cifras(i + 1, 3)}`;
  const mes = CICLOS[i % CICLOS.length] ?? "01";
  const comisiones = Array.from({ length: 2 + r.below(4) }, (_, j) => ({
    id: `${id}-tx-${j + 1}`,
    partner_id: id,
    idCampania: r.of(campanias).id,
    event_type: r.below(3) === 0 ? "CONVERSION" : "VENTA",
    event_timestamp: `2025-${mes}-${cifras(1 + r.below(28), 2)}T${cifras(r.below(24), 2)}:30:00Z`,
    // Cents on purpose: a commission is a rounded share of them.
    monto_original: { valor: `${20_000 + r.below(80_000)}.${cifras(r.below(100), 2)}`, moneda: "COP" },
  }));
  return {
    id,
    ciclo: `${prefijo}-2025-${mes}`,
    comisiones,
    reembolso: REEMBOLSOS[i % REEMBOLSOS.length] ?? "ninguno",
  };
}
