import type { Archivo, Consola } from "../routes/consola.ts";

const DIST = new URL("../web/dist/", import.meta.url);

/** What `deno task bundle` put into the file: a bundle has no folder beside it. */
const incluido = (nombre: string): unknown =>
  Reflect.get(Object(Reflect.get(globalThis, Symbol.for("alpes.consola"))), nombre);

/** What `deno task consola` built, beside the program; `null` where it did not. A compiled program has it inside. */
export async function leerConsola(dist: URL = DIST): Promise<Consola | null> {
  const archivos = new Map<string, Archivo>();
  const leer = async (nombre: string, tipo: string): Promise<string | null> => {
    try {
      const dentro = incluido(nombre);
      const texto = typeof dentro === "string" ? dentro : await Deno.readTextFile(new URL(nombre, dist));
      const huella = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texto));
      const [base, fin] = nombre.split(".");
      const unico = `${base}-${new Uint8Array(huella).toHex().slice(0, 12)}.${fin}`;
      const flujo = new Blob([texto]).stream().pipeThrough(new CompressionStream("gzip"));
      archivos.set(unico, { tipo, texto, gzip: await new Response(flujo).bytes() });
      return unico;
    } catch (e) {
      if (e instanceof Deno.errors.NotFound) return null;
      throw e;
    }
  };
  const js = await leer("consola.js", "text/javascript; charset=utf-8");
  const css = await leer("consola.css", "text/css; charset=utf-8");
  return js === null || css === null ? null : { archivos, js, css };
}
