import assert from "node:assert/strict";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { leerMonto, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { PagoRegistrado } from "@alpes/shared/testing/psp.ts";

interface Pago {
  readonly id: string;
  readonly estado: string;
  readonly moneda: Moneda;
  readonly monto: bigint;
}
const muestra = <T>(que: string, malos: readonly T[]) =>
  assert.deepEqual(malos.slice(0, 5), [], `${malos.length} payouts: ${que}`);

/** The provider's own record beside ours, payout by payout: paid once each, of the same amount, and nothing lost. */
export async function bancoDeAcuerdo(
  db: Tx,
  registro: readonly PagoRegistrado[],
  aceptados: ReadonlySet<string>,
): Promise<{ readonly pagados: number; readonly fallidos: number }> {
  const pagos = await db.query<Pago>("select id, estado, moneda, monto from pagos.payouts");
  const nuestros = new Map(pagos.map((p) => [p.id, p]));
  const pagados = Map.groupBy(registro.filter((r) => r.estado === "PAGADO"), (r) => r.payout_id);

  muestra("paid twice", [...pagados].filter(([, rs]) => rs.length > 1).map(([id]) => id));
  muestra("acknowledged and lost", [...aceptados].filter((id) => !nuestros.has(id)));
  muestra("that nobody was told of", pagos.filter((p) => !aceptados.has(p.id)).map((p) => p.id));
  muestra("left over", pagos.filter((p) => p.estado !== "EXITOSO" && p.estado !== "FALLIDO"));
  muestra("EXITOSO and not paid", pagos.filter((p) => p.estado === "EXITOSO" && !pagados.has(p.id)));
  muestra("paid and not EXITOSO", [...pagados.keys()].filter((id) => nuestros.get(id)?.estado !== "EXITOSO"));
  muestra(
    "paid with another amount",
    [...pagados].filter(([id, [r]]) => {
      const p = nuestros.get(id);
      const m = r === undefined ? null : leerMonto(r.monto.valor, r.monto.moneda as Moneda);
      return !m?.ok || m.value.unidades !== p?.monto || m.value.moneda !== p.moneda;
    }).map(([id]) => id),
  );
  const intentos = await db.query<{ id: string }>(
    `select payout_id as id from pagos.intentos group by payout_id
     having count(*) filter (where estado <> 'NO_PAGADO') > 1 or count(*) filter (where estado in ('INICIADO', 'DESCONOCIDO')) > 0`,
  );
  muestra("with two attempts that may have paid, or an open one", intentos);
  return {
    pagados: pagos.filter((p) => p.estado === "EXITOSO").length,
    fallidos: pagos.filter((p) => p.estado === "FALLIDO").length,
  };
}

/** Each outcome was said once. */
export async function dichoUnaVez(db: Tx): Promise<void> {
  const mal = await db.query<{ id: string }>(
    `select p.id from pagos.payouts p
       left join (select mensaje->'data'->>'idPago' as id, count(distinct mensaje->>'event_id') as veces
                    from mensajeria.bus_mensajes
                   where topic = 'eventos.pagos' and mensaje->>'type' in ('PagoConfirmado.v1', 'PagoFallido.v1')
                   group by 1) m on m.id = p.id
      where coalesce(m.veces, 0) <> 1`,
  );
  muestra("whose outcome was not said exactly once", mal);
}

/** The ledger: entries zero, balances the fold of their lines, nothing reserved any more. Gives how many lines it has. */
export async function libroEnCero(db: Tx): Promise<number> {
  const tuertos = await db.query(
    "select asiento, moneda from pagos.movimientos group by 1, 2 having sum(importe) <> 0 limit 5",
  );
  assert.deepEqual(tuertos, [], "entries that do not sum to zero");
  const saldos = await db.query(
    `select cuenta, moneda from pagos.saldos s
       full join (select cuenta, moneda, sum(importe) as suma from pagos.movimientos group by 1, 2) m using (cuenta, moneda)
      where s.saldo is distinct from m.suma limit 5`,
  );
  assert.deepEqual(saldos, [], "balances that are not the fold of their lines");
  const reservas = await db.query(
    "select cuenta from pagos.saldos where cuenta like 'partner:%:en_pago' and saldo <> 0 limit 5",
  );
  assert.deepEqual(reservas, [], "reserves of payouts that are settled");
  const [n] = await db.query<{ n: number }>("select count(*)::int as n from pagos.movimientos");
  return n?.n ?? 0;
}
