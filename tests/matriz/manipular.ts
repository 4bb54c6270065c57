import { POLITICA } from "@alpes/shared/seedwork/policy.ts";

const RAIZ = new URL("../../", import.meta.url);
const POLITICAS = "shared/seedwork/policy.ts";

/** A line of the policy as something else, or not there, until disposed. */
export function manipulada(accion: string, fila: readonly string[] | null): Disposable {
  const antes = Object.getOwnPropertyDescriptor(POLITICA, accion);
  if (antes === undefined) throw new Error(`there is no line ${accion}`);
  if (fila === null) Reflect.deleteProperty(POLITICA, accion);
  else Object.defineProperty(POLITICA, accion, { ...antes, value: fila });
  return { [Symbol.dispose]: () => void Object.defineProperty(POLITICA, accion, antes) };
}

/** Every place where code asks the policy, as `file:line`. A reading of the text: what it finds has to be passed by. */
export async function sitios(): Promise<string[]> {
  const hallados: string[] = [];
  for (const carpeta of ["services", "shared", "bff"]) {
    for await (const ruta of ficheros(new URL(`${carpeta}/`, RAIZ))) {
      const corta = ruta.href.slice(RAIZ.href.length);
      if (corta === POLITICAS || /_test\.ts$|\/testing\/|_de_prueba\.ts$/.test(corta)) continue;
      (await Deno.readTextFile(ruta)).split("\n").forEach((linea, i) => {
        if (/\b(permitido|denegado|alcance)\(/.test(linea)) hallados.push(`${corta}:${i + 1}`);
      });
    }
  }
  return hallados;
}

async function* ficheros(carpeta: URL): AsyncGenerator<URL> {
  for await (const e of Deno.readDir(carpeta)) {
    const url = new URL(e.name + (e.isDirectory ? "/" : ""), carpeta);
    if (e.isDirectory) yield* ficheros(url);
    else if (e.name.endsWith(".ts")) yield url;
  }
}

/**
 * The policy with an eye on who reads it, until disposed; whoever reads it from `sitio` finds that everybody may do
 * everything.
 */
export function vigilada(sitio?: string): Disposable & { readonly pisados: () => readonly string[] } {
  const pisados = new Set<string>();
  const todo = ["si", "si", "si", "si", "si", "si"];
  const antes = Object.getOwnPropertyDescriptors(POLITICA);
  for (const [accion, descriptor] of Object.entries(antes)) {
    Object.defineProperty(POLITICA, accion, {
      configurable: true,
      enumerable: true,
      get() {
        const desde = quienLee();
        if (desde === null) return descriptor.value;
        pisados.add(desde);
        return desde === sitio ? todo : descriptor.value;
      },
    });
  }
  return {
    pisados: () => [...pisados],
    [Symbol.dispose]: () => void Object.defineProperties(POLITICA, antes),
  };
}

/** The first frame outside of the policy itself. */
function quienLee(): string | null {
  for (const marco of (new Error().stack ?? "").split("\n").slice(2)) {
    const [, ruta = "", linea = ""] = /(file:\/\/[^\s)]+?):(\d+):\d+\)?$/.exec(marco) ?? [];
    if (!ruta.startsWith(RAIZ.href)) continue;
    const corta = ruta.slice(RAIZ.href.length);
    if (corta !== POLITICAS && corta !== "tests/matriz/manipular.ts") return `${corta}:${linea}`;
  }
  return null;
}
