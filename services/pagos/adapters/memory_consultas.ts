import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { enVentana, series, ventana } from "@alpes/shared/seedwork/series.ts";
import type { FiltroPagos, FiltroTransacciones, Pagos, PagoVisto, Suma } from "../application/ports.ts";
import type { Tarifa } from "../domain/tarifas.ts";
import type { Transaccion } from "../domain/transaccion.ts";
import { milesimas } from "./filas_payout.ts";
import type { EstadoPagos } from "./memory.ts";

const llano = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const igual = <T>(pedido: T | null, valor: T | null) => pedido === null || pedido === valor;
const dia = (d: Date) => d.toISOString().slice(0, 10);
const enMilesimas = (s: string): bigint => {
  const [entero = "0", fraccion = ""] = s.split(".");
  return BigInt(entero + fraccion.padEnd(3, "0"));
};

const pasa = (f: FiltroPagos) => ({ payout: p }: PagoVisto): boolean => {
  const { ficha } = p;
  const monto = milesimas(ficha.monto_total);
  const texto = [ficha.id, p.partner_id, ficha.cycle_id, ficha.dicho.confirmation_id].join(" ");
  return igual(f.partner_id, p.partner_id) && igual(f.cycle_id, ficha.cycle_id) &&
    igual(f.idCampania, ficha.idCampania) && igual(f.estado, p.estado) && igual(f.tipo, ficha.tipo) &&
    igual(f.moneda, ficha.monto_total.moneda) &&
    (f.desde === null || dia(ficha.creado) >= f.desde) &&
    (f.hasta === null || dia(ficha.creado) <= f.hasta) &&
    (f.monto_min === null || monto >= enMilesimas(f.monto_min)) &&
    (f.monto_max === null || monto <= enMilesimas(f.monto_max)) &&
    (f.search === null || llano(texto).includes(llano(f.search)));
};
const pasaTransaccion = (f: FiltroTransacciones) => (t: Transaccion): boolean =>
  igual(f.partner_id, t.partner_id) && igual(f.idCampania, t.idCampania) && igual(f.brand_id, t.brand_id) &&
  igual(f.event_type, t.event_type) && igual(f.estado, t.estado) && igual(f.payout_id, t.payout_id) &&
  (f.desde === null || dia(t.event_timestamp) >= f.desde) &&
  (f.hasta === null || dia(t.event_timestamp) <= f.hasta);

const visiblePara = (visible: string | null) => (t: Tarifa): boolean =>
  visible === null || t.ambito_id === null || t.ambito_id === visible;

/** A page of rows by a key that sorts as text; numbers come padded. */
export function pagina<T>(
  filas: readonly T[],
  { page, sort }: ListRequest<string, unknown>,
  de: (t: T) => { readonly k: string; readonly id: string },
): Page<T> {
  type Llave = { readonly k: string; readonly id: string };
  const signo = sort.order === "asc" ? 1 : -1;
  const orden = (a: Llave, b: Llave) =>
    signo * (a.k < b.k ? -1 : a.k > b.k ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const todas = filas.map((t) => ({ ...de(t), t })).sort(orden);
  if (page.mode === "page") {
    const desde = (page.page - 1) * page.perPage;
    return {
      mode: "page",
      rows: todas.slice(desde, desde + page.perPage).map((f) => f.t),
      hasNext: todas.length > desde + page.perPage,
      total: { rows: todas.length, estimated: false },
    };
  }
  const { after } = page;
  const resto = after === null
    ? todas
    : todas.filter((f) => orden({ k: after.value ?? "", id: after.id }, f) < 0);
  const rows = resto.slice(0, page.limit);
  const last = rows.at(-1);
  const next = resto.length > page.limit && last !== undefined ? { value: last.k, id: last.id } : null;
  return { mode: "cursor", rows: rows.map((f) => f.t), next };
}

/** The read side over the same state. An approximate search finds what a plain one does. */
export function memoryConsultasPagos(state: () => EstadoPagos): Pagos {
  const lineas = (id: string): Transaccion[] =>
    [...state().lineas.get(id) ?? []].flatMap((t) => state().transacciones.get(t)?.estado ?? [])
      .sort((a, b) => a.event_timestamp.getTime() - b.event_timestamp.getTime() || (a.id < b.id ? -1 : 1));
  const todos = (visible: string | null): PagoVisto[] =>
    [...state().payouts].filter(([, g]) => igual(visible, g.estado.partner_id)).map(([id, g]) => ({
      payout: g.estado,
      version: g.version,
      actualizado: g.actualizado,
      transacciones: lineas(id),
    }));

  return {
    obtener: (id, visible) => Promise.resolve(todos(visible).find((v) => v.payout.ficha.id === id) ?? null),
    listar(pedido, visible) {
      const clave = (v: PagoVisto): string =>
        pedido.sort.by === "monto_total"
          ? String(milesimas(v.payout.ficha.monto_total)).padStart(20, "0")
          : (pedido.sort.by === "fecha_creacion" ? v.payout.ficha.creado : v.actualizado).toISOString();
      const filas = todos(visible).filter(pasa(pedido.filters));
      return Promise.resolve(pagina(filas, pedido, (v) => ({ k: clave(v), id: v.payout.ficha.id })));
    },
    serie(dias, visible) {
      const v = ventana(dias, new Date());
      const suyos = todos(visible).flatMap(({ payout: { estado, ficha: f } }) =>
        estado !== "EXITOSO" || !enVentana(v, f.creado)
          ? []
          : [{ clave: f.monto_total.moneda, en: f.creado, cantidad: 1, total: f.monto_total.unidades }]
      );
      return Promise.resolve(series(v, suyos));
    },
    sumas(filtro, visible) {
      const grupos = Map.groupBy(
        todos(visible).filter(pasa(filtro)).map((v) => v.payout),
        (p) => `${p.ficha.monto_total.moneda} ${p.estado}`,
      );
      return Promise.resolve(
        [...grupos].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([, ps]): Suma[] => {
          const [p] = ps;
          if (p === undefined) return [];
          const fines = ps.flatMap((x) => x.estado === "EXITOSO" ? [x.en.getTime()] : []);
          return [{
            moneda: p.ficha.monto_total.moneda,
            estado: p.estado,
            cantidad: ps.length,
            total: ps.reduce((a, x) => a + x.ficha.monto_total.unidades, 0n),
            primero: fines.length === 0 ? null : new Date(Math.min(...fines)),
            ultimo: fines.length === 0 ? null : new Date(Math.max(...fines)),
          }];
        }),
      );
    },
    historial: (id, visible) =>
      Promise.resolve(
        igual(visible, state().payouts.get(id)?.estado.partner_id ?? null)
          ? state().historial.get(id) ?? null
          : null,
      ),
    intento(clave) {
      for (const [payout_id, { estado }] of state().payouts) {
        const i = estado.intentos.find((x) => x.clave === clave);
        if (i !== undefined) return Promise.resolve({ payout_id, numero: i.numero });
      }
      return Promise.resolve(null);
    },
    transaccion: (id) => Promise.resolve(state().transacciones.get(id)?.estado ?? null),
    transacciones(pedido, visible) {
      const filas = [...state().transacciones.values()].map((v) => v.estado)
        .filter((t) => igual(visible, t.partner_id)).filter(pasaTransaccion(pedido.filters));
      return Promise.resolve(
        pagina(filas, pedido, (t) => ({ k: t.event_timestamp.toISOString(), id: t.id })),
      );
    },
    tarifas({ filters: f, ...pedido }, visible) {
      const filas = [...state().tarifas.values()].filter(visiblePara(visible)).filter((t) =>
        igual(f.ambito, t.ambito) && igual(f.event_type, t.event_type) && igual(f.tipo, t.formula.tipo) &&
        (f.partner_id === null || t.ambito === "PARTNER" && t.ambito_id === f.partner_id) &&
        (f.brand_id === null || t.ambito === "MARCA" && t.ambito_id === f.brand_id) &&
        igual(f.moneda, t.moneda) &&
        (f.vigente === null ||
          (t.vigente_desde ?? "") <= f.vigente && f.vigente <= (t.vigente_hasta ?? "9999-12-31"))
      );
      const clave = (t: Tarifa) => pedido.sort.by === "event_type" ? t.event_type : t.creada.toISOString();
      return Promise.resolve(pagina(filas, { ...pedido, filters: f }, (t) => ({ k: clave(t), id: t.id })));
    },
    tarifa: (id, visible) =>
      Promise.resolve(
        [...state().tarifas.values()].filter(visiblePara(visible)).find((t) => t.id === id) ?? null,
      ),
    condiciones: (partner_id) => Promise.resolve(state().condiciones.get(partner_id) ?? null),
    ciclos: (pedido) =>
      Promise.resolve(pagina([...state().ciclos.values()], pedido, (c) => ({ k: c.inicio, id: c.id }))),
  };
}
