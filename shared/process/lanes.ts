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
