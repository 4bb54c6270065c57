import { Buffer } from "node:buffer";
import type { Handler } from "@alpes/shared/seedwork/messages.ts";
import { type PulsarAddress, silence, WINDOW } from "./address.ts";
import { keyOrder, type KeyOrderOptions } from "./key_order.ts";
import type { Link } from "./link.ts";
import { type Dial, topicLink } from "./ws_dial.ts";

/** One consumer of a group on one topic. */
export interface WsConsumer extends AsyncDisposable {
  readonly link: Link;
}

interface Frame {
  readonly messageId?: string;
  readonly payload?: string;
  readonly key?: string;
}

/** How often the broker is asked something that it must answer; also keeps an idle connection open. */
const PING_MS = 15_000;

/**
 * Resolves when the group exists, i.e. misses nothing from now on. Rejects when the first attempt fails or takes longer
 * than `openMs`; afterwards a lost connection is opened again for as long as it takes.
 */
export async function wsConsumer(
  dial: Dial,
  address: PulsarAddress,
  topic: string,
  group: string,
  handle: Handler,
  options: KeyOrderOptions & { readonly openMs: number },
): Promise<WsConsumer> {
  const order = keyOrder(handle, options);
  const { promise: joined, resolve, reject } = Promise.withResolvers<void>();
  let unanswered = 0;
  let session = 0;

  const link = topicLink(dial, address, topic, {
    path: `consumer/persistent/${address.namespace ?? "public/default"}/${topic}/${
      encodeURIComponent(group)
    }`,
    query: {
      subscriptionType: "Key_Shared",
      subscriptionInitialPosition: "Earliest",
      receiverQueueSize: String(WINDOW),
    },
    wanted: () => true,
    onOpen() {
      unanswered = 0;
      resolve();
    },
    onText(text) {
      unanswered = 0;
      const { messageId: id, payload, key = "" } = JSON.parse(text) as Frame;
      if (id === undefined) return; // the answer to a ping
      const own = session;
      order.take({
        id,
        key,
        text: Buffer.from(payload ?? "", "base64").toString(),
        // Over a later connection the id would mean nothing, and the broker closes on an id that it does not know.
        ack: () => {
          if (own === session) link.send(JSON.stringify({ messageId: id }));
        },
      });
    },
    onLost(reason) {
      session++;
      order.forget();
      reject(new Error(reason));
    },
  });
  const pings = setInterval(() => {
    if (!link.isOpen()) return;
    if (unanswered++ >= 2) return link.drop(silence(address));
    link.send('{"type":"isEndOfTopic"}');
  }, PING_MS);

  const late = setTimeout(() => reject(new Error(link.fault() ?? silence(address))), options.openMs);
  const end = async () => {
    clearInterval(pings);
    await order[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
  };
  link.wake();
  try {
    await joined;
  } catch (e) {
    await end();
    throw e;
  } finally {
    clearTimeout(late);
  }
  return { link, [Symbol.asyncDispose]: end };
}
