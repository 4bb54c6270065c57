import assert from "node:assert/strict";
import { devKeys } from "@alpes/shared/dev/dev_keys.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { prueba } from "./mundo.ts";

/** Always 2,000 requests; `CONSOLA_COMPLETO=1` makes them the 50,000. */
const N = Deno.env.get("CONSOLA_COMPLETO") === "1" ? 50_000 : 2_000;
const A_LA_VEZ = 16;

const stack = await startStack({
  env: {
    AUTH_MODE: "claves",
    BFF_SECRET: "un secreto de prueba de más de treinta y dos letras",
    RATE_LIMIT_PETICIONES: "0",
  },
});
Deno.test.afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});
const { claves } = await devKeys(stack.appUrl);

type Texto = (t: string) => boolean;
const SUYO = "demo-partner", AJENO = "otro-secreto";
const nombra: Texto = (t) => t.includes(AJENO);
const cuenta = (campo: string): Texto => (t) => Number(JSON.parse(t)[campo]) >= 2;
/** What both may read and each sees in his own way, and how one tells that an answer knows of what only the operator may see. */
const RUTAS: readonly (readonly [string, Texto])[] = [
  ["/api/v1/clientes?search=secreto", nombra],
  ["/api/v1/clientes?limit=50", nombra],
  ["/api/v1/dashboard", nombra],
  ["/api/v1/search?q=secreto", nombra],
  ["/api/v1/pagos", nombra],
  ["/api/v1/campanias", nombra],
  ["/cliente/estadisticas", cuenta("total")],
  ["/pagos/estadisticas", cuenta("total")],
];

const enviar = (ruta: string, cuerpo: unknown, headers: Record<string, string>) =>
  fetch(stack.bffUrl + ruta, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(cuerpo),
  });
const conClave = (clave: string) => ({ authorization: `Bearer ${clave}` });
async function escribir(ruta: string, cuerpo: unknown): Promise<void> {
  const r = await enviar(ruta, cuerpo, conClave(claves.admin));
  const texto = await r.text();
  assert.ok(r.ok, `${ruta}: ${r.status} ${texto}`);
}
/** As a browser that signed in with the key. */
async function conSesion(clave: string): Promise<Record<string, string>> {
  const r = await enviar("/api/v1/sesion", { credencial: clave }, {});
  assert.equal(r.status, 201, await r.text());
  return { cookie: r.headers.getSetCookie().map((c) => c.split(";", 1)[0]).join("; ") };
}

prueba(
  `two people with different rights never get each other's bytes: ${N} requests, interleaved`,
  async () => {
    for (const id of [SUYO, AJENO]) {
      const nombre = `Secreto ${id}`;
      await escribir("/api/v1/clientes", {
        id,
        tipo_cliente: "EMPRESA",
        nombre,
        email: `${id}@x.example`,
        rut: id,
      });
      await escribir("/campanias/crear", { idCampania: `k-${id}`, idCliente: id, nombre, itinerario: [] });
      const total_amount = { valor: "10.00", moneda: "USD" };
      await escribir("/api/v1/pagos", { id: `p-${id}`, partner_id: id, cycle_id: "2026-01", total_amount });
    }
    const voces = [
      { socio: true, headers: conClave(claves.partner) },
      { socio: false, headers: conClave(claves.operador) },
      { socio: true, headers: await conSesion(claves.partner) },
      { socio: false, headers: await conSesion(claves.operador) },
    ];
    const etiquetas = { socio: new Map<string, string>(), operador: new Map<string, string>() };
    const cuentas = { socio: 0, operador: 0, negadas: 0 };
    const malas: string[] = [];
    const uno = async (i: number) => {
      const voz = voces[i % voces.length];
      const [ruta, sabe] = RUTAS[Math.floor(i / voces.length) % RUTAS.length] ?? assert.fail();
      if (voz === undefined) return;
      const quien = voz.socio ? "socio" : "operador";
      // The tag of what the other one got: whoever is told that it still holds was given the other's bytes.
      const ajena = etiquetas[voz.socio ? "operador" : "socio"].get(ruta);
      const r = await fetch(stack.bffUrl + ruta, {
        headers: { ...voz.headers, ...(ajena === undefined ? {} : { "if-none-match": ajena }) },
      });
      const texto = await r.text();
      if (r.status === 304) return void malas.push(`${quien} ${ruta}: the other's tag holds`);
      if (r.status !== 200) return void cuentas.negadas++;
      cuentas[quien]++;
      const etiqueta = r.headers.get("etag");
      if (etiqueta !== null) etiquetas[quien].set(ruta, etiqueta);
      if (sabe(texto) === voz.socio) malas.push(`${quien} ${ruta}: ${texto.slice(0, 200)}`);
    };
    let i = 0;
    await Promise.all(Array.from({ length: A_LA_VEZ }, async () => {
      while (i < N) {
        // Now and then something changes, so that what is cached is thrown away and read anew by both at once.
        if (i % 500 === 250) {
          await escribir(`/cliente/${AJENO}/${i % 1_000 === 250 ? "suspender" : "reactivar"}`, {
            motivo: "prueba",
          }).catch(() => {});
        }
        await uno(i++);
      }
    }));
    console.log(`${N} requests: ${JSON.stringify(cuentas)}, of the other ${malas.length}`);
    assert.deepEqual(malas.slice(0, 5), []);
    assert.equal(cuentas.socio + cuentas.operador + cuentas.negadas, N);
    assert.ok(cuentas.negadas <= N / 100, `${cuentas.negadas} were turned away`);
  },
);
