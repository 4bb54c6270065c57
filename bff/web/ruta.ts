import { computed, signal } from "@preact/signals";

/**
 * Where the reader is: `#/pagos/p-1?estado=EXITOSO`. Behind the #, since /pagos itself is the service's own path, and
 * since what people search for then never gets into an access log.
 */
const direccion = signal(location.hash);
addEventListener("hashchange", () => direccion.value = location.hash);

export interface Ruta {
  readonly partes: readonly string[];
  readonly consulta: URLSearchParams;
}
export const ruta = computed<Ruta>(() => {
  const [camino = "", consulta = ""] = direccion.value.replace(/^#\/?/, "").split("?", 2);
  const partes = camino.split("/").filter((p) => p !== "").map((p) => {
    try {
      return decodeURIComponent(p);
    } catch {
      return p;
    }
  });
  return { partes, consulta: new URLSearchParams(consulta) };
});

export function enlace(partes: readonly string[], consulta: Readonly<Record<string, string>> = {}): string {
  const q = new URLSearchParams(Object.entries(consulta).filter(([, v]) => v !== "")).toString();
  return `#/${partes.map(encodeURIComponent).join("/")}${q === "" ? "" : `?${q}`}`;
}
export const ir = (a: string): void => {
  location.hash = a;
};

/** Changes one parameter of the address in place: a filter is not a step back in the history. */
export function filtrar(cambios: Readonly<Record<string, string>>): void {
  const { partes, consulta } = ruta.peek();
  const q: Record<string, string> = Object.fromEntries(consulta);
  for (const [n, v] of Object.entries(cambios)) q[n] = v;
  const nueva = enlace(partes, q);
  history.replaceState(history.state, "", nueva);
  direccion.value = nueva;
}
