import assert from "node:assert/strict";
import { lruCache } from "./cache.ts";

function conReloj(limites: Partial<Parameters<typeof lruCache>[0]> = {}) {
  let t = 1_000_000;
  const cache = lruCache({
    ttlMs: 1_000,
    cargaMs: 5_000,
    entradas: 100,
    bytes: 1_000_000,
    ahora: () => t,
    ...limites,
  });
  let cargas = 0;
  const cargar = () => Promise.resolve({ valor: ++cargas, bytes: 10 });
  return {
    cache,
    cargar,
    cargas: () => cargas,
    pasan: (ms: number) => t += ms,
    leer: (llamador = "ana", etiqueta = "pagos", clave = "/pagos") =>
      cache.leer(llamador, etiqueta, clave, cargar),
  };
}
const unTurno = () => new Promise((r) => setTimeout(r, 0));

Deno.test("a thousand readers of the same thing at once cause one load", async () => {
  const { cache } = conReloj();
  let cargas = 0;
  const lenta = async () => {
    cargas++;
    await new Promise((r) => setTimeout(r, 10));
    return { valor: "x", bytes: 1 };
  };
  const leidas = await Promise.all(
    Array.from({ length: 1_000 }, () => cache.leer("ana", "pagos", "/pagos", lenta)),
  );
  assert.equal(cargas, 1);
  assert.ok(leidas.every((v) => v === "x"));
  assert.deepEqual([cache.contadores().hits, cache.contadores().misses], [999, 1]);
});

Deno.test("nothing older than the time to live is given, and from half of it on a fresh one is loaded behind the answer", async () => {
  const m = conReloj();
  assert.equal(await m.leer(), 1);
  m.pasan(499);
  assert.equal(await m.leer(), 1);
  assert.equal(m.cargas(), 1);
  m.pasan(1);
  assert.equal(await m.leer(), 1);
  await unTurno();
  assert.equal(m.cargas(), 2);
  assert.equal(await m.leer(), 2);
  m.pasan(1_000);
  assert.equal(await m.leer(), 3);
});

Deno.test("an expired entry is loaded once for all who come at the same time", async () => {
  const m = conReloj();
  await m.leer();
  m.pasan(5_000);
  assert.deepEqual(await Promise.all([m.leer(), m.leer(), m.leer()]), [2, 2, 2]);
});

Deno.test("the age of an answer counts from before its load began", async () => {
  const m = conReloj();
  const lenta = async () => {
    m.pasan(900);
    await unTurno();
    return { valor: "viejo", bytes: 1 };
  };
  assert.equal(await m.cache.leer("ana", "pagos", "k", lenta), "viejo");
  m.pasan(100);
  assert.equal(
    await m.cache.leer("ana", "pagos", "k", () => Promise.resolve({ valor: "nuevo", bytes: 1 })),
    "nuevo",
  );
});

Deno.test("a failed load reaches everyone who waits and is not kept", async () => {
  const { cache } = conReloj();
  let veces = 0;
  const falla = async () => {
    await unTurno();
    if (++veces === 1) throw new Error("down");
    return { valor: "bien", bytes: 1 };
  };
  const juntos = await Promise.allSettled([
    cache.leer("a", "t", "k", falla),
    cache.leer("a", "t", "k", falla),
  ]);
  assert.deepEqual(juntos.map((r) => r.status), ["rejected", "rejected"]);
  assert.equal(await cache.leer("a", "t", "k", falla), "bien");
});

Deno.test("a failed refresh behind the answer leaves what was there until it expires", async () => {
  const m = conReloj();
  await m.leer();
  m.pasan(600);
  assert.equal(await m.cache.leer("ana", "pagos", "/pagos", () => Promise.reject(new Error("down"))), 1);
  await unTurno();
  m.pasan(100);
  assert.equal(await m.cache.leer("ana", "pagos", "/pagos", () => Promise.reject(new Error("down"))), 1);
  m.pasan(400);
  await assert.rejects(
    m.cache.leer("ana", "pagos", "/pagos", () => Promise.reject(new Error("down"))),
    /down/,
  );
});

Deno.test("two callers never share, whatever their names look like", async () => {
  const { cache } = conReloj();
  const de = (quien: string, clave: string) =>
    cache.leer(quien, "t", clave, () => Promise.resolve({ valor: `${quien}|${clave}`, bytes: 1 }));
  for (
    const [quien, clave] of [["a", "b"], ['a","t', "b"], ["a", 't","b'], ["", "a"], ["null", "a"]] as const
  ) {
    assert.equal(await de(quien, clave), `${quien}|${clave}`);
  }
});

Deno.test("a caller's own write makes him read anew, and nobody else", async () => {
  const m = conReloj();
  assert.equal(await m.leer("ana"), 1);
  assert.equal(await m.leer("luis"), 2);
  m.cache.escribio("ana");
  assert.equal(await m.leer("ana"), 3);
  assert.equal(await m.leer("luis"), 2);
});

Deno.test("a load that began before the caller's write is never given to him after it", async () => {
  const { cache } = conReloj();
  let soltar = () => {};
  const antes = cache.leer("ana", "t", "k", async () => {
    await new Promise<void>((r) => soltar = r);
    return { valor: "antes", bytes: 1 };
  });
  cache.escribio("ana");
  const despues = cache.leer("ana", "t", "k", () => Promise.resolve({ valor: "despues", bytes: 1 }));
  soltar();
  assert.equal(await antes, "antes");
  assert.equal(await despues, "despues");
  assert.equal(await cache.leer("ana", "t", "k", () => Promise.reject(new Error("not asked"))), "despues");
});

Deno.test("a write is remembered as long as anything read before it could still be alive, also among very many writers", async () => {
  const m = conReloj();
  await m.leer("ana");
  m.cache.escribio("ana");
  for (let i = 0; i < 20_000; i++) m.cache.escribio(`otro-${i}`);
  assert.equal(await m.leer("ana"), 2);
  m.pasan(999);
  assert.notEqual(await m.leer("ana"), 1);
});

Deno.test("a change that is heard of makes everybody read that service anew, and only that one", async () => {
  const m = conReloj();
  assert.equal(await m.leer("ana", "pagos"), 1);
  assert.equal(await m.leer("luis", "pagos"), 2);
  assert.equal(await m.leer("ana", "cliente"), 3);
  m.cache.cambio("pagos");
  assert.equal(await m.leer("ana", "pagos"), 4);
  assert.equal(await m.leer("luis", "pagos"), 5);
  assert.equal(await m.leer("ana", "cliente"), 3);
});

Deno.test("a time to live of zero keeps nothing, but readers at the same moment still share one load", async () => {
  const m = conReloj({ ttlMs: 0 });
  assert.deepEqual(await Promise.all([m.leer(), m.leer()]), [1, 1]);
  assert.equal(await m.leer(), 2);
});

Deno.test("entries and bytes stay within their bounds, and what is larger than all is given but not kept", async () => {
  const { cache } = conReloj({ entradas: 50, bytes: 100_000 });
  for (let i = 0; i < 5_000; i++) {
    await cache.leer(
      `caller-${i % 7}`,
      "t",
      `/k/${i}`,
      () => Promise.resolve({ valor: i, bytes: 1_000 + i % 5_000 }),
    );
    const { entries, bytes } = cache.contadores();
    assert.ok(entries <= 50 && bytes <= 100_000, `${entries} entries, ${bytes} bytes`);
  }
  assert.equal(
    await cache.leer("a", "t", "enorme", () => Promise.resolve({ valor: "x", bytes: 200_000 })),
    "x",
  );
  assert.ok(cache.contadores().bytes <= 100_000);
});

Deno.test("more loads at once than there is room for all reach those who wait for them", async () => {
  const { cache } = conReloj({ entradas: 10 });
  const leidas = await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      cache.leer("a", "t", String(i), async () => {
        await unTurno();
        return { valor: i, bytes: 1 };
      })),
  );
  assert.deepEqual(leidas, Array.from({ length: 500 }, (_, i) => i));
});
