import assert from "node:assert/strict";
import type { Actor } from "@alpes/shared/seedwork/actor.ts";
import type { Inbox, Incoming } from "@alpes/shared/seedwork/inbox.ts";
import { type MessageDesk, parkedId } from "@alpes/shared/seedwork/message_desk.ts";
import { RetryAfter } from "@alpes/shared/seedwork/retry.ts";
import { message } from "./bus_contract.ts";
import { eventually } from "./eventually.ts";

/** One module's empty inbox with its desk; `modulo` is `pagos`. */
export interface InboxUnderTest extends AsyncDisposable {
  readonly inbox: Inbox;
  readonly desk: MessageDesk;
  /** What the effect's own transaction does: HECHO, or false when it was so already. */
  effect(consumer: string, event_id: string): Promise<boolean>;
}

const consumer = "pagos.saga";
const topic = "eventos.campanias";
const ana: Actor = { tipo: "persona", id: "ana", roles: ["operador"], cliente: null };
const because = (id: string, motivo = "lo pidió soporte") => ({ id, actor: ana, motivo });

/** The one suite of every inbox: what `Inbox` and `MessageDesk` promise. */
export function inboxContract(name: string, open: () => Promise<InboxUnderTest>): void {
  const test = (title: string, run: (u: InboxUnderTest) => Promise<void>) =>
    Deno.test(`${name}: ${title}`, async () => {
      await using u = await open();
      await run(u);
    });
  const incoming = (key: string, n: number, of = consumer): Incoming => ({
    consumer: of,
    topic,
    message: message(key, n),
  });
  const id = (key: string, n: number) => parkedId(consumer, `${key}-${n}`);
  const parkHead = async (inbox: Inbox, key = "k") => {
    await inbox.arrive(incoming(key, 1));
    await inbox.park(incoming(key, 1), "TypeError: no");
  };

  test("each arrival of an unhandled message is one more attempt", async ({ inbox }) => {
    for (const intento of [1, 2, 3]) {
      assert.deepEqual(await inbox.arrive(incoming("k", 1)), { tipo: "intento", intento });
    }
    await inbox.giveBack(consumer, "k-1");
    assert.deepEqual(await inbox.arrive(incoming("k", 1)), { tipo: "intento", intento: 3 });
    assert.deepEqual(await inbox.arrive(incoming("k", 1, "pagos.otro")), { tipo: "intento", intento: 1 });
  });

  test("a message that is done is done, whoever said so", async ({ inbox, effect }) => {
    await inbox.arrive(incoming("k", 1));
    await inbox.done(consumer, "k-1");
    assert.deepEqual(await inbox.arrive(incoming("k", 1)), { tipo: "hecho" });
    assert.equal(await effect(consumer, "k-1"), false);

    await inbox.arrive(incoming("k", 2));
    assert.equal(await effect(consumer, "k-2"), true);
    await inbox.done(consumer, "k-2");
    await inbox.park(incoming("k", 2), "too late");
    assert.deepEqual(await inbox.arrive(incoming("k", 2)), { tipo: "hecho" });
    assert.equal(await effect(consumer, "k-2"), false);
  });

  test("behind a parked message the later ones of its key wait, and nobody else", async ({ inbox, desk }) => {
    await parkHead(inbox);
    assert.deepEqual(await inbox.arrive(incoming("k", 1)), { tipo: "espera" });
    assert.deepEqual(await inbox.arrive(incoming("k", 2)), { tipo: "espera" });
    assert.deepEqual(await inbox.arrive(incoming("k", 3)), { tipo: "espera" });
    assert.deepEqual(await inbox.arrive(incoming("otra", 1)), { tipo: "intento", intento: 1 });
    assert.deepEqual(await inbox.arrive(incoming("k", 9, "pagos.otro")), { tipo: "intento", intento: 1 });

    const { data, next } = await desk.list(null, 10);
    assert.equal(next, null);
    assert.deepEqual(data.map(({ recibido: _r, actualizado: _a, ...m }) => m), [{
      id: id("k", 1),
      consumidor: consumer,
      event_id: "k-1",
      topic,
      type: "AlgoPaso.v1",
      clave: "k",
      estado: "APARCADO",
      intentos: 1,
      error: "TypeError: no",
      detras: 2,
      mensaje: message("k", 1),
    }]);
    const { inbox: lag } = await desk.lag();
    assert.deepEqual([lag.aparcados, lag.detras], [1, 2]);
  });

  test("tried again, the head and those behind it go in order, with fresh attempts", async ({ inbox, desk }) => {
    await parkHead(inbox);
    for (const n of [2, 3]) await inbox.arrive(incoming("k", n));
    const seen: string[] = [];
    await using _ = await inbox.drain(consumer, topic, async (m, intento) => {
      seen.push(`${m.event_id} ${intento}`);
      await inbox.done(consumer, m.event_id);
    });
    assert.deepEqual(await desk.reintentar(because(id("k", 1))), {
      ok: true,
      value: { id: id("k", 1), estado: "LISTO", detras: 2 },
    });
    await eventually(() => seen.length === 3);
    assert.deepEqual(seen, ["k-1 1", "k-2 1", "k-3 1"]);
    await eventually(async () => assert.deepEqual((await inbox.arrive(incoming("k", 3))).tipo, "hecho"));
    assert.deepEqual(await inbox.arrive(incoming("k", 4)), { tipo: "intento", intento: 1 });
    assert.deepEqual((await desk.list(null, 10)).data, []);
  });

  test("set aside, those behind go on without the head, which can still be tried or discarded", async (u) => {
    const { inbox, desk } = u;
    await parkHead(inbox);
    for (const n of [2, 3]) await inbox.arrive(incoming("k", n));
    const seen: string[] = [];
    await using _ = await inbox.drain(consumer, topic, async (m) => {
      await inbox.done(consumer, m.event_id);
      seen.push(m.event_id);
    });
    assert.ok((await desk.liberar(because(id("k", 1)))).ok);
    await eventually(() => seen.length === 2);
    assert.deepEqual(seen, ["k-2", "k-3"]);
    const { data } = await desk.list(null, 10);
    assert.deepEqual(data.map((m) => [m.event_id, m.estado, m.detras]), [["k-1", "APARTADO", 0]]);
    assert.deepEqual(await desk.liberar(because(id("k", 1))), {
      ok: false,
      error: { tipo: "no_esta_aparcado", estado: "APARTADO" },
    });
    assert.ok((await desk.reintentar(because(id("k", 1)))).ok);
    await eventually(() => seen.length === 3);
    assert.equal(await u.effect(consumer, "k-1"), false);
  });

  test("discarded, a message is never handled, and those behind go on", async ({ inbox, desk }) => {
    await parkHead(inbox);
    await inbox.arrive(incoming("k", 2));
    const seen: string[] = [];
    await using _ = await inbox.drain(consumer, topic, async (m) => {
      seen.push(m.event_id);
      await inbox.done(consumer, m.event_id);
    });
    assert.ok((await desk.descartar(because(id("k", 1)))).ok);
    await eventually(() => seen.length === 1);
    assert.deepEqual(seen, ["k-2"]);
    assert.deepEqual(await inbox.arrive(incoming("k", 1)), { tipo: "hecho" });
    assert.deepEqual(await desk.reintentar(because(id("k", 1))), {
      ok: false,
      error: { tipo: "no_esta_aparcado", estado: "DESCARTADO" },
    });
  });

  test("a released message that fails comes again, holds back its key only, and may be parked again", async (u) => {
    const { inbox, desk } = u;
    for (const key of ["mala", "buena"]) {
      await parkHead(inbox, key);
      await inbox.arrive(incoming(key, 2));
    }
    const seen: string[] = [];
    await using _ = await inbox.drain(consumer, topic, async (m, intento) => {
      seen.push(m.event_id);
      if (m.event_id !== "mala-1") return await inbox.done(consumer, m.event_id);
      if (intento < 3) throw new RetryAfter(5);
      await inbox.park({ consumer, topic, message: m }, "still no");
    });
    await desk.reintentar(because(id("mala", 1)));
    await desk.reintentar(because(id("buena", 1)));
    await eventually(() => seen.filter((e) => e === "mala-1").length === 3 && seen.includes("buena-2"));
    await eventually(async () => assert.equal((await desk.list(null, 10)).data[0]?.error, "still no"));
    assert.ok(!seen.includes("mala-2"));
    const [parked] = (await desk.list(null, 10)).data;
    assert.deepEqual([parked?.intentos, parked?.detras, parked?.estado], [3, 1, "APARCADO"]);
  });

  test("what arrives while its key is being drained queues behind, and is handled after it", async ({ inbox, desk }) => {
    await parkHead(inbox);
    let go = (): void => {};
    const gate = new Promise<void>((r) => go = r);
    const seen: string[] = [];
    await using _ = await inbox.drain(consumer, topic, async (m) => {
      if (m.event_id === "k-1") await gate;
      seen.push(m.event_id);
      await inbox.done(consumer, m.event_id);
    });
    await desk.reintentar(because(id("k", 1)));
    assert.deepEqual(await inbox.arrive(incoming("k", 2)), { tipo: "espera" });
    go();
    await eventually(() => seen.length === 2);
    assert.deepEqual(seen, ["k-1", "k-2"]);
  });

  test("disposing a drain waits for what it has in hand", async ({ inbox, desk }) => {
    await parkHead(inbox);
    let go = (): void => {}, started = false, ended = false;
    const gate = new Promise<void>((r) => go = r);
    const drain = await inbox.drain(consumer, topic, async (m) => {
      started = true;
      await gate;
      await inbox.done(consumer, m.event_id);
      ended = true;
    });
    await desk.reintentar(because(id("k", 1)));
    await eventually(() => started);
    const disposing = drain[Symbol.asyncDispose]();
    await desk.lag();
    assert.equal(ended, false);
    go();
    await disposing;
    assert.equal(ended, true);
  });

  test("the list goes page by page, oldest first", async ({ inbox, desk }) => {
    for (const n of [1, 2, 3, 4, 5]) await parkHead(inbox, `k${n}`);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await desk.list(after, 2);
      seen.push(...page.data.map((m) => m.clave));
      after = page.next;
    } while (after !== null);
    assert.deepEqual(seen, ["k1", "k2", "k3", "k4", "k5"]);
  });

  test("an order over what does not exist, or is not parked, is refused", async ({ inbox, desk }) => {
    const no_existe = { ok: false, error: { tipo: "no_existe" } };
    assert.deepEqual(await desk.reintentar(because(id("nada", 1))), no_existe);
    assert.deepEqual(await desk.descartar(because("sin-tilde")), no_existe);
    await inbox.arrive(incoming("k", 1));
    assert.deepEqual(await desk.descartar(because(id("k", 1))), no_existe);
    await parkHead(inbox, "otra");
    const both = await Promise.all([
      desk.descartar(because(id("otra", 1))),
      desk.reintentar(because(id("otra", 1))),
    ]);
    assert.deepEqual(both.map((r) => r.ok).sort(), [false, true]);
  });
}
