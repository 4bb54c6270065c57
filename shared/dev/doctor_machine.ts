import { parseEnv } from "node:util";
import { BadSettings, readConfig } from "../http/config.ts";
import { serviceSettings } from "../http/settings.ts";
import { bffSettings } from "../http/settings_bff.ts";
import type { Check, Setting, Trouble } from "./diagnosis.ts";
import { dataHome, exists, freeBytes, unprivileged } from "./places.ts";
import { SERVER_VERSION } from "./postgres_server.ts";

const DENO = [2, 9] as const;
const ROOM = 500e6;

/** What this machine must have. */
export const MACHINE_CHECKS: readonly Check[] = [
  {
    name: "deno",
    look() {
      const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
      const old = major < DENO[0] || (major === DENO[0] && minor < DENO[1]);
      return now(
        old,
        `Deno ${Deno.version.deno} runs`,
        `${DENO.join(".")} or newer is needed`,
        "npm install --global deno@2.9.6",
      );
    },
  },
  {
    name: "lock file",
    async look({ root }) {
      const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
      const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", root)).catch(() => "{}"));
      const wanted = Object.values<string>(config.imports).filter((v) => v.startsWith("npm:"))
        .map((v) => v.replace(/^(npm:(?:@[^/]+\/[^/]+|[^@/][^/]*))\/.*$/, "$1"));
      const locked = new Set<string>(lock.workspace?.dependencies ?? []);
      const missing = wanted.filter((w) => !locked.has(w));
      return now(
        missing.length > 0,
        `deno.lock lacks ${missing.join(", ")}`,
        "deno.json names it",
        "deno install --frozen=false",
      );
    },
  },
  {
    name: "packages",
    async look({ root }) {
      const lock: Lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", root)));
      const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: root.pathname })
        .output();
      const cache: string = JSON.parse(new TextDecoder().decode(info.stdout)).npmCache;
      const [registry] = (await Array.fromAsync(Deno.readDir(cache)).catch(() => [])).filter((e) =>
        e.isDirectory
      );
      const missing: string[] = [];
      for (const [id, p] of Object.entries(lock.npm ?? {})) {
        const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
        const elsewhere = (p.os && !p.os.includes(OS)) || (p.cpu && !p.cpu.includes(CPU));
        if (elsewhere || await exists(`${cache}/${registry?.name}/${name}/${version}`)) continue;
        missing.push(`${name}@${version}`);
      }
      const what = `${missing.length} packages are not downloaded`;
      return await now(missing.length > 0, what, `${missing.slice(0, 3).join(", ")} …`, "deno install");
    },
  },
  {
    name: "data folder",
    async look() {
      const home = dataHome();
      try {
        await Deno.mkdir(home, { recursive: true });
        await Deno.writeTextFile(`${home}/.doctor`, "");
        await Deno.remove(`${home}/.doctor`);
        return "ok";
      } catch (e) {
        const why = e instanceof Error ? e.message : String(e);
        return {
          what: `${home} cannot be written`,
          why,
          run: "ALPESPARTNERS_DATOS=/tmp/alpespartners deno task dev",
        };
      }
    },
  },
  {
    name: "disk",
    async look() {
      const free = await freeBytes(dataHome());
      const what = `${Math.round(free / 1e6)} MB are free where ${dataHome()} lies`;
      return await now(free < ROOM, what, `${ROOM / 1e6} MB should be`, "df -h");
    },
  },
  {
    name: "account",
    async look({ env }) {
      if (env.DATABASE_URL) return "skip";
      const as = await unprivileged();
      const why = "PostgreSQL refuses to run as root, and neither postgres nor nobody exists";
      return await now(
        as === undefined,
        "there is no account for the database",
        why,
        "useradd --system --no-create-home postgres",
      );
    },
  },
  {
    name: "database server",
    async look({ env }) {
      if (env.DATABASE_URL) return "skip";
      const folder = `${dataHome()}/servidor-${SERVER_VERSION}`;
      if (!(await exists(folder))) return "skip"; // the first `dev` puts it there
      const whole = await exists(`${folder}/.completo`);
      return await now(
        !whole,
        `${folder} is not whole`,
        "its installation was interrupted",
        `rm -rf '${folder}'`,
      );
    },
  },
  {
    name: "data version",
    async look({ env }) {
      const found = (await Deno.readTextFile(`${dataHome()}/dev/datos/PG_VERSION`).catch(() => "")).trim();
      if (env.DATABASE_URL || found === "") return "skip";
      const major = SERVER_VERSION.split(".")[0];
      const what = `the data was written by PostgreSQL ${found}`;
      return await now(found !== major, what, `the server is ${major}`, "deno task dev --limpio");
    },
  },
  {
    name: "settings of the services",
    look: (s) =>
      valid(
        s,
        ".env",
        () =>
          readConfig(serviceSettings(5000), {
            AUTH_MODE: "ninguna",
            DATABASE_URL: "postgres://x/x",
            ...s.env,
          }),
      ),
  },
  {
    name: "settings of the BFF",
    look: (s) => valid(s, ".env.bff", () => readConfig(bffSettings, { AUTH_MODE: "ninguna", ...s.bffEnv })),
  },
];

interface Lock {
  readonly npm?: Readonly<
    Record<string, { readonly os?: readonly string[]; readonly cpu?: readonly string[] }>
  >;
}
const OS: string = Deno.build.os === "windows" ? "win32" : Deno.build.os;
const CPU: string = Deno.build.arch === "aarch64" ? "arm64" : "x64";

const now = (bad: boolean, what: string, why: string, run: string): Promise<Trouble | "ok"> =>
  Promise.resolve(bad ? { what, why, run } : "ok");

async function valid(s: Setting, file: string, read: () => unknown): Promise<Trouble | "ok"> {
  const text = await Deno.readTextFile(new URL(file, s.root)).catch(() => "");
  const lines = text.split("\n");
  const odd = lines.findIndex((l) => l.trim() !== "" && !/^\s*(#|(export\s+)?[A-Za-z_]\w*\s*=)/.test(l));
  if (odd >= 0 && Object.keys(parseEnv(lines[odd] ?? "")).length === 0) {
    return {
      what: `${file} has a line that is no setting`,
      why: `line ${odd + 1} is not NAME=value`,
      run: `sed -n ${odd + 1}p ${file}`,
    };
  }
  try {
    read();
    return "ok";
  } catch (e) {
    if (!(e instanceof BadSettings)) throw e;
    return { what: e.what, why: e.why, run: e.run };
  }
}
