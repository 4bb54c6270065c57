import { StartupFailure } from "../http/startup_failure.ts";
import { diskFull } from "./advice.ts";
import { exists, freeBytes } from "./places.ts";

export const PULSAR_VERSION = "4.0.8";
/** The archive, and what it holds. */
const ROOM = 700e6;

/** Where downloads that can be had again are kept. */
function cacheHome(): string {
  const env = (name: string) => Deno.env.get(name) || undefined;
  if (Deno.build.os === "windows") return `${env("LOCALAPPDATA") ?? env("USERPROFILE")}\\alpespartners`;
  if (Deno.build.os === "darwin") return `${env("HOME")}/Library/Caches/alpespartners`;
  return `${env("XDG_CACHE_HOME") ?? `${env("HOME")}/.cache`}/alpespartners`;
}

/** Fetches the broker from Maven Central once (245 MB), and gives its folder. Needs `mvn`, `tar` and Java 17. */
export async function installPulsar(): Promise<string> {
  await must("java", ["-version"], "Java 17 or later");
  const home = `${cacheHome()}/pulsar-${PULSAR_VERSION}`;
  const target = `${home}/apache-pulsar-${PULSAR_VERSION}`;
  await Deno.mkdir(home, { recursive: true });
  using lock = await Deno.open(`${home}/lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(`${home}/complete`)) return target;
  const free = await freeBytes(home);
  if (free < ROOM) throw diskFull(home, free, ROOM);
  if (!(await exists(`${home}/dist/pulsar.tar.gz`))) {
    await must("mvn", ["-v"], "Maven");
    console.error(`fetching Pulsar ${PULSAR_VERSION} (245 MB) into ${home}, once`);
    await Deno.copyFile(new URL("./pulsar/pom.xml", import.meta.url), `${home}/pom.xml`);
    await run("mvn", ["-q", "-B", "-f", `${home}/pom.xml`, "process-resources"]);
  }
  await run("tar", ["xzf", `${home}/dist/pulsar.tar.gz`, "-C", home]);
  await Deno.writeTextFile(`${home}/complete`, "");
  return target;
}

async function must(program: string, args: string[], what: string): Promise<void> {
  const there = await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output().then(
    (r) => r.success,
    () => false,
  );
  if (there) return;
  const debian = program === "mvn" ? "maven" : "openjdk-17-jre-headless";
  throw new StartupFailure(
    "Pulsar cannot be started",
    `${what} is not installed`,
    `apt-get install ${debian}`,
  );
}

async function run(program: string, args: string[]): Promise<void> {
  const r = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (r.success) return;
  const text = new TextDecoder();
  const said = `${text.decode(r.stderr)}\n${text.decode(r.stdout)}`.split("\n").find((l) => l.trim() !== "");
  throw new StartupFailure(
    "Pulsar could not be fetched",
    said ?? `${program} failed`,
    `${program} ${args.join(" ")}`,
  );
}
