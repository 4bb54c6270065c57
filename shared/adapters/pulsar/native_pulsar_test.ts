import type { MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { busContract } from "@alpes/shared/testing/bus_contract.ts";
import { freshNamespace, pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { nativeBus } from "./native.ts";

const NAME = "Pulsar's native client";

/** Why it cannot run here, or `null`. */
async function missing(url: string): Promise<string | null> {
  if (url === "") return "PULSAR_TEST_NATIVE_URL is not set";
  try {
    await (await nativeBus({ url }))[Symbol.asyncDispose]();
    return null;
  } catch (e) {
    return e instanceof Error ? e.message : String(e);
  }
}

const url = Deno.env.get("PULSAR_TEST_NATIVE_URL") ?? "";
const why = Deno.env.get("PULSAR_TEST_URL") ? await missing(url) : null;

pulsarTest(NAME, ({ adminUrl }) => {
  if (why !== null) {
    console.log(`${NAME} did NOT run: ${why}`);
    return Deno.test({ name: `${NAME}: not run, ${why}`, ignore: true, fn() {} });
  }
  busContract(NAME, async () => {
    const namespace = await freshNamespace(adminUrl);
    const buses: MessageBus[] = [];
    return {
      async connect() {
        const bus = await nativeBus({ url, namespace });
        buses.push(bus);
        return bus;
      },
      crash() {},
      async [Symbol.asyncDispose]() {
        await Promise.all(buses.map((b) => b[Symbol.asyncDispose]()));
      },
    };
    // A client of this process cannot be ended as `kill -9` ends one: the library asks the broker for its own address.
  }, { severalProcesses: false });
});
