import { type AdmissionLimits, LIMITS } from "@alpes/shared/http/admission.ts";
import type { LaneOf } from "@alpes/shared/http/limits.ts";

/**
 * The services let in what they can do. Here it is only held back that slow services and crowds fill this process; a
 * service that hangs leaves the others their share.
 */
export const TURNOS: AdmissionLimits = {
  ...LIMITS,
  running: { dinero: 64, escritura: 64, lectura: 64, busqueda: 32 },
  perModule: 96,
  standing: { dinero: 64, escritura: 64, lectura: 64, busqueda: 96 },
  burst: 1_000,
  // Overload is for each service to refuse. Here a long line stays a crowd until nobody would wait longer anyway.
  burstMs: LIMITS.patienceMs,
};

const SERVICIO = new Map([
  ["clientes", "cliente"],
  ["cliente", "cliente"],
  ["pagos", "pagos"],
  ["campanias", "campanias"],
  ["dashboard", "todos"],
  ["search", "todos"],
]);

/** By what the address names, here and at the root. Probes, sessions, streams and the operator never wait. */
export const carril: LaneOf = (path, work) => {
  const [, a = "", b = "", c = ""] = path.split("/");
  const api = a === "api";
  const recurso = api ? c : a;
  const modulo = SERVICIO.get(recurso);
  if (modulo === undefined || (!api && (b === "operacion" || b === "cambios"))) return null;
  if (work === "write") return { modulo, clase: modulo === "pagos" ? "dinero" : "escritura" };
  return { modulo, clase: work === "one" || recurso === "dashboard" ? "lectura" : "busqueda" };
};
