import assert from "node:assert/strict";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { type Sugerencia, sugerenciasDe } from "./sugerencias.ts";

const root = new URL("../", import.meta.url).pathname;
const decode = (b: Uint8Array) => new TextDecoder().decode(b);

const { stdout } = await new Deno.Command("git", { args: ["ls-files", "*.ts"], cwd: root }).output();
const archivos = decode(stdout).split("\n").filter((f) => f !== "" && !/_test\.ts$|^tests\//.test(f));
const todas: Sugerencia[] = [];
for (const a of archivos) todas.push(...sugerenciasDe(a, await Deno.readTextFile(root + a)));
// A line that is another program's own advice, passed on, or begins with a word known only then.
const suyas = todas.filter((s) => s.linea !== "" && !/^X( |$)/.test(s.linea));

/** Lines that are run here, with what takes the place of what is known only then. */
const MIRAN: readonly (readonly [RegExp, string])[] = [
  [/^df -h$/, "df -h"],
  [/^date -u$/, "date -u"],
  [/^sed -n Xp X$/, "sed -n 1p README.md"],
  [/^tail -n (\d+) .*$/, "tail -n $1 README.md"],
  [/^ls -l[a]? '?X'?$/, "ls -l README.md"],
  [/^ss -ltnp$/, "ss -ltnp"],
  [/^ss -ltnp 'sport = :X'$/, "ss -ltnp 'sport = :5000'"],
  [/^git diff HEAD -- migrations\/X$/, "git diff HEAD -- migrations/schema.sql"],
  [/^curl (-s|-i|-sf) '?X(\/\S*?)?'?$/, "curl $1 --max-time 1 http://127.0.0.1:1$2 || [ $? = 7 ]"],
  [/^curl -sv --max-time 3 telnet:\/\/X:X$/, "curl -sv --max-time 3 telnet://127.0.0.1:1 || [ $? = 7 ]"],
  [/^export .*=\$\(.*\)$/, "true"],
  [/^export \w+=\S+$/, "$&"],
  [/^deno check X(\/main\.ts)?$/, "deno check shared/dev/single.ts"],
  [/^deno task dispara( \w+)?$/, "deno task dispara"],
  [/^deno task (doctor|datos|claves|psp|dev)( --help)?$/, "deno task $1 --help"],
  [/^((?:env -u \w+ |\w+=\S+ )*)deno task dev( --limpio)?$/, "$1deno task dev$2 --help"],
  [/^kill X && deno task dev --limpio$/, "kill -0 $$$$ && deno task dev --limpio --help"],
  [/^kill X$/, "sleep 60 & kill $!"],
  // On a database of this test's own.
  [/^(DATABASE_URL=\S+ )?deno task migrate$/, "deno task migrate"],
  [/^(psql "\$DATABASE_URL" -c 'alter role) X /, "$1 alpes_app "],
];
/** Lines that change something, with the test that runs them or what they run. */
const HACEN: readonly (readonly [RegExp, string, RegExp])[] = [
  [/^deno task (bundle|compile)( X)?$/, "shared/dev/formas.ts", /bundle/],
  [/^deno task test:formas$/, "shared/dev/formas.ts", /./],
  [/^deno task seed --semilla 1 --clientes 40$/, "tests/demo_test.ts", /seed/],
  [/^deno install --entrypoint shared\/dev\/postgres_package\.ts$/, "shared/dev/postgres_package.ts", /./],
  [/^DATABASE_URL=\S+ deno task X X$/, "tests/respaldo_test.ts", /respaldo/],
  [/^createdb X_restaurada$/, "tests/respaldo_test.ts", /restaur/],
];
/** Lines that change the machine itself, or are another system's: read, not run. */
const DE_LA_MAQUINA = /^(apt-get install|useradd|git pull|netstat|lsof)\b/;

Deno.test("a failure's line to run has no place left to fill in, and the shell can read it", async () => {
  assert.ok(suyas.length >= 50, `${suyas.length}`);
  const malas: string[] = [];
  for (const { archivo, linea } of suyas) {
    if (/<[A-Za-z-]+>|…/.test(linea)) malas.push(`${archivo}: ${linea}: something is left to fill in`);
    const { success } = await new Deno.Command("bash", { args: ["-n", "-c", linea] }).output();
    if (!success) malas.push(`${archivo}: ${linea}: bash cannot read it`);
  }
  assert.deepEqual(malas, []);
});

Deno.test("every task that a failure names is one of ours", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const nombradas = suyas.flatMap((s) =>
    [...s.linea.matchAll(/deno task (?:-q )?([a-z][\w:]*)/g)].map(([, t = ""]) => t)
  );
  assert.ok(nombradas.length >= 20);
  assert.deepEqual(nombradas.filter((t) => !Object.hasOwn(tasks, t)), []);
});

Deno.test("each line that a failure tells to run is run, here or by the test that brings the failure about", async () => {
  await using db = await freshDatabase();
  const env = { NO_COLOR: "1", DATABASE_URL: db.adminUrl };
  const malas: string[] = [];
  const hechas = new Set<string>();
  for (const { archivo, linea } of suyas) {
    const mira = MIRAN.find(([patron]) => patron.test(linea));
    if (mira !== undefined) {
      const orden = linea.replace(mira[0], mira[1]);
      if (hechas.has(orden)) continue;
      hechas.add(orden);
      const r = await new Deno.Command("bash", {
        args: ["-c", orden],
        cwd: root,
        stdin: "null",
        env,
      }).output();
      // What the system may come without is told, not failed for: the line itself was read above.
      if (r.code === 127 && /^(ss|psql) /.test(orden)) console.log(`not on this machine: ${orden}`);
      else if (!r.success) {
        malas.push(`${archivo}: ${orden} ended with ${r.code}: ${decode(r.stderr).slice(0, 200)}`);
      }
      continue;
    }
    if (DE_LA_MAQUINA.test(linea)) continue;
    const hace = HACEN.find(([patron]) => patron.test(linea));
    if (hace === undefined) malas.push(`${archivo}: no test runs "${linea}"`);
    else if (!hace[2].test(await Deno.readTextFile(root + hace[1]))) {
      malas.push(`${hace[1]} does not run "${linea}"`);
    }
  }
  assert.deepEqual(malas, []);
  assert.ok(hechas.size >= 15, [...hechas].join("\n"));
});
