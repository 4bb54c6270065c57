import { startPostgres } from "./embedded_postgres.ts";
import { orExit } from "../http/startup_failure.ts";
import { type FileCoverage, readLcov, unloaded } from "./lcov.ts";
import { testServer } from "./test_server.ts";

/** What must be covered to this share of its lines. */
const WHAT = /\/services\/\w+\/(domain|application)\/(?!.*_test\.ts$).*\.ts$/;
const LEAST = 0.95;

/** `deno task coverage [arguments of deno test]`: the lines of domain and application that no test runs. */
async function main(): Promise<void> {
  const root = new URL("../../", import.meta.url);
  const dir = await Deno.makeTempDir();
  try {
    const given = Deno.env.get("TEST_DATABASE_URL");
    await using server = given ? null : await startPostgres(testServer());
    const deno = (args: string[], stdout: "inherit" | "piped") =>
      new Deno.Command(Deno.execPath(), {
        args,
        stdout,
        stderr: stdout === "piped" ? "null" : "inherit",
        env: { TEST_DATABASE_URL: given || (server?.url ?? "") },
      }).output();
    const what = Deno.args.length > 0 ? Deno.args : ["services"];
    const run = await deno(
      ["test", "-A", "--coverage-raw-data-only", `--coverage=${dir}`, ...what],
      "inherit",
    );
    if (!run.success) {
      Deno.exitCode = 1;
      return;
    }
    const lcov = await deno(["coverage", "--lcov", "--include=^file:.*/services/", dir], "piped");
    const text = lcov.success ? new TextDecoder().decode(lcov.stdout) : "";
    const covered = readLcov(text).filter((f) => WHAT.test(f.file));
    const files = [...covered, ...await unloaded(root, WHAT, covered)];
    Deno.exitCode = report(files, root.pathname) ? 0 : 1;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function report(files: readonly FileCoverage[], root: string): boolean {
  const lines = files.reduce((n, f) => n + f.lines, 0);
  const hit = files.reduce((n, f) => n + f.hit, 0);
  const percent = (a: number, b: number) => b === 0 ? "100.0" : (Math.floor(1000 * a / b) / 10).toFixed(1);
  for (const f of [...files].sort((a, b) => a.file.localeCompare(b.file))) {
    if (f.hit === f.lines) continue;
    const missing = f.missing.length === 0 ? "no test loads it" : `lines ${f.missing.join(" ")}`;
    console.log(`${percent(f.hit, f.lines).padStart(6)} %  ${f.file.replace(root, "")}: ${missing}`);
  }
  const good = lines === 0 || hit / lines >= LEAST;
  const sign = good ? "✓" : "✗";
  console.log(
    `${sign} ${percent(hit, lines)} % of ${lines} lines of domain and application, at least ${LEAST * 100} %`,
  );
  return good;
}

await orExit(main);
Deno.exit();
