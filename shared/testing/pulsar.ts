import { provisionTopics } from "@alpes/shared/adapters/pulsar/topics.ts";

/** The broker of this run of tests. */
export interface PulsarUnderTest {
  /** `ws://…` */
  readonly url: string;
  /** `http://…`, the same broker's admin API. */
  readonly adminUrl: string;
}

/**
 * Registers tests that need a real broker: the one of PULSAR_TEST_URL (`ws://…`, whose admin API answers on the same
 * port). Without it one ignored test says so, because a skipped contract is not a passed one.
 */
export function pulsarTest(name: string, tests: (broker: PulsarUnderTest) => void): void {
  const url = Deno.env.get("PULSAR_TEST_URL");
  if (url !== undefined && url !== "") return tests({ url, adminUrl: url.replace(/^ws/, "http") });
  Deno.test({ name: `${name}: not run, it needs a broker in PULSAR_TEST_URL`, ignore: true, fn() {} });
}

/** A namespace of its own with every topic, for one test. */
export async function freshNamespace(adminUrl: string): Promise<string> {
  const namespace = `pruebas/${crypto.randomUUID().slice(0, 13)}`;
  await provisionTopics({ url: adminUrl, namespace });
  return namespace;
}
