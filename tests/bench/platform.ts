import { migrate } from "@alpes/migrations/migrate.ts";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { PERMISSIONS } from "@alpes/shared/dev/child.ts";
import { removeData, startPostgres } from "@alpes/shared/dev/embedded_postgres.ts";
import { untilHealthy } from "@alpes/shared/dev/healthy.ts";
import { dataHome } from "@alpes/shared/dev/places.ts";

/** The system under load, as it would run: a durable PostgreSQL of its own, the services, the BFF, a bare server. */
export interface Platform extends AsyncDisposable {
  readonly services: Server;
  readonly bff: Server;
  readonly bare: Server;
  /** Where the server's own limit is measured: `banco` beside the platform's database. */
  readonly postgres: { readonly port: number; readonly pid: number };
  /** Superuser on the platform's database. */
  readonly admin: Database;
}
export interface Server {
  readonly url: string;
  readonly pid: number;
}

/** As the issue asks: what is measured without these is another system. */
const DURABLE = ["fsync=on", "synchronous_commit=on", "full_page_writes=on"];
const SIZE = ["max_connections=200", "shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min"];

/** `statements`: PostgreSQL counts its statements, which costs a little. */
export async function startPlatform(port: number, statements = false): Promise<Platform> {
  await using resources = new AsyncDisposableStack();
  const home = `${dataHome()}/banco`;
  await removeData(home);
  const count = statements ? ["shared_preload_libraries=pg_stat_statements"] : [];
  const pg = resources.use(await startPostgres({ home, port, settings: [...DURABLE, ...SIZE, ...count] }));
  const pid = Number((await Deno.readTextFile(`${pg.data}/postmaster.pid`)).split("\n")[0]);
  {
    await using first = openDatabase({ url: pg.url, max: 1 });
    await first.query("create database banco");
    await first.query("create database alpespartners");
  }
  const own = urlOf(pg.url, "alpespartners", "postgres");
  await migrate(own);
  const admin = resources.use(openDatabase({ url: own, max: 2 }));
  if (statements) await admin.query("create extension pg_stat_statements");

  const [servicesPort, bffPort, barePort] = [port + 51, port + 52, port + 53];
  const env = { AUTH_MODE: "ninguna", LOG_FORMAT: "json", NO_COLOR: "1", RATE_LIMIT_PETICIONES: "0" };
  const servicesUrl = `http://127.0.0.1:${servicesPort}`;
  const start = (entry: string, own: Record<string, string>): number => {
    // Its log goes nowhere, but it is written: a pipe to us would cost us the CPU that is measured.
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", ...PERMISSIONS, new URL(entry, import.meta.url).href],
      env: { ...env, ...own, ALPES_PARENT_PID: String(Deno.pid) },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    resources.defer(async () => {
      child.kill("SIGTERM");
      await child.status;
    });
    return child.pid;
  };
  const app = urlOf(pg.url, "alpespartners", "alpes_app");
  const services = {
    url: servicesUrl,
    pid: start("../../services/main.ts", {
      HOST: "127.0.0.1",
      PORT: String(servicesPort),
      DATABASE_URL: app,
    }),
  };
  const bff = {
    url: `http://127.0.0.1:${bffPort}`,
    pid: start("../../bff/main.ts", {
      BFF_HOST: "127.0.0.1",
      BFF_PORT: String(bffPort),
      ALPESPARTNERS_SERVICE_URL: servicesUrl,
    }),
  };
  const bare = {
    url: `http://127.0.0.1:${barePort}`,
    pid: start("./bare_server.ts", { PORT: String(barePort) }),
  };
  await untilHealthy(bff.url, servicesUrl);
  const all = resources.move();
  return {
    services,
    bff,
    bare,
    postgres: { port: pg.port, pid },
    admin,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function urlOf(server: string, database: string, role: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  url.username = role;
  return url.href;
}

/** Messages that are committed and not yet handled by everybody whom they concern, and payouts whose step is due. */
export async function behind({ admin }: Platform): Promise<number> {
  const [row] = await admin.query<{ n: number }>(
    `select ((select count(*) from mensajeria.outbox) + (select count(*) from mensajeria.bus_entregas)
           + (select count(*) from pagos.payouts where proximo <= clock_timestamp()))::int as n`,
  );
  return row?.n ?? 0;
}

/** Waits until what earlier measures left is worked off: its cost is not that of the next one. */
export async function settled(p: Platform, ms = 60_000): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (await behind(p) === 0) return;
    await new Promise((r) => setTimeout(r, 250));
  }
}
