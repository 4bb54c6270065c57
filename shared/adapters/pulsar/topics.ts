import { TOPICS } from "@alpes/shared/seedwork/messages.ts";
import { NAMESPACE, type PulsarAddress, shown } from "./address.ts";

/** Where the admin API is: `http://` or `https://`. */
export type PulsarAdmin = PulsarAddress;

/** Into how many partitions a topic is split: as many processes can work on it side by side, and more. */
export const PARTITIONS = 4;
/** Kept for groups that come late; less than the inbox remembers what it handled (30 days). */
const RETENTION_DAYS = 7;

/** The policies of the namespace: what they are called when they are read, and when they are set. */
const POLICIES = [
  {
    name: "retention_policies",
    path: "retention",
    value: { retentionTimeInMinutes: RETENTION_DAYS * 24 * 60, retentionSizeInMB: -1 },
  },
  // What a client of the broker sends again by itself is stored once.
  { name: "deduplicationEnabled", path: "deduplication", value: true },
  // A misspelt or forgotten topic is refused, not silently made with one partition.
  { name: "autoTopicCreationOverride", path: "autoTopicCreation", value: { allowAutoTopicCreation: false } },
  {
    name: "inactive_topic_policies",
    path: "inactiveTopicPolicies",
    value: {
      inactiveTopicDeleteMode: "delete_when_no_subscriptions",
      maxInactiveDurationSeconds: 60,
      deleteWhileInactive: false,
    },
  },
] as const;

/**
 * Makes what the platform needs in Pulsar and is not there yet: tenant, namespace and its policies, every topic with its
 * partitions and its `-dlq`. Gives what it made or changed, nothing the second time. A topic that stands with another
 * number of partitions stays as it is: changing it would break the order of its keys. Any number of processes may call
 * it at once. Rejects with one sentence that says what to do.
 */
export async function provisionTopics(admin: PulsarAdmin, partitions = PARTITIONS): Promise<string[]> {
  const namespace = admin.namespace ?? NAMESPACE;
  const [tenant = ""] = namespace.split("/");
  const client = admin.ca === undefined ? null : Deno.createHttpClient({ caCerts: [admin.ca] });
  const ask = asker(admin, client);
  const made: string[] = [];
  const make = async (what: string, method: "PUT" | "POST", path: string, body: unknown) => {
    if (await ask(method, path, body) !== CONFLICT) made.push(what);
  };

  try {
    let policies = await ask("GET", `/namespaces/${namespace}`);
    if (policies === ABSENT) {
      const allowedClusters = await ask("GET", "/clusters");
      await make(`tenant ${tenant}`, "PUT", `/tenants/${tenant}`, { adminRoles: [], allowedClusters });
      await make(`namespace ${namespace}`, "PUT", `/namespaces/${namespace}`, {});
      policies = await ask("GET", `/namespaces/${namespace}`);
    }
    for (const { name, path, value } of POLICIES) {
      if (holds(Reflect.get(Object(policies), name), value)) continue;
      await make(`${path} of ${namespace}`, "POST", `/namespaces/${namespace}/${path}`, value);
    }
    const there = await ask("GET", `/persistent/${namespace}/partitioned`);
    for (const topic of TOPICS.flatMap((t) => [t, `${t}-dlq`])) {
      const full = `persistent://${namespace}/${topic}`;
      if (Array.isArray(there) && there.includes(full)) continue;
      await make(full, "PUT", `/persistent/${namespace}/${topic}/partitions`, partitions);
      const now = await ask("GET", `/persistent/${namespace}/${topic}/partitions`);
      if (Reflect.get(Object(now), "partitions") === 0) {
        throw new Error(
          `${full} stands without partitions: move what it holds and delete it, then run deno task topics`,
        );
      }
    }
    return made;
  } finally {
    client?.close();
  }
}

const ABSENT = Symbol("404");
const CONFLICT = Symbol("409");

function asker(admin: PulsarAdmin, client: Deno.HttpClient | null) {
  const at = shown(admin.url);
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const r = await fetch(new URL(`/admin/v2${path}`, admin.url), {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(admin.token === undefined ? {} : { authorization: `Bearer ${admin.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(client === null ? {} : { client }),
      redirect: "follow",
      signal: AbortSignal.timeout(8_000),
    }).catch((cause) => {
      throw new Error(`Pulsar's admin API does not answer at ${at}: start it, or correct PULSAR_ADMIN_URL`, {
        cause,
      });
    });
    const text = await r.text();
    if (r.ok) return text === "" ? null : JSON.parse(text);
    if (r.status === 404 && method === "GET") return ABSENT;
    if (r.status === 409) return CONFLICT;
    const [what, todo] = r.status === 401
      ? ["does not accept our credentials", "set PULSAR_TOKEN to a token that it knows"]
      : r.status === 403
      ? ["does not let our token do that", "let an administrator run deno task topics"]
      : [text.slice(0, 150).replaceAll(/\s+/g, " "), "look into the broker's log"];
    throw new Error(`Pulsar at ${at} refused ${method} ${path} (${r.status}): it ${what}; ${todo}`);
  };
}

/** Whether what is there says at least what is wanted. */
function holds(there: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return there === wanted;
  return Object.entries(wanted).every(([k, v]) => Reflect.get(Object(there), k) === v);
}
