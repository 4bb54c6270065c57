import { type Servicio, SERVICIOS } from "./ports.ts";

/** One line of a service's change feed: what changed, never its contents. */
export interface Cambio {
  readonly n: number;
  readonly tipo: string;
  readonly id: string;
  readonly version: number;
  /** The request (`X-Request-Id`) that caused it. */
  readonly correlacion: string;
  readonly en: string;
}

/** How far each service's feed was read: the stream's `id`, `cliente.12_pagos.40_campanias.9`. */
export type Posicion = Readonly<Record<Servicio, number>>;

export interface Vivo {
  /** Lines of a feed, in order; `nuevos: false` where they stood before this process began. */
  recibir(servicio: Servicio, cambios: readonly Cambio[], nuevos: boolean): void;
  /** The feed skipped lines: whoever listens has to read anew. */
  hueco(servicio: Servicio, ultimo: number): void;
  /** Whether the feed is being followed. */
  seguido(servicio: Servicio, si: boolean): void;
  /**
   * Server-sent events after `desde`; ends after `ms`, when the process drains, and within a second of `vigente` saying
   * that whoever listens may no longer.
   */
  escuchar(
    desde: Posicion | null,
    ms?: number,
    vigente?: () => Promise<boolean>,
  ): ReadableStream<Uint8Array<ArrayBuffer>>;
  oyentes(): number;
  cerrar(): void;
}

export interface OpcionesVivo {
  /** Lines kept of each feed for those who come back. */
  readonly guardados?: number;
  readonly latidoMs?: number;
  /** A stream ends after so long, and its browser comes back at once with what it is by then. */
  readonly duraMs?: number;
}

/** So often every listener's right is asked for; whoever answers that remembers it for a while. */
const REVISA_MS = 500;
/** Lines that a listener may be behind before it is let go; it comes back and goes on where it was. */
const ATRASO = 1_000;
const texto = new TextEncoder();

export function leerPosicion(id: string | undefined): Posicion | null {
  const m = /^cliente\.(\d{1,15})_pagos\.(\d{1,15})_campanias\.(\d{1,15})$/.exec(id ?? "");
  return m === null ? null : { cliente: Number(m[1]), pagos: Number(m[2]), campanias: Number(m[3]) };
}
const escribir = (p: Posicion) => SERVICIOS.map((s) => `${s}.${p[s]}`).join("_");

/** The feeds of all services as one stream for many listeners: each event is encoded once, whoever hears it. */
export function abrirVivo(o: OpcionesVivo = {}): Vivo {
  const { guardados = 1_000, latidoMs = 10_000, duraMs = 300_000 } = o;
  const anillo: Record<Servicio, Cambio[]> = { cliente: [], pagos: [], campanias: [] };
  const sigue: Record<Servicio, boolean> = { cliente: false, pagos: false, campanias: false };
  const pos: Record<Servicio, number> = { cliente: 0, pagos: 0, campanias: 0 };
  interface Oyente {
    readonly control: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
    readonly hasta: number;
    readonly vigente: (() => Promise<boolean>) | null;
    revisando: boolean;
  }
  const oyentes = new Set<Oyente>();
  let relojes: readonly ReturnType<typeof setInterval>[] = [];
  let cerrado = false;

  const bloque = (evento: string, data: unknown) =>
    texto.encode(`id: ${escribir(pos)}\nevent: ${evento}\ndata: ${JSON.stringify(data)}\n\n`);
  const latido = () => bloque("latido", { seguidos: sigue });

  function soltar(oyente: Oyente): void {
    oyentes.delete(oyente);
    try {
      oyente.control.close();
    } catch { /* its browser is gone */ }
    if (oyentes.size > 0) return;
    for (const r of relojes) clearInterval(r);
    relojes = [];
  }
  function decir(bytes: Uint8Array<ArrayBuffer>): void {
    for (const oyente of oyentes) {
      if ((oyente.control.desiredSize ?? 0) < -ATRASO) soltar(oyente);
      else oyente.control.enqueue(bytes);
    }
  }
  function latir(): void {
    const ahora = performance.now();
    for (const oyente of oyentes) if (oyente.hasta < ahora) soltar(oyente);
    if (oyentes.size > 0) decir(latido());
  }

  async function revisar(oyente: Oyente): Promise<void> {
    if (oyente.vigente === null || oyente.revisando) return;
    oyente.revisando = true;
    try {
      if (!await oyente.vigente()) soltar(oyente);
    } finally {
      oyente.revisando = false;
    }
  }
  const revisarTodos = () => {
    for (const oyente of oyentes) void revisar(oyente);
  };

  return {
    recibir(servicio, cambios, nuevos) {
      if (cambios.length === 0) return;
      anillo[servicio].push(...cambios);
      anillo[servicio].splice(0, anillo[servicio].length - guardados);
      pos[servicio] = cambios.at(-1)?.n ?? pos[servicio];
      if (nuevos && oyentes.size > 0) decir(bloque("cambios", { servicio, cambios }));
    },
    hueco(servicio, ultimo) {
      anillo[servicio] = [];
      pos[servicio] = ultimo;
      decir(bloque("hueco", { servicio }));
    },
    seguido(servicio, si) {
      if (sigue[servicio] === si) return;
      sigue[servicio] = si;
      decir(latido());
    },
    escuchar(desde, ms = Infinity, vigente) {
      let yo: Oyente | null = null;
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(control) {
          control.enqueue(texto.encode("retry: 500\n"));
          control.enqueue(latido());
          if (desde !== null) { for (const s of SERVICIOS) ponerAlDia(control, s, desde[s]); }
          if (cerrado || ms <= 0) return control.close();
          // Spread, so that a thousand browsers do not come back in one moment.
          const hasta = performance.now() + Math.min(ms, duraMs * (0.8 + 0.4 * Math.random()));
          yo = { control, hasta, vigente: vigente ?? null, revisando: false };
          oyentes.add(yo);
          if (relojes.length === 0) {
            relojes = [setInterval(latir, latidoMs), setInterval(revisarTodos, REVISA_MS)];
          }
        },
        cancel() {
          if (yo !== null) soltar(yo);
        },
      });
    },
    oyentes: () => oyentes.size,
    cerrar() {
      cerrado = true;
      for (const oyente of [...oyentes]) soltar(oyente);
    },
  };

  /** What it missed, or that it missed what is not kept any more. */
  function ponerAlDia(
    control: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
    servicio: Servicio,
    n: number,
  ): void {
    if (n === pos[servicio]) return;
    const primero = anillo[servicio][0]?.n ?? Infinity;
    if (n > pos[servicio] || n < primero - 1) return control.enqueue(bloque("hueco", { servicio }));
    const cambios = anillo[servicio].filter((c) => c.n > n);
    control.enqueue(bloque("cambios", { servicio, cambios }));
  }
}
