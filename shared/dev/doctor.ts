import { DATABASE_CHECKS } from "./doctor_database.ts";
import { MACHINE_CHECKS } from "./doctor_machine.ts";
import { PLATFORM_CHECKS } from "./doctor_platform.ts";
import { settings } from "./dev_options.ts";
import { type Check, diagnose, type Setting } from "./diagnosis.ts";

const HELP = `deno task doctor [--json] [--en-marcha]

Looks whether this machine can run the platform, and whether what runs is well. Silent when it is: one line, code 0.
Else a line for each fault: what, why, and a command to run; code 1.
  --en-marcha  it is a fault when the platform does not run
  --json       one JSON object`;

const root = new URL("../../", import.meta.url);
const unknown = Deno.args.find((a) => !["--json", "--en-marcha", "--help"].includes(a));
if (unknown !== undefined || Deno.args.includes("--help")) {
  console.log(HELP);
  Deno.exit(unknown === undefined ? 0 : 2);
}
const setting: Setting = {
  root,
  env: await settings(new URL(".env", root), Deno.env.toObject()),
  bffEnv: await settings(new URL(".env.bff", root), Deno.env.toObject()),
  mustRun: Deno.args.includes("--en-marcha"),
};
const checks: readonly Check[] = [...MACHINE_CHECKS, ...DATABASE_CHECKS, ...PLATFORM_CHECKS];
const { faults, skipped, seconds } = await diagnose(checks, setting);
if (Deno.args.includes("--json")) {
  console.log(
    JSON.stringify({ ok: faults.length === 0, checks: checks.map((c) => c.name), skipped, faults, seconds }),
  );
} else if (faults.length === 0) {
  const idle = skipped.length === 0 ? "" : `, ${skipped.length} of them had nothing to look at`;
  console.log(`✓ ${checks.length} checks in ${seconds.toFixed(1)} s${idle}`);
} else {
  for (const f of faults) {
    console.log(`✗ ${f.check}: ${f.what}; ${f.why} → ${f.run}`.replaceAll(/\s*\n\s*/g, " "));
  }
}
Deno.exit(faults.length === 0 ? 0 : 1);
