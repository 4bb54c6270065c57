import { migrationFiles } from "@alpes/migrations/files.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { construirConsola } from "./consola.ts";
import { PROCESSES } from "./processes.ts";

const ROOT = new URL("../../", import.meta.url);

/**
 * `deno task bundle [name…]`: one JavaScript file per process in `dist/`, with everything in it: packages, pages and the
 * migrations. It runs with Deno alone: `deno run --no-remote --no-npm … dist/bff.js`.
 */
await orExit(async () => {
  const names = Deno.args.length > 0 ? Deno.args : Object.keys(PROCESSES);
  await Deno.mkdir(new URL("dist/", ROOT), { recursive: true });
  const migrations = await migrationFiles();
  // Read by migrations/files.ts and bff/adapters/consola.ts, which find no folder beside a bundle. Imports are hoisted
  // above it.
  const embedded = (name: string, value: unknown) =>
    `globalThis[Symbol.for("alpes.${name}")] = ${JSON.stringify(value)};\n`;
  const consola = names.some((n) => PROCESSES[n]?.consola) ? await consolaFiles() : {};
  for (const name of names) {
    const process = PROCESSES[name];
    if (process === undefined) {
      const known = Object.keys(PROCESSES).join(", ");
      throw new StartupFailure(`there is no process ${name}`, `there are ${known}`, "deno task bundle");
    }
    const file = new URL(`dist/${name}.js`, ROOT);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "-o", file.pathname, new URL(process.entry, ROOT).pathname],
      cwd: ROOT.pathname,
    }).output();
    if (!success) {
      const why = new TextDecoder().decode(stderr).trim().split("\n").slice(-6).join("\n       ");
      throw new StartupFailure(`${name} could not be bundled`, why, `deno check ${process.entry}`);
    }
    const text = await Deno.readTextFile(file);
    const inside = (process.migrations ? embedded("migraciones", migrations) : "") +
      (process.consola ? embedded("consola", consola) : "");
    await Deno.writeTextFile(file, inside + text);
    const { size } = await Deno.stat(file);
    console.log(`dist/${name}.js  ${(size / 1e6).toFixed(1)} MB`);
  }
});

/** The console's two files, built anew, by name. */
async function consolaFiles(): Promise<Record<string, string>> {
  await construirConsola(ROOT);
  const files: Record<string, string> = {};
  for (const name of ["consola.js", "consola.css"]) {
    files[name] = await Deno.readTextFile(new URL(`bff/web/dist/${name}`, ROOT));
  }
  return files;
}
