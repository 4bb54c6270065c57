import { provisionTopics } from "../adapters/pulsar/topics.ts";
import { readConfig } from "../http/config.ts";
import { topicSettings } from "../http/settings.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { pulsarAddress } from "../process/open_bus.ts";

/** `deno task topics`: makes in Pulsar what the platform needs and is not there yet. */
await orExit(async () => {
  const config = readConfig(topicSettings, Deno.env.toObject());
  const address = await pulsarAddress(config, config.PULSAR_ADMIN_URL);
  const made = await provisionTopics(address).catch((e: unknown) => {
    const why = e instanceof Error ? e.message : String(e);
    throw new StartupFailure(
      "the topics could not be made",
      why,
      `curl -sf ${new URL("/admin/v2/brokers/health", config.PULSAR_ADMIN_URL)}`,
    );
  });
  for (const what of made) console.log(`made ${what}`);
  if (made.length === 0) console.log("nothing to do: every topic is there");
});
