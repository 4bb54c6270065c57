import assert from "node:assert/strict";
import { type Wire, wire } from "@alpes/shared/testing/wire.ts";
import { mundo, type Proceso, type Quien } from "./matriz/mundo.ts";
import { cuerpoDe, direccion, guardadas } from "./matriz/operaciones.ts";

/** Paths written otherwise: they reach what the plain one reaches, with the same rights, or nothing. */
const m = await mundo();
const hilos = new Map<Proceso, Wire>();
Deno.test.afterAll(async () => {
  for (const h of hilos.values()) h[Symbol.dispose]();
  await m[Symbol.asyncDispose]();
});

const cifrada = (s: string) => s.replace(/[a-z]/i, (c) => `%${c.charCodeAt(0).toString(16)}`);
const partes = (ruta: string) => ruta.split("/").slice(1);
const unir = (ps: readonly string[], con = "/") => `/${ps.join(con)}`;

/** Other ways to write a path, by what a proxy, a router or a handler might make of them. */
function variantes(ruta: string): string[] {
  const ps = partes(ruta);
  const enCada = (f: (p: string, i: number) => string) =>
    ps.map((_, i) => unir(ps.map((p, j) => i === j ? f(p, j) : p)));
  const cortes = ps.slice(1).map((_, i) => [unir(ps.slice(0, i + 1)), ps.slice(i + 1).join("/")] as const);
  return [
    `/${ruta}`,
    `//${ruta}`,
    `${ruta}/`,
    `${ruta}//`,
    `${ruta}%2F`,
    `${ruta}%5C`,
    `${ruta}\\`,
    `${ruta}%00`,
    `${ruta};x=1`,
    `${ruta}%3Fx=1`,
    `${ruta}%23`,
    `${ruta}.json`,
    `${ruta}/.`,
    `/.${ruta}`,
    `/x/..${ruta}`,
    `/health/..${ruta}`,
    `/health%2F..${ruta}`,
    `/errores/..${ruta}`,
    `/errores%5C..${ruta}`,
    `/%2e%2e${ruta}`,
    `/docs/..%2F${ps.join("%2F")}`,
    `\\${ps.join("\\")}`,
    `/${ps.join("%2F")}`,
    `/${ps.join("%5C")}`,
    `/${ps.join("%252F")}`,
    ...cortes.flatMap(([a, b]) => ["//", "%2F", "%2f", "%5C", "\\", "/./", "/x/../"].map((c) => a + c + b)),
    ...enCada(cifrada),
    ...enCada((p) => p.toUpperCase()),
    ...enCada((p) => `${p}%20`),
    `http://x${ruta}`,
    `http://health${ruta}`,
  ].filter((v) => v !== ruta);
}

async function pedir(proceso: Proceso, metodo: string, ruta: string, quien: Quien, cuerpo?: object) {
  let hilo = hilos.get(proceso);
  if (hilo === undefined || !hilo.open) hilos.set(proceso, hilo = await wire(m.url[proceso]));
  const credencial = m.credencial[quien];
  const headers = {
    "x-forwarded-for": "203.0.113.9",
    ...(credencial === null ? {} : { authorization: `Bearer ${credencial}` }),
    ...(cuerpo === undefined ? {} : { "content-type": "application/json" }),
  };
  return await hilo.send(metodo, ruta, headers, cuerpo === undefined ? "" : JSON.stringify(cuerpo)).catch(
    () => null,
  );
}

for (const g of guardadas(m)) {
  Deno.test({
    name: `${g.id}: no way to write its path gives more than the plain one`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const { method } = g.operacion;
      const [ruta = "", consulta = ""] = direccion(g, "zdos", m.clave).split("?");
      const cola = consulta === "" ? "" : `?${consulta}`;
      const malas: string[] = [];
      for (const quien of ["nadie", "zuno"] as const) {
        const llana = await pedir(g.proceso, method, ruta + cola, quien, cuerpoDe(g, "zdos"));
        assert.ok(llana !== null);
        for (const v of variantes(ruta)) {
          const r = await pedir(g.proceso, method, v + cola, quien, cuerpoDe(g, "zdos"));
          // A connection that is closed without an answer gave nothing.
          if (r === null) continue;
          const nada = [400, 401, 403, 404, 405].includes(r.status);
          const igual = r.status === llana.status &&
            !(r.status < 400 && r.body.includes("zdos") && quien === "zuno");
          if (!nada && !igual) {
            malas.push(`${quien}: ${method} ${v}: ${r.status}, not ${llana.status}: ${r.body}`);
          }
        }
      }
      assert.deepEqual(malas, []);
    },
  });
}
