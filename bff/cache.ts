import { LRUCache } from "lru-cache";

/** Something that was loaded, with its weight in bytes. */
export interface Cargado<V> {
  readonly valor: V;
  readonly bytes: number;
}

export interface Contadores {
  /** Answered without a load of its own: found, or joined to one under way. */
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * What was read from the services, for a short while. It promises:
 *
 * - two callers never share anything;
 * - one load at a time for the same caller, tag and key; a rejected load reaches everyone who waits, and is not kept;
 * - nothing older than the time to live is given, counted from before the load began; from half of it on a new load
 *   runs behind the answer;
 * - after `escribio(caller)` that caller gets nothing that was loaded, or began to load, before it; after
 *   `cambio(tag)` the same for everybody and that tag;
 * - entries and bytes are bounded.
 */
export interface Cache {
  leer<V>(
    llamador: string,
    etiqueta: string,
    clave: string,
    cargar: () => Promise<Cargado<V>>,
    testigo?: Testigo,
  ): Promise<V>;
  /** Whether all that the witness saw would be given now; `vieja`: it would, and a younger one be loaded behind it. */
  vale(testigo: Testigo): "fresca" | "vieja" | "no";
  /** As many reads were answered by an answer kept whole. */
  acerto(lecturas: number): void;
  escribio(llamador: string): void;
  cambio(etiqueta: string): void;
  contadores(): Contadores;
}

/** What an answer was made of: `leer` notes it, `vale` judges it. */
export interface Testigo {
  /** The generations that were read, by caller and by tag. */
  readonly escritos: Map<string, number>;
  readonly cambios: Map<string, number>;
  /** When the load of the oldest began. */
  desde: number;
  lecturas: number;
  /** A load failed: what was made of it must not outlast the failure. */
  entero: boolean;
}
export const nuevoTestigo = (): Testigo => ({
  escritos: new Map(),
  cambios: new Map(),
  desde: Infinity,
  lecturas: 0,
  entero: true,
});

export interface LimitesCache {
  readonly ttlMs: number;
  /** Longest that one load can take: how long a write must be remembered on top of the time to live. */
  readonly cargaMs: number;
  readonly entradas: number;
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly ahora?: () => number;
}

interface Entrada {
  readonly valor: unknown;
  readonly bytes: number;
  readonly desde: number;
}

/** `Cache` in this process. Generations are part of the key: what they leave behind falls out by age and size. */
export function lruCache(limites: LimitesCache): Cache {
  const ahora = limites.ahora ?? (() => performance.now());
  let hits = 0;
  let misses = 0;
  let generacion = 0;
  // A forgotten writer must not fall back to a generation it already left: then everybody starts anew.
  let base = 0;
  const escritores = new LRUCache<string, number>({
    max: 10_000,
    ttl: limites.ttlMs + limites.cargaMs + 1_000,
    ttlResolution: 0,
    perf: { now: ahora },
    dispose: (_g, _k, razon) => {
      if (razon === "evict") base = ++generacion;
    },
  });
  const etiquetas = new Map<string, number>();

  const entradas = new LRUCache<string, Entrada, () => Promise<Cargado<unknown>>>({
    max: limites.entradas,
    maxSize: limites.bytes,
    sizeCalculation: (e, k) => e.bytes + k.length + 1,
    // An entry pushed out while it loads still reaches those who wait for it; a failed refresh keeps what was there.
    ignoreFetchAbort: true,
    noDeleteOnFetchRejection: true,
    allowStale: true,
    fetchMethod: async (_k, _previo, { context }) => {
      const desde = ahora();
      const { valor, bytes } = await context();
      return { valor, bytes, desde };
    },
  });

  const escrito = (llamador: string) => escritores.get(llamador) ?? base;
  const cambiado = (etiqueta: string) => etiquetas.get(etiqueta) ?? 0;

  return {
    async leer<V>(
      llamador: string,
      etiqueta: string,
      clave: string,
      cargar: () => Promise<Cargado<V>>,
      testigo: Testigo = nuevoTestigo(),
    ) {
      let cargo = false;
      const context = () => {
        cargo = true;
        return cargar();
      };
      const [escritura, cambio] = [escrito(llamador), cambiado(etiqueta)];
      // An older generation than one noted before makes the answer worthless, not younger.
      if (!testigo.escritos.has(llamador)) testigo.escritos.set(llamador, escritura);
      if (!testigo.cambios.has(etiqueta)) testigo.cambios.set(etiqueta, cambio);
      testigo.lecturas++;
      const k = JSON.stringify([llamador, escritura, etiqueta, cambio, clave]);
      const empezo = ahora();
      const vieja = (e: Entrada, parte: number) => empezo - e.desde >= limites.ttlMs * parte;
      const habia = entradas.peek(k) !== undefined;
      const fallo = (error: unknown): never => {
        testigo.entero = false;
        throw error;
      };
      let e = await entradas.fetch(k, { context }).catch(fallo);
      if (e !== undefined && habia && vieja(e, 1)) {
        e = await entradas.fetch(k, { context, forceRefresh: true, allowStale: false }).catch(fallo);
      } else if (e !== undefined && habia && vieja(e, 0.5)) {
        entradas.fetch(k, { context: cargar, forceRefresh: true }).catch(() => {});
      }
      if (e === undefined) throw new Error("a load gave nothing");
      if (cargo) misses++;
      else hits++;
      testigo.desde = Math.min(testigo.desde, e.desde);
      return e.valor as V;
    },
    vale(t) {
      const edad = ahora() - t.desde;
      if (edad >= limites.ttlMs) return "no";
      for (const [llamador, n] of t.escritos) if (escrito(llamador) !== n) return "no";
      for (const [etiqueta, n] of t.cambios) if (cambiado(etiqueta) !== n) return "no";
      return edad >= limites.ttlMs / 2 ? "vieja" : "fresca";
    },
    acerto: (lecturas) => void (hits += lecturas),
    escribio: (llamador) => void escritores.set(llamador, ++generacion),
    cambio: (etiqueta) => void etiquetas.set(etiqueta, (etiquetas.get(etiqueta) ?? 0) + 1),
    contadores: () => ({ hits, misses, entries: entradas.size, bytes: entradas.calculatedSize }),
  };
}
