import assert from "node:assert/strict";
import { type Api, dig } from "@alpes/shared/dev/demo_api.ts";
import { each, status } from "@alpes/shared/dev/demo_checks.ts";
import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { rows } from "./acceptance.ts";
import type { Acknowledged } from "./chaos_load.ts";

/** Every row of a list, by its cursor. */
export async function all(api: Api, path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor: unknown = "";;) {
    const after = cursor === "" ? "" : `&cursor=${encodeURIComponent(String(cursor))}`;
    const page = status(await api.send("GET", `${path}?limit=100${after}`), 200);
    found.push(...rows(page));
    cursor = dig(page.body, "pagination.next_cursor");
    if (cursor === null) return found;
  }
}

const str = (row: unknown, path: string): string => String(dig(row, path));
const sorted = (a: readonly string[]) => [...a].sort();

/** Where each campaign may stand, given where its payments stand. */
export async function campaignsAreConsistent(api: Api): Promise<number> {
  const [campanias, pagos] = [await all(api, "/campanias"), await all(api, "/pagos")];
  const of = (id: string) => pagos.filter((p) => dig(p, "idCampania") === id);
  await each(campanias, 8, async (c) => {
    const [id, estado, asociado] = [str(c, "id"), str(c, "estado"), dig(c, "pago_asociado_id")];
    const suyos = of(id).map((p) => [str(p, "id"), str(p, "estado")] as const);
    const exitosos = suyos.filter(([, e]) => e === "EXITOSO").map(([p]) => p);
    const told = `${id} ${estado} ${asociado} ${JSON.stringify(suyos)}`;
    assert.ok(
      suyos.every(([, e]) => !["PENDIENTE", "CALCULADO", "CONFIRMADO", "EN_PROCESO"].includes(e)),
      told,
    );
    if (estado === "CANCELADA" || estado === "PENDIENTE") assert.deepEqual(exitosos, [], told);
    if (estado === "PENDIENTE") assert.ok(suyos.every(([, e]) => e === "EN_VERIFICACION"), told);
    if (estado === "APROBADA" && asociado !== null) assert.deepEqual(exitosos, [asociado], told);

    const saga = str(status(await api.send("GET", `/campanias/${id}/saga`), 200).body, "estado");
    const may = estado === "CANCELADA" ? ["COMPENSADA"] : ["COMPLETADA", "SIN_INICIAR", "ESPERANDO_PAGO"];
    assert.ok(may.includes(saga), `${told} saga ${saga}`);
    assert.ok(estado === "PENDIENTE" || saga !== "SIN_INICIAR", `${told} saga ${saga}`);

    const eventos = rows(status(await api.send("GET", `/campanias/${id}/eventos`), 200));
    assert.deepEqual(eventos.map((e) => dig(e, "version")), eventos.map((_, i) => i + 1), told);
    assert.equal(eventos.length, Number(dig(c, "version")), told);
  });
  return campanias.length;
}

/** What every client's page counts is what was really paid, once each. */
export async function countsAreExact(api: Api): Promise<void> {
  const pagos = (await all(api, "/pagos")).filter((p) => dig(p, "estado") === "EXITOSO");
  for (const c of await all(api, "/cliente")) {
    const suyos = pagos.filter((p) => dig(p, "partner_id") === dig(c, "id"));
    const last = sorted(suyos.map((p) => str(p, "fecha_completado"))).at(-1) ?? null;
    assert.deepEqual([str(c, "id"), dig(c, "total_pagos"), dig(c, "ultimo_pago")], [
      str(c, "id"),
      suyos.length,
      last,
    ]);
  }
}

/** The bank's own record: nothing paid twice, nothing paid that we call failed, nothing given back that we keep. */
export async function bankAgrees(db: Tx, api: Api): Promise<number> {
  const bank = await db.query<{ payout_id: string; pagado: boolean; devuelto: boolean; monto: bigint }>(
    `select payout_id, monto, coalesce(pagado <= clock_timestamp(), false) as pagado, devuelto is not null as devuelto
       from pagos.psp_simulador where resultado = 'PAGADO'`,
  );
  const kept = bank.filter((b) => b.pagado && !b.devuelto).map((b) => b.payout_id);
  const given = bank.filter((b) => b.pagado && b.devuelto).map((b) => b.payout_id);
  const pagos = await all(api, "/pagos");
  const ids = (estado: string) => pagos.filter((p) => dig(p, "estado") === estado).map((p) => str(p, "id"));
  assert.deepEqual(sorted(kept), sorted(ids("EXITOSO")));
  assert.deepEqual(sorted(given), sorted(ids("REVERTIDO")));
  const amounts = new Map(pagos.map((p) => [str(p, "id"), str(p, "monto_total.valor").replace(".", "")]));
  for (const b of bank) assert.equal(String(b.monto), amounts.get(b.payout_id), b.payout_id);
  return kept.length;
}

/** Each payout said once that it was paid, and once that it was given back, however often that was delivered. */
export async function eachFactWasSaidOnce(db: Tx, api: Api): Promise<void> {
  const said = await db.query<{ tipo: string; pago: string; veces: bigint }>(
    `select mensaje->>'type' as tipo, mensaje->'data'->>'idPago' as pago, count(distinct mensaje->>'event_id') as veces
       from mensajeria.bus_mensajes
      where topic = 'eventos.pagos' and mensaje->>'type' in ('PagoConfirmado.v1', 'PagoRevertido.v1')
      group by 1, 2`,
  );
  assert.deepEqual(said.filter((s) => s.veces !== 1n), []);
  const pagos = await all(api, "/pagos");
  const facts = pagos.flatMap((p) =>
    dig(p, "estado") === "EXITOSO"
      ? [`PagoConfirmado.v1 ${dig(p, "id")}`]
      : dig(p, "estado") === "REVERTIDO"
      ? [`PagoConfirmado.v1 ${dig(p, "id")}`, `PagoRevertido.v1 ${dig(p, "id")}`]
      : []
  );
  assert.deepEqual(sorted(said.map((s) => `${s.tipo} ${s.pago}`)), sorted(facts));
}

/** Nothing waits in an outbox, an inbox or for a person. */
export async function nothingIsLeftOver(api: Api): Promise<void> {
  for (const modulo of ["cliente", "campanias", "pagos"]) {
    const a = status(await api.send("GET", `/${modulo}/operacion/estado`), 200);
    const left = ["outbox.pendientes", "inbox.pendientes", "inbox.aparcados", "inbox.detras"];
    assert.deepEqual([modulo, ...left.map((l) => dig(a.body, l))], [modulo, 0, 0, 0, 0]);
  }
}

/** Sent once more, every acknowledged write is known: under its key byte for byte, by its natural id as a repeat. */
export async function nothingAcknowledgedIsMissing(api: Api, book: readonly Acknowledged[]): Promise<void> {
  await each(book, 8, async ({ method, path, body, headers, answer }) => {
    const again = await api.send(method, path, body, headers);
    const told = `${method} ${path} ${
      JSON.stringify(body)
    }: ${answer.text} and then ${again.status} ${again.text}`;
    if ("Idempotency-Key" in headers) {
      assert.deepEqual([again.status, again.text], [answer.status, answer.text], told);
      assert.equal(again.headers.get("idempotency-replayed"), "true", told);
    } else {
      assert.ok([200, 202].includes(again.status), told);
      const id = dig(answer.body, "id") ?? dig(answer.body, "idCampania");
      assert.equal(dig(again.body, "id") ?? dig(again.body, "idCampania"), id, told);
    }
  });
}
