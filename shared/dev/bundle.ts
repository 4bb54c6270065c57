import { migrationFiles } from "@alpes/migrations/files.ts";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
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
  // Read by migrations/files.ts, which finds no folder beside a bundle. Imports are hoisted above it.
  const embedded = `globalThis[Symbol.for("alpes.migraciones")] = ${JSON.stringify(migrations)};\n`;
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
    await Deno.writeTextFile(file, process.migrations ? embedded + text : text);
    const { size } = await Deno.stat(file);
    console.log(`dist/${name}.js  ${(size / 1e6).toFixed(1)} MB`);
  }
});
