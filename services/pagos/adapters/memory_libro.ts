import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { ConcurrencyError, type RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Asiento } from "../domain/libro/asiento.ts";
import { type Cuenta, sinDescubierto } from "../domain/libro/cuentas.ts";
import type { AsientoVisto } from "../application/ports.ts";

export interface EstadoLibro {
  /** By `clave`, in the order in which they were posted. */
  readonly asientos: Map<string, AsientoVisto>;
  /** By account and currency. */
  readonly saldos: Map<string, bigint>;
}

/** Posts entries as the database does: each fact once, a reversal of what is there, nothing overdrawn. */
export function asentarEnMemoria(
  s: EstadoLibro,
  nuevos: readonly Asiento[],
  ahora: Date,
  context: RequestContext,
): void {
  const tocados = new Map<string, Cuenta>();
  for (const a of nuevos) {
    if (s.asientos.has(a.clave)) throw new ConcurrencyError(`${a.clave} is posted already`);
    const original = a.revierte === null ? undefined : s.asientos.get(a.revierte);
    if (a.revierte !== null && !niega(a, original)) {
      throw new Error(`${a.clave} does not take back ${a.revierte}`);
    }
    if (original?.revertido_por) throw new ConcurrencyError(`${a.revierte} is taken back already`);
    if (original !== undefined) s.asientos.set(original.clave, { ...original, revertido_por: a.clave });
    s.asientos.set(a.clave, {
      ...a,
      id: s.asientos.size + 1,
      revertido_por: null,
      en: ahora,
      actor: actorName(context.actor),
      correlacion: context.correlation_id,
      causa: context.causation_id,
      saga_paso: context.saga_paso ?? null,
    });
    for (const { cuenta, importe } of a.lineas) {
      const k = `${cuenta} ${importe.moneda}`;
      s.saldos.set(k, (s.saldos.get(k) ?? 0n) + importe.unidades);
      tocados.set(k, cuenta);
    }
  }
  for (const [k, cuenta] of tocados) {
    if (sinDescubierto(cuenta) && (s.saldos.get(k) ?? 0n) < 0n) throw new Error(`${k} would be overdrawn`);
  }
}

const niega = (a: Asiento, original: Asiento | undefined): boolean =>
  original !== undefined && a.lineas.length === original.lineas.length &&
  a.lineas.every(({ cuenta, importe }, i) => {
    const o = original.lineas[i];
    return o?.cuenta === cuenta && o.importe.moneda === importe.moneda &&
      o.importe.unidades === -importe.unidades;
  });
