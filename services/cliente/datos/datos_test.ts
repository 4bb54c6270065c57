import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { setupLogs } from "@alpes/shared/http/log.ts";
import { serviceSettings } from "@alpes/shared/http/settings.ts";
import { composeService } from "@alpes/shared/process/service.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { cliente } from "../main.ts";

setupLogs({ level: "error", format: "json", servicio: "prueba" });
const MAIN = "services/cliente/datos/main.ts";

/** The running service over a database of its own, the owner's view of it, and the command line. */
async function abrir() {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const admin = parts.use(openDatabase({ url: fresh.adminUrl, max: 2 }));
  const config = readConfig(serviceSettings(5003), { DATABASE_URL: fresh.url, AUTH_MODE: "ninguna" });
  const { app, ready } = await composeService("cliente", { cliente }, config, parts);
  parts.defer(() => ready.drain());
  const pedir = async (method: string, ruta: string, body?: object, headers: Record<string, string> = {}) => {
    const res = await app.request(ruta, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
    const texto = await res.text();
    return { status: res.status, json: texto === "" ? null : JSON.parse(texto) };
  };
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(`../../../${MAIN}`, import.meta.url).pathname, ...args],
      env: { DATABASE_URL: fresh.url, USER: "raíz", NO_COLOR: "1" },
      stdin: "null",
      signal: AbortSignal.timeout(60_000),
    }).output();
    const text = new TextDecoder();
    return { code, out: text.decode(stdout), err: text.decode(stderr) };
  };
  /** Every row of every table of ours, as text. */
  const todo = async () => {
    const tablas = await admin.query<{ t: string }>(
      `select format('%I.%I', schemaname, tablename) as t from pg_tables
        where schemaname in ('public', 'mensajeria', 'cliente', 'campanias', 'pagos', 'seguridad')`,
    );
    const textos = await Promise.all(tablas.map(async ({ t }) => {
      const [fila] = await admin.query<{ f: string }>(
        `select coalesce(json_agg(t), '[]')::text as f from ${t} t`,
      );
      return [t, fila?.f ?? ""] as const;
    }));
    return new Map(textos);
  };
  const all = parts.move();
  return { admin, pedir, cli, todo, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const PERSONA = {
  id: "c-77",
  nombre: "Zoraida Quimbayo",
  email: "zoraida@correo.example",
  cedula: "9081726354",
  fecha_nacimiento: "1987-06-05",
  telefono: "+57 3009998877",
  ciudad: "Mompox",
  referencia_externa: "ref-zq-1",
};
const HUELLAS = [
  "Zoraida",
  "zoraida@",
  "quimbayo",
  "9081726354",
  "1987-06-05",
  "3009998877",
  "Mompox",
  "ref-zq-1",
];

Deno.test("a cliente's data is exported with its history and its payments", async () => {
  await using a = await abrir();
  await a.pedir("POST", "/cliente/registrar", PERSONA);
  await a.pedir("POST", "/cliente/c-77/suspender", { motivo: "papeles" });
  await a.admin.query("insert into cliente.pagos values ('c-77', 'p-1', '2026-01-02T03:04:05Z')");
  const { code, out } = await a.cli("exportar", "c-77");
  assert.equal(code, 0);
  const { cliente: c, historial, pagos } = JSON.parse(out);
  assert.deepEqual([c.nombre, c.cedula, c.email], [PERSONA.nombre, PERSONA.cedula, PERSONA.email]);
  assert.deepEqual(historial.map((h: { motivo: string }) => h.motivo), [null, "papeles"]);
  assert.deepEqual(pagos, [{ id_pago: "p-1", fecha: "2026-01-02T03:04:05.000Z" }]);
});

Deno.test("after the erasure nothing in the whole database says who it was, and what it paid is still there", async () => {
  await using a = await abrir();
  const clave = { "idempotency-key": "k-1" };
  assert.equal((await a.pedir("POST", "/cliente/registrar", PERSONA, clave)).status, 201);
  await a.pedir("PATCH", "/cliente/c-77", { ciudad: "Mompox" }, { "idempotency-key": "k-2" });
  await a.pedir("POST", "/cliente/c-77/suspender", { motivo: "Zoraida lo pidió" }, {
    "idempotency-key": "k-3",
  });
  await a.admin.query("insert into cliente.pagos values ('c-77', 'p-1', now())");
  // A message that waits for an operator, and one that the relay has not taken yet.
  const mensaje = JSON.stringify({ aggregate_id: "c-77", data: { ...PERSONA, version: 1 } });
  await a.admin.query(
    `insert into mensajeria.inbox (consumidor, event_id, topic, clave, estado, mensaje)
     values ('otra.cosa', 'e-1', 'eventos.cliente', 'c-77', 'APARCADO', $1)`,
    [mensaje],
  );
  await a.admin.query(
    `insert into mensajeria.outbox (modulo, topic, particion, event_id, mensaje)
     values ('ninguno', 'eventos.cliente', 0, 'e-2', $1)`,
    [mensaje],
  );
  const antes = await a.todo();
  for (
    const t of [
      "cliente.clientes",
      "cliente.historial",
      "mensajeria.inbox",
      "mensajeria.outbox",
      "mensajeria.idempotencia",
    ]
  ) {
    assert.ok(HUELLAS.some((h) => antes.get(t)?.includes(h)), `${t} has something to erase`);
  }
  await eventually(async () => (await a.todo()).get("mensajeria.bus_mensajes")?.includes("Zoraida") ?? false);

  const seco = await a.cli("borrar", "c-77", "--motivo", "solicitud 12");
  assert.match(seco.out, /nothing was done; add --si/);
  assert.equal((await a.pedir("GET", "/cliente/c-77")).json.nombre, PERSONA.nombre);
  const hecho = await a.cli("borrar", "c-77", "--motivo", "solicitud 12", "--si");
  assert.equal(hecho.code, 0, hecho.err);

  for (const [tabla, texto] of await a.todo()) {
    for (const h of HUELLAS) {
      assert.ok(!texto.toLowerCase().includes(h.toLowerCase()), `${h} is in ${tabla}: ${texto}`);
    }
  }
  const { json } = await a.pedir("GET", "/cliente/c-77");
  assert.match(json.email, /^borrado-[0-9a-f-]{36}@borrado\.invalid$/);
  assert.deepEqual(
    [json.nombre, json.estado, json.cedula, json.fecha_nacimiento, json.ciudad],
    ["(datos borrados)", "INACTIVO", null, null, null],
  );
  assert.deepEqual((await a.pedir("GET", "/cliente?search=zoraida")).json.data, []);
  assert.equal((await a.admin.query("select from cliente.pagos where id_cliente = 'c-77'")).length, 1);
  const h = (await a.pedir("GET", "/cliente/c-77/historial")).json.data;
  assert.deepEqual([h.at(-1).accion, h.at(-1).motivo, h.at(-1).actor], [
    "DatosBorrados",
    "solicitud 12",
    "persona:terminal:raz",
  ]);
  const rastro =
    (await a.pedir("GET", "/cliente/operacion/auditoria?recurso=c-77&accion=borrarDatosCliente")).json
      .data;
  assert.equal(rastro.length, 1);

  // Nothing brings it back, and the person may come anew.
  // A process remembers answers under a key for a few seconds.
  await eventually(async () => {
    const otra = await a.pedir("POST", "/cliente/registrar", PERSONA, clave);
    assert.deepEqual([otra.status, otra.json.codigo], [409, "cliente_otro_registro"]);
  }, { ms: 8_000, every: 500 });
  const parche = await a.pedir("PATCH", "/cliente/c-77", { ciudad: "Cali" }, {
    "idempotency-key": "k-2",
  });
  assert.deepEqual([parche.status, parche.json.codigo], [409, "cliente_borrado"]);
  assert.equal((await a.pedir("POST", "/cliente/registrar", { ...PERSONA, id: "c-nueva" })).status, 201);
  // Again is harmless, and erases nothing of the new one.
  assert.equal((await a.cli("borrar", "c-77", "--motivo", "otra vez", "--si")).code, 0);
  assert.equal((await a.pedir("GET", "/cliente/c-nueva")).json.nombre, PERSONA.nombre);
});

Deno.test("the command line says what is wrong in three lines, and touches nothing", async () => {
  await using a = await abrir();
  for (
    const [args, why] of [
      [["borrar", "c-1"], /--motivo must say why/],
      [["borrar", "nadie", "--motivo", "x", "--si"], /there is no cliente nadie/],
      [["exportar"], /needs the id/],
      [["exporta", "c-1"], /there is no "exporta"/],
      [["exportar", "c-1", "--todo"], /--todo/],
    ] as const
  ) {
    const r = await a.cli(...args);
    assert.equal(r.code, 1, args.join(" "));
    assert.match(r.err, why);
    assert.equal(r.err.trim().split("\n").length, 3);
  }
});
