import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import type { Libro, Movimiento, Saldo } from "../application/libro.ts";
import type { AsientoVisto } from "../application/ports.ts";
import { type Cuenta, cuentasDe, cuentasPropias } from "../domain/libro/cuentas.ts";
import type { EstadoLibro } from "./memory_libro.ts";
import { pagina } from "./memory_consultas.ts";

const igual = <T>(pedido: T | null, valor: T | null) => pedido === null || pedido === valor;
const dia = (d: Date) => d.toISOString().slice(0, 10);

/** The ledger's read side over the same state. */
export function memoryLibro(state: () => EstadoLibro): Libro {
  const ve = (visible: string | null, c: Cuenta) => visible === null || cuentasPropias(visible).includes(c);
  const todos = (visible: string | null): AsientoVisto[] =>
    [...state().asientos.values()]
      .map((a) => ({ ...a, lineas: a.lineas.filter((l) => ve(visible, l.cuenta)) }))
      .filter((a) => a.lineas.length > 0);
  const lineas = (visible: string | null) =>
    todos(visible).flatMap((a) => a.lineas.map((l, n) => ({ ...l, n, asiento: a })));
  const saldos = (filas: ReturnType<typeof lineas>): Saldo[] =>
    [...Map.groupBy(filas, (l) => `${l.cuenta} ${l.importe.moneda}`).values()].flatMap((ls): Saldo[] => {
      const [l] = ls;
      if (l === undefined) return [];
      const saldo = dinero(ls.reduce((a, x) => a + x.importe.unidades, 0n), l.importe.moneda);
      const actualizado = new Date(Math.max(...ls.map((x) => x.asiento.en.getTime())));
      return [{ cuenta: l.cuenta, saldo, movimientos: ls.length, actualizado }];
    });
  const moneda = (pedida: Moneda | null) => (s: Saldo) => igual(pedida, s.saldo.moneda);

  return {
    cuentas({ filters: f, ...pedido }, visible) {
      const filas = saldos(lineas(visible)).filter(moneda(f.moneda)).filter((s) =>
        igual(f.cuenta, s.cuenta) && (f.titular === null || cuentasDe(f.titular).includes(s.cuenta)) &&
        igual<string>(f.tipo, s.cuenta.split(":")[0] ?? "")
      );
      return Promise.resolve(
        pagina(filas, { ...pedido, filters: f }, (s) => ({ k: s.cuenta, id: s.saldo.moneda })),
      );
    },
    asientos({ filters: f, ...pedido }, visible) {
      const filas = todos(visible).filter((a) =>
        (f.cuenta === null || a.lineas.some((l) => l.cuenta === f.cuenta)) &&
        igual(f.payout_id, a.payout_id) && igual(f.transaccion_id, a.transaccion_id) &&
        igual(f.idCampania, a.idCampania) && igual(f.solicitud, a.correlacion) &&
        (f.desde === null || dia(a.en) >= f.desde) && (f.hasta === null || dia(a.en) <= f.hasta)
      );
      const k = (a: AsientoVisto) => String(a.id).padStart(18, "0");
      return Promise.resolve(pagina(filas, { ...pedido, filters: f }, (a) => ({ k: k(a), id: a.hecho })));
    },
    saldos: (cuenta, en, visible) =>
      Promise.resolve(
        saldos(lineas(visible).filter((l) => l.cuenta === cuenta && (en === null || l.asiento.en <= en)))
          .sort((a, b) => a.saldo.moneda < b.saldo.moneda ? -1 : 1),
      ),
    movimientos({ filters: f, ...pedido }, visible) {
      const filas = lineas(visible).filter((l) =>
        l.cuenta === f.cuenta && igual(f.moneda, l.importe.moneda) && (f.en === null || l.asiento.en <= f.en)
      ).map(({ importe, n, asiento }): Movimiento & { id: string } => ({
        importe,
        asiento: { ...asiento, lineas: [{ cuenta: f.cuenta, importe }] },
        id: `${String(asiento.id).padStart(19, "0")}:${n}`,
      }));
      return Promise.resolve(
        pagina(filas, { ...pedido, filters: f }, (m) => ({ k: m.asiento.en.toISOString(), id: m.id })),
      );
    },
    deUnPayout: (id, transacciones, visible) =>
      Promise.resolve(
        todos(visible).filter((a) => a.payout_id === id || transacciones.includes(a.transaccion_id ?? "")),
      ),
  };
}
