import assert from "node:assert/strict";
import { POLITICA, ROLES } from "@alpes/shared/seedwork/policy.ts";
import { esDueno, mundo, NADIE } from "./matriz/mundo.ts";
import { conRol, sondasDirectas } from "./matriz/mensajes.ts";
import { manipulada, sitios, vigilada } from "./matriz/manipular.ts";
import { guardadas, ranuras } from "./matriz/operaciones.ts";
import { conRanura, sinAzar, type Sonda, sonda, sondasDe, veredicto } from "./matriz/sondas.ts";

/**
 * Whether the matrix would notice. Every cell of the policy is turned over, and every check in the code made to say yes;
 * each time some request must be answered otherwise than before.
 */
const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

/** A request or a call, and what somebody of a role is told. */
interface Prueba {
  readonly nombre: string;
  readonly accion: string;
  readonly rol: string;
  readonly preguntar: () => Promise<string>;
}
const porHttp = (s: Sonda): Prueba => ({
  nombre: s.nombre,
  accion: s.accion,
  rol: esDueno(s.quien) ? "partner" : s.quien,
  async preguntar() {
    const r = await s.pedir();
    // Of what a partner reads all that it shows; else whether it was let through, for doing it twice is another matter.
    const todo = s.metodo === "GET" && r.status === 200 && esDueno(s.quien);
    return todo ? sinAzar(r, "znada") : String(veredicto(r));
  },
});

// The BFF has no rights of its own but to its live stream.
const todas = guardadas(m).filter((g) => g.proceso !== "bff" || g.id === "bffEventos");
const pruebas: readonly Prueba[] = [
  ...todas.flatMap((g) => sondasDe(m, g)).filter((s) => !NADIE.includes(s.quien)).map(porHttp),
  ...todas.filter((g) => g.accion === "campanias.crear").flatMap((g) =>
    ranuras(g).map((r) => porHttp(conRanura(m, g, "zuno", r, "znada")))
  ),
  ...todas.filter((g) => g.accion === "campanias.editar").flatMap((g) =>
    // One of the two is a step, whatever the campaign has come to.
    ["APROBADA", "CANCELADA"].map((estado) =>
      porHttp(sonda(m, g, "zuno", "zuno", 403, { estado, itinerario: [] }))
    )
  ),
  ...sondasDirectas().flatMap(({ nombre, accion, llamar }) =>
    ROLES.map((rol): Prueba => ({
      nombre: `${rol}: ${nombre}`,
      accion,
      rol,
      preguntar: () => llamar(conRol(rol)),
    }))
  ),
];

/** The first of these that is answered otherwise while the policy is tampered with. */
async function quienLoNota(candidatas: readonly Prueba[], tramar: () => Disposable): Promise<string | null> {
  for (const p of candidatas) {
    const antes = await p.preguntar();
    const trama = tramar();
    const despues = await p.preguntar().finally(() => trama[Symbol.dispose]());
    if (antes !== despues) return p.nombre;
  }
  return null;
}

const TABLA = POLITICA as Readonly<Record<string, readonly string[]>>;
for (const [accion, fila] of Object.entries(TABLA)) {
  test(`turning over any cell of ${accion}, or removing the line, is noticed`, async () => {
    const inadvertidas: string[] = [];
    const suyas = pruebas.filter((p) => p.accion === accion);
    for (const [i, rol] of ROLES.entries()) {
      for (const otra of ["si", "no"].filter((c) => c !== fila[i])) {
        const mutada = fila.map((c, j) => i === j ? otra : c);
        const nota = await quienLoNota(suyas.filter((p) => p.rol === rol), () => manipulada(accion, mutada));
        if (nota === null) inadvertidas.push(`${rol}: ${fila[i]} → ${otra}`);
      }
    }
    if (await quienLoNota(suyas, () => manipulada(accion, null)) === null) inadvertidas.push("no line");
    assert.deepEqual(inadvertidas, []);
  });
}

test("a check that says yes to everybody is noticed, whichever it is", async () => {
  const porSitio = new Map<string, Prueba[]>((await sitios()).map((s) => [s, []]));
  assert.ok(porSitio.size > 20);
  for (const p of pruebas) {
    using ojo = vigilada();
    if ((await p.preguntar()).startsWith("si")) continue;
    for (const s of ojo.pisados()) porSitio.get(s)?.push(p);
  }
  const inadvertidos: string[] = [];
  for (const [sitio, suyas] of porSitio) {
    if (await quienLoNota(suyas, () => vigilada(sitio)) === null) {
      inadvertidos.push(`${sitio} (${suyas.length} requests pass by it)`);
    }
  }
  assert.deepEqual(inadvertidos, []);
});
