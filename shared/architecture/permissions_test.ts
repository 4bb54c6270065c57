import assert from "node:assert/strict";
import { PERMISSIONS } from "@alpes/shared/dev/child.ts";
import { PROCESSES } from "@alpes/shared/dev/processes.ts";
import config from "../../deno.json" with { type: "json" };

/**
 * Why a task may do everything: it starts processes of its own (this very deno, wherever it lies; PostgreSQL's programs,
 * unpacked where it runs), which `--allow-run` could name only where they always lie in one place.
 */
const STARTS = "starts processes whose place is known only when it runs";
const EVERYTHING: Readonly<Record<string, string>> = {
  dev: STARTS,
  "dev:micro": STARTS,
  "dev:pulsar": STARTS,
  test: STARTS,
  "test:fuzz": STARTS,
  "test:pulsar": STARTS,
  "test:formas": STARTS,
  architecture: STARTS,
  bench: STARTS,
  "bench:liquidaciones": STARTS,
  bundle: STARTS,
  consola: STARTS,
  respaldo: STARTS,
  restaurar: STARTS,
  "test:dinero": STARTS,
  compile: STARTS,
  coverage: STARTS,
  doctor: STARTS,
};
/** What a production runs: it never writes a file, starts a program or loads a library. */
const PRODUCTION = /^(start(:\w+)?|migrate|claves|datos|topics)$/;

const tasks = Object.entries(config.tasks)
  .map(([name, task]) => [name, typeof task === "string" ? task : task.command] as const)
  .filter(([, line]) => /^deno (run|test) /.test(line));
const flags = (line: string) => line.split(" ").filter((w) => /^(-A|-P|--allow-)/.test(w));

Deno.test("no task may do everything without a reason, and no reason outlives its task", () => {
  const all = tasks.filter(([, line]) => flags(line).some((f) => /^(-A|--allow-all|--allow-run$)/.test(f)));
  assert.deepEqual(all.map(([name]) => name).sort(), Object.keys(EVERYTHING).sort());
});

Deno.test("what a production runs cannot write, start or load anything", () => {
  const found = tasks.filter(([name]) => PRODUCTION.test(name));
  assert.ok(found.length >= 9, `${found.map(([n]) => n)}`);
  for (const [name, line] of found) {
    const more = flags(line).filter((f) => !/^--allow-(net|env|read|sys)(=|$)/.test(f));
    assert.deepEqual(more, [], name);
  }
});

Deno.test("a process has the same rights from its task, under dev and in an image", () => {
  for (const [name, line] of tasks.filter(([n]) => n.startsWith("start"))) {
    assert.deepEqual(flags(line), [...PERMISSIONS], name);
  }
  for (const name of ["alpespartners", "bff", "cliente", "pagos", "campanias"]) {
    assert.deepEqual(PROCESSES[name]?.permissions, [...PERMISSIONS], name);
  }
});
