import assert from "node:assert/strict";
import { type Random, seeded } from "@alpes/shared/dev/seed_random.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { APELLIDOS, NOMBRES, sembrarClientes } from "./consola/cien_mil.ts";
import { mejorDe } from "./consola/medida.ts";
import { sembrarPagos } from "./consola/millon.ts";

/** Always 20,000 clientes, campaigns and payouts each; `CONSOLA_COMPLETO=1` makes them the 100,000. */
const N = Deno.env.get("CONSOLA_COMPLETO") === "1" ? 100_000 : 20_000;
const P95_MS = 50;
const PREGUNTAS = 300;

const stack = await startStack();
Deno.test.afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});
await sembrarClientes(stack.databaseUrl, N);
await sembrarPagos(stack.databaseUrl, N);

const llano = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const LARGOS = APELLIDOS.filter((a) => a.length >= 6);

/** One letter of it wrong, missing, too many or swapped with the next one. */
function errata(r: Random, palabra: string): string {
  const l = [...palabra];
  const i = 1 + r.below(l.length - 2);
  const x = r.of([..."bcdfghklmnprstvw"]);
  return r.of([
    l.with(i, x),
    l.toSpliced(i, 1),
    l.toSpliced(i, 0, x),
    l.with(i, l[i + 1] ?? "").with(i + 1, l[i] ?? ""),
  ]).join("");
}

interface Pregunta {
  readonly clase: string;
  readonly q: string;
  /** The family name that one of the clientes found has to bear. */
  readonly busca?: string;
}
/** What people type, a class after the other; how often each comes is its share of the list. */
const CLASES: readonly ((r: Random) => Pregunta)[] = [
  (r) => ({ clase: "two names", q: `${r.of(NOMBRES)} ${r.of(APELLIDOS)}` }),
  (r) => ({
    clase: "names the other way round, no accents",
    q: llano(`${r.of(APELLIDOS)} ${r.of(NOMBRES)}`),
  }),
  (r) => {
    const busca = r.of(LARGOS);
    return { clase: "a misspelt name", q: errata(r, busca), busca };
  },
  (r) => {
    const busca = r.of(LARGOS);
    return { clase: "a misspelt name", q: errata(r, llano(busca)), busca };
  },
  (r) => {
    const busca = r.of(LARGOS);
    return { clase: "a name and a misspelt one", q: `${r.of(NOMBRES)} ${errata(r, busca)}`, busca };
  },
  (r) => ({ clase: "as far as it was typed", q: r.of(APELLIDOS).slice(0, 2 + r.below(4)) }),
  (r) => ({ clase: "as far as it was typed", q: `${r.of(NOMBRES)} ${r.of(APELLIDOS).slice(0, 3)}` }),
  (r) => ({
    clase: "a word that many have",
    q: r.of(["maría", "example", "campaña", "s.a.s.", "de", ...NOMBRES]),
  }),
  (r) => ({ clase: "a number", q: String(10_000_000 + (1 + r.below(N)) * 7919 % 90_000_000) }),
  (r) => ({ clase: "a part of a number", q: String(1_000 + r.below(9_000)) }),
  (r) => ({
    clase: "an address",
    q: `${llano(r.of(NOMBRES))}.${llano(r.of(NOMBRES))}.${llano(r.of(APELLIDOS))}`,
  }),
  (r) => ({
    clase: "an id",
    q: r.of([`q-${1 + r.below(N)}`, `m-${1 + r.below(N)}`, `socio-${r.below(5_000)}`]),
  }),
  (r) => ({
    clase: "nothing that is there",
    q: Array.from({ length: 8 }, () => r.of([..."bcdfghjkmnpqtvwxyz"])).join(""),
  }),
];

async function buscar(q: string): Promise<{ ms: number; nombres: string[]; avisos: string[] }> {
  const empezo = performance.now();
  const r = await fetch(`${stack.bffUrl}/api/v1/search?q=${encodeURIComponent(q)}`);
  const texto = await r.text();
  const ms = performance.now() - empezo;
  assert.equal(r.status, 200, texto);
  const { results, advertencias } = JSON.parse(texto);
  return { ms, nombres: results.clientes.map((c: { nombre: string }) => c.nombre), avisos: advertencias };
}
const cuantil = (ms: readonly number[], c: number) =>
  ms.toSorted((a, b) => a - b)[Math.ceil(ms.length * c) - 1] ?? NaN;

Deno.test({
  name:
    `search over all services answers ${PREGUNTAS} different questions with a p95 of ${P95_MS} ms (best of five) at ${N} clientes, campaigns and payouts, and finds who is misspelt`,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    let semilla = 0;
    const perdidas: string[] = [];
    const medidas = await mejorDe(P95_MS, async () => {
      // Other questions each time: nothing of this is in a cache.
      const r = seeded(++semilla);
      const porClase = new Map<string, number[]>();
      for (let i = 0; i < PREGUNTAS; i++) {
        const { clase, q, busca } = (CLASES[i % CLASES.length] ?? assert.fail())(r);
        const { ms, nombres, avisos } = await buscar(q);
        assert.deepEqual(avisos, [], q);
        porClase.set(clase, [...porClase.get(clase) ?? [], ms]);
        if (busca !== undefined && !nombres.some((n) => llano(n).includes(llano(busca)))) {
          perdidas.push(`${q} → ${busca}, but ${nombres.join(", ")}`);
        }
      }
      const todas = [...porClase.values()].flat();
      for (const [clase, ms] of porClase) {
        console.log(
          `${clase}: p50 ${cuantil(ms, 0.5).toFixed(1)}, p95 ${cuantil(ms, 0.95).toFixed(1)}, most ${
            Math.max(...ms).toFixed(1)
          } ms`,
        );
      }
      console.log(`all: p50 ${cuantil(todas, 0.5).toFixed(1)}, p95 ${cuantil(todas, 0.95).toFixed(1)} ms`);
      return cuantil(todas, 0.95);
    });
    assert.deepEqual(perdidas, []);
    assert.ok(Math.min(...medidas) <= P95_MS, `${medidas.join(", ")} ms`);
  },
});
