import { effect, signal } from "@preact/signals";
import { esAlgun, reconocido, sesion } from "./api.ts";

export type Modulo = "cliente" | "pagos" | "campanias";
export interface Cambio {
  readonly n: number;
  readonly tipo: string;
  readonly id: string;
  readonly version: number;
  readonly correlacion: string;
  readonly en: string;
}
export interface EstadoVivo {
  /** When the stream last said anything, in ms since 1970. */
  readonly oido: number | null;
  readonly seguidos: Readonly<Record<Modulo, boolean>>;
}

/** The stream as this browser hears it, whichever of its tabs holds the connection. */
export const vivo = signal<EstadoVivo>({
  oido: null,
  seguidos: { cliente: false, pagos: false, campanias: false },
});
type Oyente = (modulo: Modulo, cambios: readonly Cambio[] | null) => void;
const oyentes = new Set<Oyente>();
/** Calls `oir` with what changed in a module; `null`: anything may have. Ends with what it returns. */
export function alCambiar(oir: Oyente): () => void {
  oyentes.add(oir);
  return () => void oyentes.delete(oir);
}

type Dicho =
  | { tipo: "latido"; id: string; seguidos: EstadoVivo["seguidos"] }
  | { tipo: "cambios"; id: string; modulo: Modulo; cambios: readonly Cambio[] }
  | { tipo: "hueco"; id: string; modulo: Modulo }
  | { tipo: "perdido" };
let ultimo: string | null = null;

function oir(d: Dicho): void {
  if (d.tipo === "perdido") {
    vivo.value = { ...vivo.peek(), seguidos: { cliente: false, pagos: false, campanias: false } };
    return;
  }
  ultimo = d.id;
  const antes = vivo.peek().seguidos;
  const seguidos = d.tipo === "latido" ? d.seguidos : antes;
  vivo.value = { oido: Date.now(), seguidos };
  if (d.tipo === "cambios") { for (const o of oyentes) o(d.modulo, d.cambios); }
  if (d.tipo === "hueco") { for (const o of oyentes) o(d.modulo, null); }
  // A service that is back may have anything new to say, also that it is back.
  for (const m of Object.keys(seguidos) as Modulo[]) {
    if (seguidos[m] && !antes[m]) { for (const o of oyentes) o(m, null); }
  }
}

/** One stream for all tabs: who holds the lock holds the connection and tells the others. Six would exhaust a browser. */
function abrir(quien: string): () => void {
  const canal = new BroadcastChannel(`alpes-vivo-${quien}`);
  canal.onmessage = (e: MessageEvent<Dicho>) => oir(e.data);
  const fin = new AbortController();
  const decir = (d: Dicho) => {
    canal.postMessage(d);
    oir(d);
  };
  void navigator.locks.request(
    `alpes-vivo-${quien}`,
    { signal: fin.signal },
    () =>
      new Promise<void>((soltar) => {
        let flujo: EventSource | null = null;
        let otra: ReturnType<typeof setTimeout> | undefined;
        const conectar = () => {
          flujo = new EventSource(`/api/v1/eventos${ultimo === null ? "" : `?desde=${ultimo}`}`);
          flujo.addEventListener(
            "latido",
            (e) => decir({ tipo: "latido", id: e.lastEventId, seguidos: JSON.parse(e.data).seguidos }),
          );
          flujo.addEventListener("cambios", (e) => {
            const { servicio, cambios } = JSON.parse(e.data);
            decir({ tipo: "cambios", id: e.lastEventId, modulo: servicio, cambios });
          });
          flujo.addEventListener(
            "hueco",
            (e) => decir({ tipo: "hueco", id: e.lastEventId, modulo: JSON.parse(e.data).servicio }),
          );
          flujo.onerror = () => {
            // Between two streams of a healthy server it comes back by itself within half a second.
            if (flujo?.readyState !== EventSource.CLOSED) return;
            decir({ tipo: "perdido" });
            otra = setTimeout(conectar, 1_000);
          };
        };
        conectar();
        fin.signal.addEventListener("abort", () => {
          clearTimeout(otra);
          flujo?.close();
          soltar();
        });
      }),
  ).catch(() => {});
  return () => {
    fin.abort();
    canal.close();
  };
}

/**
 * Keeps the stream while somebody who may hear it is signed in. Others, and whoever looks at a service that nobody follows
 * now, ask again every ten seconds.
 */
export function mantenerVivo(): void {
  let cerrar: (() => void) | null = null;
  let quien: string | null = null;
  effect(() => {
    const s = sesion.value;
    const nuevo = reconocido(s) && esAlgun("operador", "aprobador", "auditor", "admin")
      ? `${s?.modo}-${s?.identidad?.id}`
      : null;
    if (nuevo === quien) return;
    cerrar?.();
    cerrar = nuevo === null ? null : abrir(nuevo);
    quien = nuevo;
  });
  setInterval(() => {
    if (!reconocido(sesion.peek()) || document.hidden) return;
    for (const m of ["cliente", "pagos", "campanias"] as const) {
      if (quien === null || !vivo.peek().seguidos[m]) { for (const o of oyentes) o(m, null); }
    }
  }, 10_000);
}

/** The seconds as they pass, for what shows an age. */
export const reloj = signal(Date.now());
setInterval(() => {
  if (!document.hidden) reloj.value = Date.now();
}, 1_000);
