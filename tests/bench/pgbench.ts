import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { quantile } from "@alpes/shared/testing/load.ts";
import type { Sample } from "./sample.ts";

/** The database's own limit, without us: PostgreSQL's load generator over the same loopback, statements prepared. */
export interface Pgbench {
  /** BEGIN, two INSERTs, COMMIT. */
  write(connections: number, seconds: number): Promise<Sample>;
  /** One row by its key, of 10,000. */
  read(connections: number, seconds: number): Promise<Sample>;
}

const TABLES = `
drop schema if exists banco cascade; create schema banco;
create table banco.filas (id bigint generated always as identity primary key, nombre text, email text, en timestamptz);
create table banco.salida (id bigint generated always as identity primary key, topic text, mensaje json);
create table banco.leidas (id int primary key, nombre text, email text, cedula text, en timestamptz);
insert into banco.leidas select i, 'Persona ' || i, i || '@correo.example', i::text, now() from generate_series(1, 10000) i;
analyze banco.leidas;`;
const WRITE = `\\set n random(1, 1000000000)
begin;
insert into banco.filas (nombre, email, en) values ('Begoña Núñez', :n || '@correo.example', now());
insert into banco.salida (topic, mensaje) values ('eventos.cliente', '{"type":"ClienteRegistrado.v1","data":{"nombre":"Begoña Núñez"}}');
commit;
`;
const READ = `\\set n random(1, 10000)
select id, nombre, email, cedula, en from banco.leidas where id = :n;
`;

/** Finds the program: PGBENCH, the path, or Debian's folders. */
async function find(): Promise<string> {
  const own = Deno.env.get("PGBENCH");
  const there = (p: string) => Deno.stat(p).then(() => true, () => false);
  const debian: string[] = [];
  try {
    for await (const d of Deno.readDir("/usr/lib/postgresql")) {
      debian.push(`/usr/lib/postgresql/${d.name}/bin/pgbench`);
    }
  } catch { /* another system */ }
  const path = (Deno.env.get("PATH") ?? "").split(":").map((p) => `${p}/pgbench`);
  for (const p of [...(own === undefined ? [] : [own]), ...debian.toSorted().toReversed(), ...path]) {
    if (await there(p)) return p;
  }
  throw new StartupFailure(
    "pgbench is missing",
    "the database's own limit is measured with it",
    "apt-get install postgresql-contrib",
  );
}

export async function openPgbench(port: number): Promise<Pgbench> {
  const program = await find();
  const folder = await Deno.makeTempDir({ prefix: "pgbench-" });
  const [write, read] = [`${folder}/write.sql`, `${folder}/read.sql`];
  await Deno.writeTextFile(write, WRITE);
  await Deno.writeTextFile(read, READ);
  const connection = ["-h", "127.0.0.1", "-p", String(port), "-U", "postgres"];
  await run(program.replace(/pgbench$/, "psql"), [
    ...connection,
    "-q",
    "-v",
    "ON_ERROR_STOP=1",
    "-c",
    TABLES,
    "banco",
  ], folder);

  async function measure(
    script: string,
    connections: number,
    seconds: number,
    sampling: number,
  ): Promise<Sample> {
    const prefix = `${folder}/latencia-${crypto.randomUUID().slice(0, 8)}`;
    const log = ["-l", `--log-prefix=${prefix}`, `--sampling-rate=${sampling}`];
    const load = [
      "-n",
      "-M",
      "prepared",
      "-c",
      String(connections),
      "-j",
      "1",
      "-T",
      String(seconds),
      "-f",
      script,
    ];
    const said = await run(program, [...connection, ...load, ...log, "banco"], folder);
    const rate = Number(/tps = ([\d.]+)/.exec(said)?.[1] ?? 0);
    if (rate === 0) throw new Error(`pgbench said nothing of its rate: ${said}`);
    const ms: number[] = [];
    for await (const f of Deno.readDir(folder)) {
      if (!`${folder}/${f.name}`.startsWith(prefix)) continue;
      for (const l of (await Deno.readTextFile(`${folder}/${f.name}`)).split("\n")) {
        const us = Number(l.split(" ")[2]);
        if (us > 0) ms.push(us / 1_000);
      }
      await Deno.remove(`${folder}/${f.name}`);
    }
    return { rate, p50: quantile(ms, 0.5), p99: quantile(ms, 0.99), cpu: null, errors: 0 };
  }
  return {
    write: (connections, seconds) => measure(write, connections, seconds, 1),
    read: (connections, seconds) => measure(read, connections, seconds, 0.1),
  };
}

async function run(program: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${program}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}
