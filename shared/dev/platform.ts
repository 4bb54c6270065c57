import { portTaken } from "../http/port_owner.ts";
import { StartupFailure } from "../http/startup_failure.ts";
import { construirConsola } from "./consola.ts";
import { child } from "./child.ts";
import { openDevDatabase } from "./dev_database.ts";
import { type DevKeys, devKeys } from "./dev_keys.ts";
import { type DevOptions, settings } from "./dev_options.ts";
import { untilHealthy } from "./healthy.ts";
import { layout } from "./layout.ts";
import { openLog } from "./log_view.ts";
import { dataHome } from "./places.ts";
import { onChange } from "./reload.ts";
import { type Running, screen } from "./screen.ts";
import { clearLeft, isTurn, takeTurn } from "./single.ts";

/** How long the processes may take to finish what they have. With the database's stop it stays under two seconds. */
const GRACE_MS = 1_200;

/** Runs everything until a signal; then nothing of it is left. Throws `StartupFailure` when it cannot be started. */
export async function runPlatform(root: URL, o: DevOptions): Promise<void> {
  const began = performance.now();
  const colour = Deno.stdout.isTerminal() && !Deno.noColor;
  const stopped = signalled();
  const env = await settings(new URL(".env", root), Deno.env.toObject());
  const bffEnv = await settings(new URL(".env.bff", root), Deno.env.toObject());
  const bffPort = Number(bffEnv.BFF_PORT ?? 5001);
  const port = Number(env.PORT ?? 5000);
  const plan = layout(o, port, (path) => new URL(path, root).href);
  const servicesUrl = `http://127.0.0.1:${plan.parts[0]?.port ?? port}`;
  let keys: DevKeys | null = null;
  const say = (r: Running, already: boolean) =>
    console.log(o.json ? JSON.stringify({ ...r, ...keys, already }) : screen(r, already, colour, keys));

  const home = await devHome();
  const turn = await takeTurn(`${home}/dev-${port}`, o.limpio ? 2_500 : 0);
  if (!isTurn(turn)) {
    if (!o.limpio) return say(turn, true);
    const why = `dev runs (pid ${turn.pid}) and uses the data that --limpio would remove`;
    throw new StartupFailure("the data was not removed", why, `kill ${turn.pid} && deno task dev --limpio`);
  }
  await using end = new AsyncDisposableStack();
  end.use(turn);
  await clearLeft(turn.left);
  for (const { name, port } of [...plan.parts, { name: "bff", port: bffPort }]) await mustBeFree(name, port);

  const construida = construirConsola(root);
  const note = (line: string) => o.json ? console.error(line) : console.log(line);
  const log = end.use(openLog({
    path: `${home}/registro.ndjson`,
    everything: o.registro,
    colour,
    show: (line) => o.json ? console.error(line) : console.log(line),
  }));
  const database = await openDevDatabase(env.DATABASE_URL, o, `${home}`, note);
  end.use(database);
  keys = o.claves ? await devKeys(database.url) : null;
  const asked = keys === null ? {} : { AUTH_MODE: "claves" };

  await construida.catch((e) => note(String(e.message)));
  let ready = false;
  let failed: (name: string) => void = () => {};
  const failure = new Promise<string>((r) => failed = r);
  const start = (name: string, entry: string, more: Record<string, string>) => {
    const c = child({
      name,
      entry,
      env: { ...more, LOG_FORMAT: "json", NO_COLOR: colour ? "" : "1" },
      onLine: (line) => log.line(name, line),
      onEnd: (status, ranMs) => {
        if (!ready) return failed(name);
        note(
          `${name} ended (${status.signal ?? `code ${status.code}`})${
            ranMs > 3_000 ? ", it is started again" : ": waiting for a change"
          }`,
        );
        if (ranMs > 3_000) c.start(), record();
      },
    });
    end.defer(() => c.stop(GRACE_MS));
    c.start();
    return c;
  };
  const services = plan.parts.map((part) =>
    start(part.name, part.entry, {
      AUTH_MODE: "ninguna",
      ...env,
      ...asked,
      PORT: String(part.port),
      ...plan.env(part, database),
    })
  );
  const bff = start("bff", o.bff, {
    AUTH_MODE: "ninguna",
    ...plan.addresses(end),
    ...bffEnv,
    ...asked,
    ...(keys === null ? {} : { BFF_CLAVE: keys.claves.servicio }),
    BFF_PORT: String(bffPort),
  });
  let running: Running | null = null;
  const record = () =>
    turn.write({ pid: Deno.pid, children: [...services, bff].flatMap((c) => c.pid() ?? []), running });
  record();

  const outcome = await Promise.race([
    stopped,
    untilHealthy(`http://127.0.0.1:${bffPort}`, servicesUrl),
    failure.then((name) => Promise.reject(couldNotStart(name, log.said(name)))),
  ]);
  if (outcome === "healthy") {
    ready = true;
    log.started();
    running = {
      pid: Deno.pid,
      auth: keys === null ? env.AUTH_MODE ?? "ninguna" : "claves",
      api: `http://127.0.0.1:${bffPort}`,
      services: servicesUrl,
      data: database.data,
      psql: database.psql,
      log: log.path,
      seconds: (performance.now() - began) / 1_000,
    };
    record();
    say(running, false);
    end.use(onChange(root, { services, bff, database, note, record, graceMs: GRACE_MS }));
    await stopped;
  }
  // All at once, and the database, which stands below them, afterwards.
  await Promise.all([...services, bff].map((c) => c.stop(GRACE_MS)));
  await end.disposeAsync();
  note(`stopped; ${database.data === null ? "" : "the data stays, "}deno task dev comes back to it`);
}

async function devHome(): Promise<string> {
  const home = `${dataHome()}/dev`;
  await Deno.mkdir(home, { recursive: true }).catch((e) => {
    const run = "ALPESPARTNERS_DATOS=/tmp/alpespartners deno task dev";
    throw new StartupFailure(`the data folder ${home} cannot be made`, String(e.message), run);
  });
  return home;
}

/**
 * Resolves at the first signal to stop; at a second one all of us ends at once. One Ctrl-C comes several times, from the
 * terminal and again from `deno task` and `npx` above us, so what comes within a second is the first one still.
 */
function signalled(): Promise<"stopped"> {
  return new Promise((resolve) => {
    let asked = 0;
    const stop = () => {
      if (asked === 0) asked = performance.now();
      else if (performance.now() - asked > 1_000) Deno.exit(130);
      resolve("stopped");
    };
    const unix = ["SIGTERM", "SIGHUP"] as const;
    for (const s of ["SIGINT", ...(Deno.build.os === "windows" ? [] : unix)] as const) {
      Deno.addSignalListener(s, stop);
    }
  });
}

async function mustBeFree(name: string, port: number): Promise<void> {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  } catch (e) {
    if (e instanceof Deno.errors.AddrInUse) throw await portTaken(name, "127.0.0.1", port);
    throw e;
  }
}

/** A process that says what, why and what to try is repeated as it is. */
function couldNotStart(name: string, said: readonly string[]): StartupFailure {
  const text = said.join("\n");
  const told = /✗ (.*)\n\s+why: ([\s\S]*?)\n\s+(?:try|run): (.*)/.exec(text);
  if (told) return new StartupFailure(told[1] ?? "", told[2] ?? "", told[3] ?? "");
  const why = said.filter((l) => l.trim() !== "").slice(0, 6).join("\n       ") || "it ended without a word";
  const folder = name === "bff" || name === "services" ? name : `services/${name.replace(/-\d+$/, "")}`;
  return new StartupFailure(`${name} did not start`, why, `deno check ${folder}/main.ts`);
}
