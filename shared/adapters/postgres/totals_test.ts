import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { openDatabase } from "./database.ts";

const insertar = (from: number, to: number) =>
  `insert into cliente.clientes (id, tipo_cliente, nombre, email, cedula, fecha_nacimiento, estado, fecha_registro, version,
     huella_registro)
   select 'c-' || i, 'NATURAL', 'Nombre', i || '@x.example', (1000000 + i)::text, '1990-01-01', 'ACTIVO',
          now() - i * interval '1 minute', 1, '' from generate_series(${from}, ${to}) i`;

Deno.test("totals are what there is, however many write at once, take back, change and delete", async () => {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_cliente", max: 8 });
  const suma = async () => {
    const [t] = await db.query<{ activos: number; todos: number; altas: number; partes: number }>(
      `select (select coalesce(sum(cantidad), 0)::int from cliente.totales where estado = 'ACTIVO') as activos,
              (select coalesce(sum(cantidad), 0)::int from cliente.totales) as todos,
              (select coalesce(sum(cantidad), 0)::int from cliente.totales where hora > now() - interval '1 year') as altas,
              (select count(distinct ranura)::int from cliente.totales) as partes`,
    );
    return t;
  };
  // Eight at once that hold their transactions open: a shared row would let only one go on at a time.
  let dentro = 0;
  const juntos = Promise.withResolvers<void>();
  await Promise.all(Array.from({ length: 8 }, (_, n) =>
    db.transaction(async (tx) => {
      await tx.query(insertar(n * 100 + 1, n * 100 + 100));
      if (++dentro === 8) juntos.resolve();
      await juntos.promise;
    })));
  assert.deepEqual(await suma(), { activos: 800, todos: 800, altas: 800, partes: 8 });
  await assert.rejects(db.transaction(async (tx) => {
    await tx.query(insertar(801, 900));
    throw new Error("taken back");
  }));
  await db.query("update cliente.clientes set estado = 'INACTIVO' where id < 'c-2'");
  await db.query("delete from cliente.clientes where id = 'c-5'");
  const [hay] = await db.query<{ activos: number; todos: number }>(
    `select (count(*) filter (where estado = 'ACTIVO'))::int as activos, count(*)::int as todos from cliente.clientes`,
  );
  const { activos, todos, altas } = await suma() ?? {};
  assert.deepEqual({ activos, todos, altas }, { ...hay, altas: 799 });
});

Deno.test("the parts of connections that ended are folded into one, and the sums stay", async () => {
  await using fresh = await freshDatabase();
  for (const n of [0, 1, 2]) {
    await using db = openDatabase({ url: fresh.url, role: "alpes_cliente", max: 1 });
    await db.query(insertar(n * 10 + 1, n * 10 + 10));
  }
  await using db = openDatabase({ url: fresh.url, role: "alpes_cliente", max: 1 });
  await db.query("select cliente.plegar_totales()");
  const filas = await db.query(
    "select estado, tipo_cliente, ranura, sum(cantidad)::int as cantidad from cliente.totales group by 1, 2, 3",
  );
  assert.deepEqual(filas.map((f) => ({ ...f })), [
    { estado: "ACTIVO", tipo_cliente: "NATURAL", ranura: 0, cantidad: 30 },
  ]);
});

Deno.test("a module cannot write its totals itself, only have them counted anew", async () => {
  await using fresh = await freshDatabase();
  await using admin = openDatabase({ url: fresh.adminUrl, max: 1 });
  for (const modulo of ["cliente", "campanias", "pagos"]) {
    await using db = openDatabase({ url: fresh.url, role: `alpes_${modulo}`, max: 1 });
    await assert.rejects(db.query(`delete from ${modulo}.totales`), /permission denied/);
    await assert.rejects(db.query(`update ${modulo}.totales set cantidad = 1`), /permission denied/);
    await db.query(`select ${modulo}.recontar()`);
  }
  await admin.query(insertar(1, 10));
  await admin.query("delete from cliente.totales");
  await admin.query("select cliente.recontar()");
  const [t] = await admin.query<{ n: number }>("select sum(cantidad)::int as n from cliente.totales");
  assert.equal(t?.n, 10);
});
