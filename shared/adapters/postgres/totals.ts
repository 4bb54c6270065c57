import type { Tx } from "./database.ts";
import { startLoop } from "./loop.ts";

/**
 * Each connection that writes keeps a part of a module's totals of its own. At the start and then each hour this folds
 * the parts of those that ended, so that a sum stays a sum of few rows. Any number of processes may do it at once.
 */
export const startFolding = (
  db: Tx,
  modulo: "cliente" | "campanias" | "pagos",
  onError: (e: unknown) => void,
): AsyncDisposable =>
  startLoop({
    async step() {
      await db.query(`select ${modulo}.plegar_totales()`);
      return "idle";
    },
    idle: { min: 3_600_000, max: 3_600_000 },
    onError,
  });
