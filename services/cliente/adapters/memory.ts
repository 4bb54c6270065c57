import type { MemoryStore } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import { enVentana, series, ventana } from "@alpes/shared/seedwork/series.ts";
import { vista } from "../application/comandos.ts";
import {
  type Anotacion,
  type Clientes,
  type Escrituras,
  type Estados,
  type Filtro,
  type Ids,
  UNICOS,
  type Vista,
} from "../application/ports.ts";
import { Cliente } from "../domain/cliente.ts";

interface State {
  readonly clientes: Map<string, { estado: Exclude<Cliente, { estado: "inexistente" }>; version: number }>;
  /** id of the cliente → id of the payment → when. */
  readonly pagos: Map<string, Map<string, Date>>;
  readonly historial: Map<string, Anotacion[]>;
}

const ultimo = (fechas: readonly Date[]): Date | null =>
  fechas.reduce<Date | null>((a, b) => a !== null && a > b ? a : b, null);

/** Clientes in memory: for tests, with the promises of the PostgreSQL adapter. */
export const memoryCliente: MemoryStore<State, Ids, Estados, Escrituras> = {
  inicial: { clientes: new Map(), pagos: new Map(), historial: new Map() },

  load(state, ids) {
    const pagos = state.pagos.get(ids.cliente) ?? new Map<string, Date>();
    const ocupados = UNICOS.filter((campo) => {
      const pedido = ids.unicos?.[campo]?.toLowerCase();
      return pedido !== undefined &&
        [...state.clientes].some(([id, c]) =>
          id !== ids.cliente && vista(id, c.estado, 0)[campo]?.toLowerCase() === pedido
        );
    });
    return {
      cliente: state.clientes.get(ids.cliente) ?? { estado: Cliente.inicial, version: 0 },
      ocupados,
      pagos: { total: pagos.size, ultimo: ultimo([...pagos.values()]) },
      pago: {
        vigente: ids.pago !== null && pagos.has(ids.pago),
        ultimoDeOtros: ids.pago === null
          ? null
          : ultimo([...pagos].filter(([id]) => id !== ids.pago).map(([, fecha]) => fecha)),
      },
    };
  },

  save(state, { cliente, pago, borrar }, { ahora, context }) {
    if (borrar !== null) {
      const sinMotivo = (state.historial.get(borrar.id) ?? []).map((h) => ({ ...h, motivo: null }));
      state.historial.set(borrar.id, sinMotivo);
    }
    if (cliente !== null) {
      if ((state.clientes.get(cliente.id)?.version ?? 0) !== cliente.anterior) {
        throw new ConcurrencyError(cliente.id);
      }
      state.clientes.set(cliente.id, { estado: cliente.estado, version: cliente.anterior + 1 });
      if (cliente.historial !== null) {
        const anotacion = {
          ...cliente.historial,
          version: cliente.anterior + 1,
          actor: actorName(context.actor),
          correlacion: context.correlation_id,
          fecha: ahora,
        };
        state.historial.set(cliente.id, [...state.historial.get(cliente.id) ?? [], anotacion]);
      }
    }
    if (pago === null) return;
    const suyos = state.pagos.get(pago.id_cliente) ?? new Map<string, Date>();
    if (pago.fecha === null) suyos.delete(pago.id_pago);
    else suyos.set(pago.id_pago, pago.fecha);
    state.pagos.set(pago.id_cliente, suyos);
  },
};

const dia = (d: Date) => d.toISOString().slice(0, 10);
const llano = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The read side over the same state. An approximate search finds what a plain one does. */
export function memoryClientes(state: () => State): Clientes {
  const todos = (): Vista[] => [...state().clientes].map(([id, c]) => vista(id, c.estado, c.version));
  const vistos = (visible: string | null) => todos().filter((v) => visible === null || v.id === visible);
  const pasa = (f: Filtro) => (v: Vista) =>
    (f.ids === null || f.ids.includes(v.id)) && (f.estado === null || v.estado === f.estado) &&
    (f.tipo_cliente === null || v.tipo_cliente === f.tipo_cliente) &&
    (f.desde === null || dia(v.fecha_registro) >= f.desde) &&
    (f.hasta === null || dia(v.fecha_registro) <= f.hasta) &&
    (f.search === null || llano(`${v.nombre} ${v.email} ${v.cedula ?? ""}`).includes(llano(f.search)));

  return {
    obtener: (id) => Promise.resolve(todos().find((v) => v.id === id) ?? null),
    listar({ filters, sort, page }, visible) {
      const clave = (v: Vista) => sort.by === "nombre" ? llano(v.nombre) : v.fecha_registro.toISOString();
      const signo = sort.order === "asc" ? 1 : -1;
      const orden = (a: { k: string; id: string }, b: { k: string; id: string }) =>
        signo * (a.k < b.k ? -1 : a.k > b.k ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
      const filas = vistos(visible).filter(pasa(filters)).map((v) => ({ k: clave(v), id: v.id, v })).sort(
        orden,
      );
      if (page.mode === "page") {
        const desde = (page.page - 1) * page.perPage;
        return Promise.resolve({
          mode: "page",
          rows: filas.slice(desde, desde + page.perPage).map((f) => f.v),
          hasNext: filas.length > desde + page.perPage,
          total: { rows: filas.length, estimated: false },
        });
      }
      const { after } = page;
      const resto = after === null
        ? filas
        : filas.filter((f) => orden({ k: after.value ?? "", id: after.id }, f) < 0);
      const rows = resto.slice(0, page.limit);
      const last = rows.at(-1);
      const next = resto.length > page.limit && last !== undefined ? { value: last.k, id: last.id } : null;
      return Promise.resolve({ mode: "cursor", rows: rows.map((f) => f.v), next });
    },
    serie(dias, visible) {
      const v = ventana(dias, new Date());
      const suyas = vistos(visible).map((x) => ({ clave: "", en: x.fecha_registro, cantidad: 1, total: 0n }));
      return Promise.resolve(series(v, suyas.filter((c) => enVentana(v, c.en))));
    },
    estadisticas(visible) {
      const cuenta = (de: (v: Vista) => boolean) => vistos(visible).filter(de).length;
      return Promise.resolve({
        total: cuenta(() => true),
        por_estado: {
          ACTIVO: cuenta((v) => v.estado === "ACTIVO"),
          INACTIVO: cuenta((v) => v.estado === "INACTIVO"),
          SUSPENDIDO: cuenta((v) => v.estado === "SUSPENDIDO"),
        },
        por_tipo: {
          NATURAL: cuenta((v) => v.tipo_cliente === "NATURAL"),
          EMPRESA: cuenta((v) => v.tipo_cliente === "EMPRESA"),
        },
        nuevos_30_dias: cuenta((v) => Date.now() - v.fecha_registro.getTime() < 30 * 86_400_000),
      });
    },
    historial: (id) => Promise.resolve(state().historial.get(id) ?? null),
    pagos: (id) =>
      Promise.resolve(
        [...state().pagos.get(id) ?? []].map(([id_pago, fecha]) => ({ id_pago, fecha }))
          .sort((a, b) => a.fecha.getTime() - b.fecha.getTime()),
      ),
  };
}
