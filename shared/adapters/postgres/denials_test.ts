import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { openDatabase } from "./database.ts";
import { postgresDenials, VARIAS } from "./denials.ts";

const denial = (actor: string, i: number) => ({
  modulo: "pagos",
  actor,
  accion: "verPago",
  recurso: { tipo: "pagos", id: `p-${i}` },
  correlacion: `sol-${i}`,
  status: 404,
});
interface Line {
  readonly actor: string;
  readonly accion: string;
  readonly recurso_id: string | null;
  readonly veces: number;
}

/** Notes all of it at the same moment, and gives the lines that were kept, the oldest first. */
async function kept(note: (note: (actor: string, i: number) => void, time: { ms: number }) => void) {
  await using parts = new AsyncDisposableStack();
  const fresh = parts.use(await freshDatabase());
  const db = parts.use(openDatabase({ url: fresh.url, role: "alpes_mensajeria", max: 1 }));
  const time = { ms: 0 };
  const errors: unknown[] = [];
  {
    await using denials = postgresDenials(db, {
      windowMs: 60_000,
      now: () => time.ms,
      onError: (e) => errors.push(e),
    });
    note((actor, i) => denials.note(denial(actor, i)), time);
  }
  assert.deepEqual(errors, []);
  return await db.query<Line>(
    "select actor, accion, recurso_id, (detalle ->> 'veces')::int as veces from mensajeria.auditoria order by id",
  );
}

Deno.test("whoever tries one id after the other fills neither the disk nor the log, and each try is counted", async () => {
  const lines = await kept((note) => {
    for (let i = 0; i < 20_000; i++) note("clave:mala", i);
    note("clave:otra", 1);
  });
  const mine = lines.filter((l) => l.actor === "clave:mala");
  assert.equal(mine.reduce((n, l) => n + l.veces, 0), 20_000);
  assert.ok(mine.length <= 201, `${mine.length} lines`);
  assert.deepEqual(mine.at(-1), { actor: "clave:mala", accion: VARIAS, recurso_id: null, veces: 19_800 });
  // Who did nothing of the kind is still told in full.
  assert.deepEqual(lines.filter((l) => l.actor === "clave:otra"), [
    { actor: "clave:otra", accion: "verPago", recurso_id: "p-1", veces: 1 },
  ]);
});

Deno.test("after a rest the next denials have lines of their own again", async () => {
  const lines = await kept((note, time) => {
    for (let i = 0; i < 300; i++) note("clave:mala", i);
    time.ms += 60_000;
    for (let i = 1_000; i < 1_020; i++) note("clave:mala", i);
  });
  assert.equal(lines.filter((l) => l.accion === "verPago").length, 210);
  assert.equal(lines.reduce((n, l) => n + l.veces, 0), 320);
});
