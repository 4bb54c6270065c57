import { useEffect, useRef, useState } from "preact/hooks";
import { pedir, type Problema } from "./api.ts";
import { idioma } from "./textos.ts";
import { alCambiar, type Modulo } from "./vivo.ts";

export interface Datos<T> {
  /** What was read last, also where the last attempt failed. */
  readonly valor: T | null;
  readonly falla: Problema | null;
  /** When `valor` was read, in ms since 1970. */
  readonly leido: number | null;
  readonly otra: () => void;
}
interface Guardado {
  readonly valor: unknown;
  readonly leido: number;
}
/** What this tab read, so that a page which is come back to is there at once, and then read anew. */
const guardados = new Map<string, Guardado>();
const MAX = 60;
function guardar(ruta: string, g: Guardado): void {
  guardados.delete(ruta);
  guardados.set(ruta, g);
  const [primera] = guardados.keys();
  if (guardados.size > MAX && primera !== undefined) guardados.delete(primera);
}

/** How long changes are gathered before one question is asked for them. */
const JUNTAR_MS = 150;

/**
 * Reads a path, again whenever one of `modulos` changes, and again by itself while it fails. `null`: nothing yet.
 * `soloId`: only what changes there counts. `cadaMs`: also now and then, for what no feed tells (queues, parked messages).
 */
export function useDatos<T>(
  ruta: string | null,
  modulos: readonly Modulo[],
  o: { readonly soloId?: string; readonly cadaMs?: number } = {},
): Datos<T> {
  const clave = ruta === null ? null : `${idioma.value} ${ruta}`;
  const [, pintar] = useState(0);
  const mio = useRef<{ clave: string | null; falla: Problema | null }>({ clave: null, falla: null });
  if (mio.current.clave !== clave) mio.current = { clave, falla: null };
  const otra = useRef(() => {});

  useEffect(() => {
    if (ruta === null || clave === null) return;
    let corte: AbortController | null = null;
    let espera: ReturnType<typeof setTimeout> | undefined;
    let vivoAun = true;
    async function leer(): Promise<void> {
      clearTimeout(espera);
      espera = undefined;
      corte?.abort();
      const este = corte = new AbortController();
      try {
        const r = await pedir<T>(ruta ?? "", { corte: este.signal });
        if (!vivoAun || este !== corte) return;
        if (r.ok) guardar(clave ?? "", { valor: r.valor, leido: Date.now() });
        mio.current.falla = r.ok ? null : r.falla;
        // Whatever is away is asked for again: nobody has to press a key for it.
        if (!r.ok && (r.falla.status === 0 || r.falla.status >= 429)) espera = setTimeout(leer, 2_000);
        const parcial = r.ok && Array.isArray(Object(r.valor).advertencias) &&
          Object(r.valor).advertencias.length > 0;
        if (parcial) espera = setTimeout(leer, 2_000);
        pintar((n) => n + 1);
      } catch { /* a newer question took its place */ }
    }
    otra.current = () => void leer();
    const callar = alCambiar((modulo, cambios) => {
      if (!modulos.includes(modulo)) return;
      if (o.soloId !== undefined && cambios !== null && !cambios.some((c) => c.id === o.soloId)) return;
      clearTimeout(espera);
      espera = setTimeout(leer, JUNTAR_MS);
    });
    const pulso = o.cadaMs === undefined ? undefined : setInterval(() => {
      if (!document.hidden) void leer();
    }, o.cadaMs);
    void leer();
    return () => {
      vivoAun = false;
      clearInterval(pulso);
      clearTimeout(espera);
      corte?.abort();
      callar();
    };
  }, [clave]);

  const g = clave === null ? undefined : guardados.get(clave);
  return {
    valor: g === undefined ? null : g.valor as T,
    leido: g?.leido ?? null,
    falla: mio.current.falla,
    otra: () => otra.current(),
  };
}

export interface Fila {
  readonly id: string;
}
export interface Lista<T> {
  readonly filas: readonly T[];
  /** Rows that came since and wait to be shown. */
  readonly nuevas: number;
  readonly total: { readonly n: number; readonly estimado: boolean } | null;
  readonly falla: Problema | null;
  readonly cargando: boolean;
  readonly hayMas: boolean;
  readonly leido: number | null;
  /** What came with the first page besides its rows. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly mas: () => void;
  readonly renovar: () => void;
}
interface Pagina<T> {
  readonly data: readonly T[];
  readonly pagination: {
    readonly next_cursor?: string | null;
    readonly has_next?: boolean;
    readonly total?: number;
    readonly total_estimado?: boolean;
  };
}
interface Opciones<T> {
  readonly modulo: Modulo;
  /** The id by which the feed knows a row. */
  readonly una?: (id: string) => string;
  readonly deUna?: (valor: unknown) => T;
  /** What names a row that has no `id` of its own. */
  readonly id?: (fila: T) => string;
  /** Whether the list also tells how many there are. */
  readonly contar?: boolean;
}
const POR_PAGINA = 50;

/**
 * An endless list by cursor. What changes in a row that is shown changes in place; what is new waits, so that nothing
 * moves under a pointer.
 */
export function useLista<T extends Fila>(base: string, consulta: URLSearchParams, o: Opciones<T>): Lista<T> {
  const q = consulta.toString();
  const clave = `${idioma.value} ${base}?${q}`;
  interface Estado {
    filas: T[];
    cursor: string | null;
    nuevas: number;
    total: Lista<T>["total"];
    falla: Problema | null;
    cargando: boolean;
    leido: number | null;
    extra: Record<string, unknown>;
  }
  const vacio = (): Estado => ({
    filas: [],
    cursor: null,
    nuevas: 0,
    total: null,
    falla: null,
    cargando: true,
    leido: null,
    extra: {},
  });
  const [estado, poner] = useState<Estado>(vacio);
  const actual = useRef(estado);
  const cambiar = (c: Partial<Estado>) => poner(actual.current = { ...actual.current, ...c });
  const hacer = useRef({ mas: () => {}, renovar: () => {} });

  useEffect(() => {
    let vivoAun = true;
    let espera: ReturnType<typeof setTimeout> | undefined;
    const ruta = (mas: Record<string, string>) =>
      `${base}?${new URLSearchParams({ ...Object.fromEntries(consulta), ...mas })}`;
    async function pagina(mas: Record<string, string>) {
      const r = await pedir<Pagina<T>>(ruta({ limit: String(POR_PAGINA), ...mas }));
      if (!r.ok || o.id === undefined) return r;
      const { id } = o;
      return { ...r, valor: { ...r.valor, data: r.valor.data.map((f) => ({ ...f, id: id(f) })) } };
    }
    const primera = () => pagina({});
    async function contar(): Promise<void> {
      if (o.contar === false) return;
      const r = await pedir<Pagina<T>>(ruta({ page: "1", per_page: "1" }));
      if (!vivoAun || !r.ok || r.valor.pagination.total === undefined) return;
      cambiar({
        total: { n: r.valor.pagination.total, estimado: r.valor.pagination.total_estimado ?? false },
      });
    }
    async function empezar(): Promise<void> {
      const r = await primera();
      if (!vivoAun) return;
      if (!r.ok) {
        cambiar({ falla: r.falla, cargando: false });
        if (r.falla.status === 0 || r.falla.status >= 429) espera = setTimeout(empezar, 2_000);
        return;
      }
      const { data, pagination, ...extra } = r.valor;
      cambiar({
        filas: [...data],
        cursor: pagination.next_cursor ?? null,
        nuevas: 0,
        falla: null,
        cargando: false,
        leido: Date.now(),
        extra: extra as Record<string, unknown>,
      });
      void contar();
    }
    async function seguir(): Promise<void> {
      const { cursor, cargando } = actual.current;
      if (cursor === null || cargando) return;
      cambiar({ cargando: true });
      const r = await pagina({ cursor });
      if (!vivoAun) return;
      if (!r.ok) return cambiar({ falla: r.falla, cargando: false });
      const ya = new Set(actual.current.filas.map((f) => f.id));
      cambiar({
        filas: [...actual.current.filas, ...r.valor.data.filter((f) => !ya.has(f.id))],
        cursor: r.valor.pagination.next_cursor ?? null,
        cargando: false,
      });
    }
    async function alDia(ids: readonly string[] | null): Promise<void> {
      const r = await primera();
      if (!vivoAun) return;
      if (!r.ok) {
        cambiar({ falla: r.falla });
        espera = setTimeout(() => alDia(null), 2_000);
        return;
      }
      const frescas = new Map(r.valor.data.map((f) => [f.id, f]));
      const antes = actual.current.filas;
      if (antes.length === 0) return void empezar();
      // Rows further down that changed are read one by one, a few of them.
      const lejos = antes.filter((f) => ids?.includes(f.id) && !frescas.has(f.id)).slice(0, 10);
      if (o.una !== undefined) {
        for (const f of lejos) {
          const u = await pedir<unknown>(o.una(f.id));
          if (u.ok) frescas.set(f.id, o.deUna === undefined ? u.valor as T : o.deUna(u.valor));
        }
      }
      if (!vivoAun) return;
      const ya = new Set(antes.map((f) => f.id));
      const { data, pagination: _, ...extra } = r.valor;
      cambiar({
        filas: antes.map((f) => frescas.get(f.id) ?? f),
        nuevas: data.filter((f) => !ya.has(f.id)).length,
        falla: null,
        leido: Date.now(),
        extra: extra as Record<string, unknown>,
      });
      void contar();
    }
    hacer.current = {
      mas: () => void seguir(),
      renovar: () => void empezar(),
    };
    let pendientes: string[] | null = [];
    const callar = alCambiar((modulo, cambios) => {
      if (modulo !== o.modulo) return;
      pendientes = cambios === null || pendientes === null
        ? null
        : [...pendientes, ...cambios.map((c) => c.id)];
      clearTimeout(espera);
      espera = setTimeout(() => {
        const ids = pendientes;
        pendientes = [];
        void alDia(ids);
      }, JUNTAR_MS * 2);
    });
    // A longer search keeps the rows of the shorter one until its own are there: nothing flickers.
    cambiar({ cargando: true, falla: null });
    const escribiendo = setTimeout(empezar, actual.current.leido === null ? 0 : 120);
    return () => {
      vivoAun = false;
      clearTimeout(escribiendo);
      clearTimeout(espera);
      callar();
    };
  }, [clave]);

  return {
    ...estado,
    hayMas: estado.cursor !== null,
    mas: () => hacer.current.mas(),
    renovar: () => hacer.current.renovar(),
  };
}
