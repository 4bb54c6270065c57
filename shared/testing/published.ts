import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { webSocketBus } from "@alpes/shared/adapters/pulsar/websocket.ts";
import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import { type Message, TOPICS } from "@alpes/shared/seedwork/messages.ts";

/** Nothing came for so long: what was published before we asked is all here, ms. */
const QUIET_MS = 1_500;

/** Everything that PostgreSQL's bus has stored, as its table tells. */
export async function publishedInPostgres(adminUrl: string): Promise<Message[]> {
  await using db = openDatabase({ url: adminUrl, max: 1 });
  const rows = await db.query<{ texto: string }>(
    "select mensaje::text as texto from mensajeria.bus_mensajes",
  );
  return rows.map((r) => decodeMessage(r.texto) as Message);
}

/** Everything that Pulsar retains of a namespace, as a group sees it that comes late. */
export async function publishedInPulsar(url: string, namespace: string): Promise<Message[]> {
  await using bus = webSocketBus({ url, namespace });
  const all = new Map<string, Message>();
  let last = performance.now();
  const group = `prueba-${crypto.randomUUID().slice(0, 8)}`;
  await Promise.all(TOPICS.map((topic) =>
    bus.subscribe(topic, group, (m) => {
      last = performance.now();
      all.set(`${topic} ${m.event_id}`, m);
      return Promise.resolve();
    })
  ));
  last = performance.now();
  while (performance.now() - last < QUIET_MS) await new Promise((r) => setTimeout(r, 50));
  return [...all.values()];
}
