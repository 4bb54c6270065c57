import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type Stack, startStack } from "@alpes/shared/testing/stack.ts";
import { abrirNavegador, type Navegador, type Persona } from "./navegador.ts";

/** The real platform and a real browser in front of it. */
export interface Mundo extends AsyncDisposable {
  readonly stack: Stack;
  readonly navegador: Navegador;
  /** Opens a page of the console as somebody new, e.g. `#/clientes`; at its end nothing may have gone wrong in it. */
  abrir(ruta: string, o?: Parameters<Navegador["persona"]>[0]): Promise<Abierta>;
  /** A write over the public API; its answer, which must be good. */
  enviar(ruta: string, cuerpo: unknown): Promise<Record<string, unknown>>;
  leer(ruta: string): Promise<Record<string, unknown>>;
}
export interface Abierta extends AsyncDisposable {
  readonly pagina: Page;
  readonly persona: Persona;
}

export async function mundo(o: Parameters<typeof startStack>[0] = {}): Promise<Mundo> {
  await using resources = new AsyncDisposableStack();
  const [stack, navegador] = await Promise.all([startStack(o), abrirNavegador()]);
  resources.use(stack);
  resources.use(navegador);
  const abiertos = resources.move();
  const pedir = async (ruta: string, init: RequestInit) => {
    const res = await fetch(stack.bffUrl + ruta, init);
    const texto = await res.text();
    assert.ok(res.ok, `${ruta}: ${res.status} ${texto}`);
    return texto === "" ? {} : JSON.parse(texto);
  };
  return {
    stack,
    navegador,
    async abrir(ruta, p) {
      const persona = await navegador.persona(p);
      const pagina = await persona.pagina(`${stack.bffUrl}/${ruta}`);
      pagina.setDefaultTimeout(20_000);
      return {
        pagina,
        persona,
        async [Symbol.asyncDispose]() {
          const quejas = persona.quejas();
          await persona[Symbol.asyncDispose]();
          assert.deepEqual(quejas, []);
        },
      };
    },
    enviar: (ruta, cuerpo) =>
      pedir(ruta, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(cuerpo),
      }),
    leer: (ruta) => pedir(ruta, {}),
    [Symbol.asyncDispose]: () => abiertos.disposeAsync(),
  };
}

/** Tests over processes and a browser: what they leave open is closed at the end of the file, not of each. */
export const prueba = (name: string, fn: () => Promise<void>): void =>
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      try {
        await fn();
      } catch (e) {
        // What failed first is what is looked for; what the page complained of stands beside it.
        if (!(e instanceof SuppressedError)) throw e;
        throw new Error(`${Deno.inspect(e.suppressed)}\n\nand then: ${Deno.inspect(e.error)}`);
      }
    },
  });
