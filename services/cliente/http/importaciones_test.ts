import assert from "node:assert/strict";
import { v7 } from "uuid";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { postgresAnswers } from "@alpes/shared/adapters/postgres/answers.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { appAround } from "@alpes/shared/testing/http_app.ts";
import { postgresCliente } from "../adapters/postgres.ts";
import { postgresClientes } from "../adapters/postgres_consultas.ts";
import { comandosCliente } from "../application/comandos.ts";
import { consultasCliente } from "../application/consultas.ts";
import { importarClientes } from "../application/importar.ts";
import { FALLAS_CLIENTE } from "./fallas.ts";
import { clienteRoutes } from "./routes.ts";

async function abrir() {
  const resources = new AsyncDisposableStack();
  const fresh = resources.use(await freshDatabase());
  const db = resources.use(openDatabase({ url: fresh.url, role: "alpes_cliente" }));
  const uow = postgresUnitOfWork(db, postgresCliente, { newId: v7 });
  const { app } = appAround(
    "/cliente",
    clienteRoutes({
      comandos: comandosCliente(uow),
      importar: importarClientes(uow),
      consultas: consultasCliente(postgresClientes(db)),
      newId: v7,
    }),
    { catalogues: [FALLAS_CLIENTE], answers: postgresAnswers(db) },
  );
  const importar = async (cuerpo: string | Uint8Array<ArrayBuffer>, consulta = "", tipo = "text/csv") => {
    const r = await app.request(`/cliente/importaciones${consulta}`, {
      method: "POST",
      headers: { "content-type": tipo },
      body: cuerpo,
    });
    const texto = await r.text();
    // deno-lint-ignore no-explicit-any -- answers are read as a caller without types would
    const lineas: any[] = texto.split("\n").filter((l) => l !== "").map((l) => JSON.parse(l));
    return { status: r.status, lineas, filas: lineas.filter((l) => "fila" in l), fin: lineas.at(-1) };
  };
  const cuantos = async () => {
    const [r] = await db.query<{ n: bigint }>("select count(*) as n from cliente.clientes");
    return Number(r?.n);
  };
  return { importar, cuantos, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const CABEZA = "id,nombre,email,cedula,fecha_nacimiento";
const fila = (n: number) => `c-${n},Ana ${n},ana${n}@correo.example,${10_000 + n},1990-02-28`;
const estados = (filas: readonly { fila: number; estado: string; codigo: string | null }[]) =>
  filas.map((f) => [f.fila, f.codigo ?? f.estado]);

Deno.test("a file is registered row by row, and the same file again changes nothing", async () => {
  await using s = await abrir();
  const csv = [CABEZA, ...Array.from({ length: 450 }, (_, i) => fila(i))].join("\r\n");
  const uno = await s.importar(csv);
  assert.equal(uno.status, 200);
  assert.equal(uno.filas.length, 450);
  const { por_segundo: _, ...totales } = uno.fin.totales;
  assert.deepEqual(totales, { hechas: 450, creado: 450, ya_estaba: 0, rechazado: 0 });
  assert.equal(await s.cuantos(), 450);
  const dos = await s.importar(csv);
  assert.deepEqual([dos.fin.totales.ya_estaba, dos.fin.completa, await s.cuantos()], [450, true, 450]);
});

Deno.test("an import that was cut short goes on where it stood", async () => {
  await using s = await abrir();
  const filas = Array.from({ length: 30 }, (_, i) => fila(i));
  await s.importar([CABEZA, ...filas.slice(0, 12)].join("\n"));
  const todo = await s.importar([CABEZA, ...filas].join("\n"));
  assert.deepEqual([todo.fin.totales.creado, todo.fin.totales.ya_estaba], [18, 12]);
});

Deno.test("a dry run says what would happen, and nothing happens", async () => {
  await using s = await abrir();
  const csv = [
    CABEZA,
    fila(1),
    fila(1),
    fila(1).replace("ana1@", "otra@"),
    fila(2).replace("ana2@", "ANA1@"),
    fila(3),
  ]
    .join("\n");
  const esperado = [[2, "creado"], [3, "ya_estaba"], [4, "cliente_otro_registro"], [5, "cliente_duplicado"], [
    6,
    "creado",
  ]];
  const seco = await s.importar(csv, "?simulacro=true");
  assert.deepEqual(estados(seco.filas), esperado);
  assert.equal(await s.cuantos(), 0);
  assert.deepEqual(estados((await s.importar(csv)).filas), esperado);
  assert.equal(await s.cuantos(), 2);
});

Deno.test("rows that cannot be taken are named with their fields, and the others are taken", async () => {
  await using s = await abrir();
  const csv = [
    CABEZA,
    fila(1),
    "c-2,X,no,12a,1990-02-30",
    `${fila(3)},demasiadas`,
    "c-4,pocas",
    `c-5,A\u0000na,ana5@correo.example,10005,1990-02-28`,
    `c-6,"=HYPERLINK(""x"")",ana6@correo.example,10006,1990-02-28`,
    `c-7,mal "puesta",ana7@correo.example,10007,1990-02-28`,
    "",
    fila(8),
  ].join("\n");
  const r = await s.importar(csv);
  assert.deepEqual(estados(r.filas), [
    [2, "creado"],
    [3, "validacion"],
    [4, "validacion"],
    [5, "validacion"],
    [6, "validacion"],
    [7, "creado"],
    [8, "validacion"],
    [10, "creado"],
  ]);
  assert.deepEqual(r.filas[1].errores.map((e: { campo: string }) => e.campo).sort(), [
    "cedula",
    "email",
    "fecha_nacimiento",
    "nombre",
  ]);
  const solo = await s.importar(csv, "?solo_rechazadas=true");
  assert.deepEqual([solo.filas.length, solo.fin.totales.ya_estaba], [5, 3]);
});

Deno.test("a file that cannot be read as a whole is a problem, and nothing of it is taken", async () => {
  await using s = await abrir();
  const latin1 = new Uint8Array(
    [...`${CABEZA}\n${fila(1)}\nc-2,Bego`].map((x) => x.charCodeAt(0)).concat(0xf1, 0x61),
  );
  assert.equal((await s.importar(latin1)).status, 400);
  assert.equal((await s.importar("")).status, 400);
  for (const cabeza of ["id,nombre", `${CABEZA},sueldo`, `${CABEZA},id`, '"id,nombre']) {
    assert.equal((await s.importar(`${cabeza}\n${fila(1)}`)).status, 400, cabeza);
  }
  assert.equal((await s.importar(`${CABEZA}\n${fila(1)}`, "", "application/xml")).status, 415);
  assert.equal((await s.importar(`${CABEZA}\n${fila(1)}`, "?simulacro=quizas")).status, 400);
  assert.equal(await s.cuantos(), 0);
});

Deno.test("NDJSON goes the same way, and who has no id is known by the e-mail", async () => {
  await using s = await abrir();
  const ana = JSON.stringify({
    nombre: "Ana",
    email: "ana@x.co",
    cedula: "12345",
    fecha_nacimiento: "1990-02-28",
  });
  const r = await s.importar(`${ana}\n\n{"nombre": \n[1]\n${ana}`, "", "application/x-ndjson");
  assert.deepEqual(estados(r.filas), [[1, "creado"], [3, "validacion"], [4, "validacion"], [5, "ya_estaba"]]);
});

Deno.test("a semicolon file with a byte order mark is read as a spreadsheet saves it", async () => {
  await using s = await abrir();
  const csv = `\ufeff${CABEZA}\n${fila(1)}\n`.replaceAll(",", ";");
  assert.deepEqual(estados((await s.importar(csv)).filas), [[2, "creado"]]);
});
