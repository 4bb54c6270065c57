import type { MemoryStore } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import { enVentana, series, ventana } from "@alpes/shared/seedwork/series.ts";
import type {
  Campanias,
  Escrituras,
  Estados,
  EventoVisto,
  Filtro,
  Ids,
  Vencimientos,
  Vista,
} from "../application/ports.ts";
import { vista } from "../application/vista.ts";
import { Campania } from "../domain/campania.ts";
import { type EstadoCampania, type Existente } from "../domain/estado.ts";
import type { TipoCampania } from "../domain/datos.ts";
import { type Saga, SAGA_INICIAL } from "../domain/saga.ts";

interface Fila {
  readonly campania: Existente;
  readonly eventos: readonly EventoVisto[];
  readonly saga: Saga;
  readonly actualizada: Date;
}
type State = Map<string, Fila>;

/** Campaigns in memory: for tests, with the promises of the PostgreSQL adapter. */
export const memoryCampania: MemoryStore<State, Ids, Estados, Escrituras> = {
  inicial: new Map(),

  load(state, { campania: id }) {
    const fila = state.get(id);
    return {
      campania: { estado: fila?.campania ?? Campania.inicial, version: fila?.eventos.length ?? 0 },
      saga: fila?.saga ?? SAGA_INICIAL,
    };
  },

  save(state, w, { ahora, context }) {
    if (w === null) return;
    const antes = state.get(w.id);
    if ((antes?.eventos.length ?? 0) !== w.anterior) throw new ConcurrencyError(w.id);
    const saga = w.saga ?? antes?.saga ?? SAGA_INICIAL;
    state.set(w.id, {
      campania: w.campania,
      eventos: [
        ...antes?.eventos ?? [],
        ...w.eventos.map((e, i) => ({ ...e, version: w.anterior + 1 + i })),
      ],
      saga: w.saga === null ? saga : { ...saga, solicitud: saga.solicitud ?? context.correlation_id },
      actualizada: w.saga === null ? antes?.actualizada ?? ahora : ahora,
    });
  },
};

const llano = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const dia = (d: Date) => d.toISOString().slice(0, 10);

const pasa = (f: Filtro) => (v: Vista) =>
  (f.ids === null || f.ids.includes(v.id)) && (f.estados === null || f.estados.includes(v.estado)) &&
  (f.idCliente === null || v.idCliente === f.idCliente) &&
  (f.tipo_campania === null || v.tipo_campania === f.tipo_campania) &&
  (f.desde === null || dia(v.fecha_creacion) >= f.desde) &&
  (f.hasta === null || dia(v.fecha_creacion) <= f.hasta) &&
  (f.search === null || llano(`${v.nombre ?? ""} ${v.id} ${v.idCliente}`).includes(llano(f.search)));

/** One page of rows that carry their sort key. */
function paginar<T>(
  filas: readonly { k: string; id: string; v: T }[],
  p: ListRequest<string, unknown>,
): Page<T> {
  const signo = p.sort.order === "asc" ? 1 : -1;
  const orden = (a: { k: string; id: string }, b: { k: string; id: string }) =>
    signo * (a.k < b.k ? -1 : a.k > b.k ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  const todas = [...filas].sort(orden);
  if (p.page.mode === "page") {
    const desde = (p.page.page - 1) * p.page.perPage;
    return {
      mode: "page",
      rows: todas.slice(desde, desde + p.page.perPage).map((f) => f.v),
      hasNext: todas.length > desde + p.page.perPage,
      total: { rows: todas.length, estimated: false },
    };
  }
  const { after, limit } = p.page;
  const resto = after === null
    ? todas
    : todas.filter((f) => orden({ k: after.value ?? "", id: after.id }, f) < 0);
  const rows = resto.slice(0, limit);
  const last = rows.at(-1);
  const next = resto.length > limit && last !== undefined ? { value: last.k, id: last.id } : null;
  return { mode: "cursor", rows: rows.map((f) => f.v), next };
}

/** The read side over the same state. An approximate search finds what a plain one does. */
export function memoryCampanias(state: () => State): Campanias {
  const ve = (visible: string | null) => ({ campania: { idCliente } }: Fila) =>
    visible === null || idCliente === visible;
  const vistas = (visible: string | null): Vista[] =>
    [...state().values()].filter(ve(visible)).map((f) => vista(f.campania, f.eventos.length));
  const fila = (id: string, visible: string | null) => [state().get(id)].find((f) => f && ve(visible)(f));
  return {
    obtener: (id, visible) => Promise.resolve(vistas(visible).find((v) => v.id === id) ?? null),
    listar(pedido, visible) {
      const clave = (v: Vista) =>
        pedido.sort.by === "nombre" ? llano(v.nombre ?? "") : v.fecha_creacion.toISOString();
      const filas = vistas(visible).filter(pasa(pedido.filters)).map((v) => ({ k: clave(v), id: v.id, v }));
      return Promise.resolve(paginar(filas, pedido));
    },
    serie(dias, visible) {
      const v = ventana(dias, new Date());
      const suyas = vistas(visible).map((x) => ({ clave: "", en: x.fecha_creacion, cantidad: 1, total: 0n }));
      return Promise.resolve(series(v, suyas.filter((c) => enVentana(v, c.en))));
    },
    estadisticas(idCliente, visible) {
      const suyas = vistas(visible).filter((v) => idCliente === null || v.idCliente === idCliente);
      const estado = (e: EstadoCampania) => suyas.filter((v) => v.estado === e).length;
      const tipo = (t: TipoCampania) => suyas.filter((v) => v.tipo_campania === t).length;
      return Promise.resolve({
        total: suyas.length,
        por_estado: {
          PENDIENTE: estado("PENDIENTE"),
          APROBADA: estado("APROBADA"),
          PAUSADA: estado("PAUSADA"),
          FINALIZADA: estado("FINALIZADA"),
          CANCELADA: estado("CANCELADA"),
        },
        por_tipo: {
          PERFORMANCE: tipo("PERFORMANCE"),
          BRANDING: tipo("BRANDING"),
          AWARENESS: tipo("AWARENESS"),
          CONVERSION: tipo("CONVERSION"),
          RETENTION: tipo("RETENTION"),
        },
        aprobadas: suyas.filter((v) => v.fecha_aprobacion !== null).length,
      });
    },
    eventos: (id, hasta, visible) =>
      Promise.resolve(
        (fila(id, visible)?.eventos ?? []).filter(({ evento }) => hasta === null || evento.en <= hasta),
      ),
    saga: (id, visible) => Promise.resolve(fila(id, visible)?.saga ?? null),
    sagas(pedido, visible) {
      const { estado } = pedido.filters;
      const filas = [...state()].filter(([, f]) => ve(visible)(f)).filter(([, f]) =>
        f.saga.solicitud !== null
      )
        .filter(([, f]) => estado === null || f.saga.estado === estado)
        .map(([id, { saga, actualizada }]) => ({
          k: actualizada.toISOString(),
          id,
          v: { id, saga, actualizada },
        }));
      return Promise.resolve(paginar(filas, pedido));
    },
  };
}

export const memoryVencimientos = (state: () => State, clock: Clock): Vencimientos => ({
  vencidas(limite) {
    const ahora = clock();
    const todas = [...state()].flatMap(([id, { saga: { plazo, solicitud } }]) =>
      plazo !== null && plazo <= ahora ? [{ id, plazo, solicitud: solicitud ?? id }] : []
    );
    return Promise.resolve(todas.sort((a, b) => a.plazo.getTime() - b.plazo.getTime()).slice(0, limite));
  },
});
