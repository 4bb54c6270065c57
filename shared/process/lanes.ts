import type { Metrics } from "@alpes/shared/http/metrics.ts";
import type { Admission } from "@alpes/shared/http/admission.ts";
import type { LaneOf } from "@alpes/shared/http/limits.ts";

/**
 * Money is what changes something in pagos; its process alone also answers at `/comandos`. The change feed's long polls
 * and the operator's view never wait.
 */
export const lanes = (modulos: readonly string[]): LaneOf => (path, work) => {
  const [, first = "", second = ""] = path.split("/");
  const modulo = first === "comandos" ? "pagos" : first;
  if (!modulos.includes(modulo) || second === "operacion" || second === "cambios") return null;
  if (work === "write") return { modulo, clase: modulo === "pagos" ? "dinero" : "escritura" };
  return { modulo, clase: work === "one" ? "lectura" : "busqueda" };
};

/** How many requests of each class run, wait, and were turned away. */
export function admissionGauges(metrics: Metrics, gate: Admission): void {
  const one = (name: string, help: string, of: "running" | "waiting" | "shed") =>
    metrics.gauge(
      name,
      help,
      ["modulo", "clase"],
      () => gate.usage().map(({ modulo, clase, ...u }) => [{ modulo, clase }, u[of]]),
    );
  one("admission_running", "Requests that are being worked on.", "running");
  one("admission_waiting", "Requests that wait for their turn.", "waiting");
  one("admission_shed_total", "Requests turned away with 503 because too many came.", "shed");
}
