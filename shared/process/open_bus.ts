import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import { type PostgresBus, postgresBus } from "@alpes/shared/adapters/postgres/bus.ts";
import type { PulsarAddress } from "@alpes/shared/adapters/pulsar/address.ts";
import { nativeBus } from "@alpes/shared/adapters/pulsar/native.ts";
import { provisionTopics } from "@alpes/shared/adapters/pulsar/topics.ts";
import { webSocketBus } from "@alpes/shared/adapters/pulsar/websocket.ts";
import type { ServiceConfig } from "@alpes/shared/http/settings.ts";
import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import type { MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { keepTrying } from "./keep_trying.ts";

type PulsarConfig = Pick<
  ServiceConfig,
  "PULSAR_URL" | "PULSAR_ADMIN_URL" | "PULSAR_NAMESPACE" | "PULSAR_TOKEN" | "PULSAR_TLS_CA"
>;

export interface OpenBus {
  readonly bus: MessageBus;
  /** Where the bus is the modules' own database: to be told of what their commits left on it. `null`: a broker. */
  readonly committed: PostgresBus["committed"] | null;
}

/**
 * The bus that the settings name: PostgreSQL's over `db` without PULSAR_URL; the native client for `pulsar://` and
 * `pulsar+ssl://`; the WebSocket API for `ws://` and `wss://`. A broker that is away does not keep the process from
 * starting; a missing addon or certificate does. With PULSAR_ADMIN_URL it also sees to the topics, in the background.
 */
export async function openBus(
  config: PulsarConfig,
  db: Database,
  resources: AsyncDisposableStack,
  onError: (e: unknown) => void,
): Promise<OpenBus> {
  const url = config.PULSAR_URL;
  if (url === undefined) {
    const bus = resources.use(postgresBus(db, { onError }));
    return { bus, committed: bus.committed };
  }
  const address = await pulsarAddress(config, url);
  const admin = config.PULSAR_ADMIN_URL;
  const tried = Promise.withResolvers<void>();
  if (admin === undefined) tried.resolve();
  else {
    resources.use(keepTrying(async () => {
      await provisionTopics({ ...address, url: admin }).finally(tried.resolve);
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    }, onError));
  }
  const bus = resources.use(
    url.startsWith("ws") ? webSocketBus(address) : await native(address, config.PULSAR_TLS_CA),
  );
  return {
    bus: {
      ...bus,
      // Not before the topics were seen to once: on a new broker every subscription would be refused first.
      subscribe: (...all) => tried.promise.then(() => bus.subscribe(...all)),
    },
    committed: null,
  };
}

/** Where the broker is and as whom we come, with what PULSAR_TLS_CA names read. */
export async function pulsarAddress(
  config: Pick<PulsarConfig, "PULSAR_NAMESPACE" | "PULSAR_TOKEN" | "PULSAR_TLS_CA">,
  url: string,
): Promise<PulsarAddress> {
  const { PULSAR_NAMESPACE: namespace, PULSAR_TOKEN: token, PULSAR_TLS_CA: file } = config;
  const ca = file === undefined ? undefined : await Deno.readTextFile(file).catch((e: unknown) => {
    const why = e instanceof Error ? e.message : String(e);
    throw new StartupFailure("the certificates of PULSAR_TLS_CA cannot be read", why, `ls -l ${file}`);
  });
  return { url, namespace, ...(token === undefined ? {} : { token }), ...(ca === undefined ? {} : { ca }) };
}

async function native(address: PulsarAddress, caFile: string | undefined): Promise<MessageBus> {
  try {
    return await nativeBus(address, caFile === undefined ? {} : { caFile });
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    throw new StartupFailure(
      "the native Pulsar client cannot be used",
      why,
      "export PULSAR_URL=ws://localhost:8080",
      { cause: e },
    );
  }
}
