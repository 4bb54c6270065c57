import { type PulsarAddress, refusal, silence } from "./address.ts";
import { type Link, type LinkOptions, openLink } from "./link.ts";

/** Opens a WebSocket at the broker. */
export type Dial = (path: string, query: Readonly<Record<string, string>>) => WebSocket;

/** The token goes in a header, never in the address, which proxies write into their logs. */
export function dialer(address: PulsarAddress): { dial: Dial; client: Deno.HttpClient | null } {
  const client = address.ca === undefined ? null : Deno.createHttpClient({ caCerts: [address.ca] });
  const headers = address.token === undefined ? {} : { authorization: `Bearer ${address.token}` };
  return {
    client,
    dial(path, query) {
      const url = new URL(`/ws/v2/${path}`, address.url);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return new WebSocket(url, { headers, ...(client === null ? {} : { client }) });
    },
  };
}

interface TopicLink extends Omit<LinkOptions, "connect" | "explain"> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** A link to one topic, whose refusals are told as what to do. */
export const topicLink = (
  dial: Dial,
  address: PulsarAddress,
  topic: string,
  { path, query, ...rest }: TopicLink,
): Link =>
  openLink({
    ...rest,
    connect: () => dial(path, query),
    explain: (status) => status === null ? silence(address) : refusal(status, address, topic),
  });
