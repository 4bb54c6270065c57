import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";

Deno.test("first entries of one account at once all count in its balance", async () => {
  await using fresh = await freshDatabase();
  await using db = openDatabase({ url: fresh.url, role: "alpes_pagos", max: 16 });
  const asentar = (cuenta: string, n: number) =>
    db.query(
      `with a as (insert into pagos.asientos (clave, hecho, en, actor, correlacion, causa)
                  values ($1, 'PRUEBA', now(), 'servicio:prueba', 'c', 'c') returning id)
       insert into pagos.movimientos (asiento, n, cuenta, moneda, importe, en)
       select a.id, l.n, l.cuenta, 'COP', l.importe, now()
         from a, (values (0, $2, 100), (1, $3, -100)) as l(n, cuenta, importe)`,
      [`${cuenta}:${n}`, cuenta, n % 2 === 0 ? `otra-${cuenta}` : "banco"],
    );
  for (let i = 0; i < 40; i++) {
    await Promise.all(Array.from({ length: 16 }, (_, n) => asentar(`ajuste:${i}`, n)));
  }
  const mal = await db.query(
    `select cuenta, saldo, suma from pagos.saldos
       join (select cuenta, sum(importe) as suma from pagos.movimientos group by 1) m using (cuenta) where saldo <> suma`,
  );
  assert.deepEqual(mal, []);
});
