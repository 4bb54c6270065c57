/** Where the broker is and as whom we come; the same for every way to talk to it. */
export interface PulsarAddress {
  /** `ws://`, `wss://`, `pulsar://` or `pulsar+ssl://`, without a path. */
  readonly url: string;
  /** `tenant/namespace`; `public/default` unless told. */
  readonly namespace?: string;
  /** A JSON web token, sent with every connection. */
  readonly token?: string;
  /** PEM certificates of the authorities to trust in place of the system's. */
  readonly ca?: string;
}

/** What the wire contract calls the platform's namespace. */
export const NAMESPACE = "public/default";

/** More bytes do not fit: the broker's WebSocket closes on a base64 frame over 1,048,576. */
export const MAX_PAYLOAD = 700_000;

/** Both clients must put a key into the same partition, and Pulsar's own defaults differ between them. */
export const HASHING = "Murmur3_32Hash";

/** Messages that one subscription of one process holds without having acknowledged them. */
export const WINDOW = 1_000;

/** An address without what must not be shown. */
export const shown = (url: string): string => {
  const u = URL.parse(url);
  return u === null ? "its address" : `${u.protocol}//${u.host}`;
};

/** The reason, in one sentence with what to do, for a status with which the broker refused a connection. */
export function refusal(
  status: number,
  { url, namespace = NAMESPACE }: PulsarAddress,
  topic: string,
): string {
  const at = shown(url);
  switch (status) {
    case 401:
      return `Pulsar at ${at} does not accept our credentials (401): set PULSAR_TOKEN to a token that it knows`;
    case 403:
      return `Pulsar at ${at} does not let our token use ${namespace} (403): grant its role produce and consume there`;
    case 404:
      return `Pulsar at ${at} has no topic persistent://${namespace}/${topic} (404): run deno task topics`;
    default:
      return `Pulsar at ${at} refused ${topic} (${status}): look into the broker's log`;
  }
}

/** The reason when nothing answered. */
export const silence = ({ url }: PulsarAddress): string =>
  `Pulsar does not answer at ${shown(url)}: start it, or correct PULSAR_URL`;

/** Rejects what the broker could not carry, before any of it is sent. */
export function mustFit(topic: string, event_id: string, bytes: number): void {
  if (bytes <= MAX_PAYLOAD) return;
  throw new Error(
    `message ${event_id} for ${topic} has ${bytes} bytes and Pulsar carries ${MAX_PAYLOAD}: publish less in it`,
  );
}
