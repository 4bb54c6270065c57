import { balance } from "@alpes/shared/dev/balance.ts";
import { type Child, child } from "@alpes/shared/dev/child.ts";
import { construirConsola } from "@alpes/shared/dev/consola.ts";
import { untilHealthy } from "@alpes/shared/dev/healthy.ts";
import { freePorts } from "@alpes/shared/dev/pulsar_broker.ts";
import type { Message } from "@alpes/shared/seedwork/messages.ts";
import { freshDatabase } from "./database.ts";
import { publishedInPostgres, publishedInPulsar } from "./published.ts";
import { freshNamespace } from "./pulsar.ts";
import { type Shape, shapeUnderTest } from "./shape.ts";

type What = "services" | "bff";
const MODULOS = ["cliente", "campanias", "pagos"] as const;

/** The platform as real processes over a database of its own, as a production would have it. */
export interface Stack extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` of the three services in one process; throws where they are apart. */
  readonly servicesUrl: string;
  readonly bffUrl: string;
  /** Where each module answers, whatever its instances. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The processes of the services, one for all or several for each. */
  readonly services: readonly Instance[];
  /** Superuser: for looking behind the platform's back. */
  readonly databaseUrl: string;
  /** Login `alpes_app`: for a process that joins in. */
  readonly appUrl: string;
  /** Sends a signal and resolves when its processes are gone. */
  kill(what: What, signal?: Deno.Signal): Promise<void>;
  /** Starts it again (ends it first where it runs); resolves when it is ready. */
  restart(what: What): Promise<void>;
  /** Every message that was published until now, in no order. */
  published(): Promise<Message[]>;
  /** All that the processes wrote so far, a line each, `services {json}`. */
  logs(): string;
}

/** One process of a stack. */
export interface Instance {
  readonly name: string;
  readonly url: string;
  readonly process: Child;
  /** Starts it, and resolves when it is ready. */
  start(): Promise<void>;
}

export interface StackOptions {
  /** More settings for every process, e.g. `SAGA_PLAZO`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which processes; both unless told. */
  readonly only?: What;
  /** In place of the shape of TEST_FORMA. */
  readonly shape?: Shape;
  /** In place of the broker of PULSAR_TEST_URL: `ws://…`. */
  readonly broker?: string;
}

/** How long a process may take to become ready on a machine that is busy with other tests, ms. */
const READY_MS = 90_000;

/**
 * Starts a fresh database, the services and the BFF on free ports, in the shape of TEST_FORMA, and waits until they are
 * ready. Disposing ends the processes and drops the database. A process that dies unasked makes the next `restart` or the
 * start reject.
 */
export async function startStack(o: StackOptions = {}): Promise<Stack> {
  const shape = o.shape ?? shapeUnderTest();
  await using resources = new AsyncDisposableStack();
  const db = resources.use(await freshDatabase());
  const bus = shape.pulsar ? await onPulsar(o.broker ?? Deno.env.get("PULSAR_TEST_URL")) : null;
  const nothing = shape.bundles ? await Deno.makeTempDir({ prefix: "deno-dir-" }) : null;
  if (nothing !== null) resources.defer(() => Deno.remove(nothing, { recursive: true }));
  const cache = nothing === null ? {} : { DENO_DIR: nothing };
  const common = { ...cache, AUTH_MODE: "ninguna", LOG_FORMAT: "json", NO_COLOR: "1", ...bus, ...o.env };
  await construirConsola(new URL("../../", import.meta.url));
  const lines: string[] = [];
  let died: string | null = null;

  const make = (name: string, file: string, url: string, env: Record<string, string>): Instance => {
    const process = child({
      name,
      ...runnable(file, shape.bundles),
      env: { ...common, ...env },
      onLine: (line) => lines.push(`${name} ${line}`),
      onEnd: () => died = name,
    });
    resources.defer(() => process.stop(5_000));
    return { name, url, process, start: () => (process.start(), untilReady(name, url)) };
  };
  async function untilReady(name: string, url: string): Promise<void> {
    for (const end = performance.now() + READY_MS; performance.now() < end;) {
      if (died !== null) throw new Error(`${died} ended:\n${lines.slice(-20).join("\n")}`);
      const r = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
      await r?.body?.cancel();
      if (r?.ok) return;
      await new Promise((r) => setTimeout(r, 50));
    }
    throw new Error(`${name} did not become ready:\n${lines.slice(-20).join("\n")}`);
  }
  const service = (name: string, file: string, login: string): Instance => {
    const [port = 0] = freePorts(1);
    const env = { HOST: "127.0.0.1", PORT: String(port), DATABASE_URL: db.urlFor(login) };
    return make(name, file, `http://127.0.0.1:${port}`, env);
  };
  const apart = (shape.apart ? MODULOS : []).map((m) =>
    Array.from(
      { length: shape.instances },
      (_, i) => service(i === 0 ? m : `${m}-${i + 1}`, `services/${m}/main.ts`, `alpes_${m}`),
    )
  );
  const services = shape.apart ? apart.flat() : [service("services", "services/main.ts", "alpes_app")];
  const addresses = Object.fromEntries(MODULOS.map((m, i) => {
    const urls = shape.apart ? (apart[i] ?? []).map((s) => s.url) : services.map((s) => s.url);
    return [m, urls.length === 1 ? urls.join() : resources.use(balance(urls)).url];
  }));
  const [bffPort = 0] = freePorts(1);
  const bffUrl = `http://127.0.0.1:${bffPort}`;
  const bff = make("bff", "bff/main.ts", bffUrl, {
    BFF_HOST: "127.0.0.1",
    BFF_PORT: String(bffPort),
    BFF_URL: bffUrl,
    ...Object.fromEntries(MODULOS.map((m) => [`${m.toUpperCase()}_SERVICE_URL`, addresses[m] ?? ""])),
  });
  const parts = { services, bff: [bff] };
  const chosen: readonly What[] = o.only === undefined ? ["services", "bff"] : [o.only];
  await Promise.all(chosen.flatMap((what) => parts[what]).map((i) => i.start()));
  if (o.only === undefined) await untilHealthy(bffUrl, services[0]?.url ?? "", READY_MS);

  const all = resources.move();
  return {
    get servicesUrl() {
      const [first] = services;
      if (shape.apart || first === undefined) throw new Error("the services have no common address here");
      return first.url;
    },
    bffUrl,
    addresses,
    services,
    databaseUrl: db.adminUrl,
    appUrl: db.url,
    async kill(what, signal = "SIGKILL") {
      await Promise.all(parts[what].map(({ process }) => (process.kill(signal), process.gone())));
    },
    async restart(what) {
      await Promise.all(parts[what].map(({ process }) => process.stop(5_000)));
      died = null;
      await Promise.all(parts[what].map((i) => i.start()));
    },
    published: () =>
      bus === null
        ? publishedInPostgres(db.adminUrl)
        : publishedInPulsar(bus.PULSAR_URL, bus.PULSAR_NAMESPACE),
    logs: () => lines.join("\n"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A source, or its bundle, which runs without any cache, registry or configuration. */
function runnable(file: string, bundles: boolean): { entry: string; options: readonly string[] } {
  const root = new URL("../../", import.meta.url);
  if (!bundles) return { entry: new URL(file, root).href, options: [] };
  const name = file.replace(/^services\/(?=main)/, "alpespartners/").split("/").at(-2) ?? "";
  const options = ["--no-config", "--no-lock", "--no-remote", "--no-npm", "--cached-only"];
  return { entry: new URL(`dist/${name}.js`, root).pathname, options };
}

/** A namespace of its own on the broker under test. */
async function onPulsar(url: string | undefined): Promise<{ PULSAR_URL: string; PULSAR_NAMESPACE: string }> {
  if (!url) throw new Error("this shape needs a broker: set PULSAR_TEST_URL, or use deno task test:formas");
  return { PULSAR_URL: url, PULSAR_NAMESPACE: await freshNamespace(url.replace(/^ws/, "http")) };
}
