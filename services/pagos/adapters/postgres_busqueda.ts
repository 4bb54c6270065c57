import { type Condition, where } from "@alpes/shared/adapters/postgres/lists.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { alike, holds } from "@alpes/shared/adapters/postgres/search.ts";

/**
 * Payments that a search box finds. It forgives only where nothing holds the text as it is: ids look alike, and among
 * 300,000 of them half would be "similar" (2.6 s against 20 ms).
 */
export async function parecida(db: Tx, otras: readonly Condition[], texto: string): Promise<Condition> {
  const exacta = holds(texto);
  const { sql, values } = where([...otras, exacta]);
  const hay = await db.query(`select 1 from pagos.payouts ${sql} limit 1`, values);
  return hay.length > 0 ? exacta : alike(texto);
}
