import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import { type Process, startProcess } from "../processes.ts";

export type Proceso = "alpespartners" | "bff" | "cliente" | "pagos" | "campanias";
export type Modo = "claves" | "ninguna";

/** One process to be fuzzed, and how to come in. */
export interface Target {
  readonly proceso: Proceso;
  readonly url: string;
  /** `null`: the door is open. */
  readonly clave: string | null;
}

export interface Targets extends AsyncDisposable {
  readonly targets: readonly Target[];
  /** What the processes wrote at level error or fatal. */
  readonly faults: () => readonly string[];
}

/** Nothing may answer 429, and nothing from a cache, in place of what the case asks. */
const SETTINGS = { RATE_LIMIT_PETICIONES: "0", BFF_CACHE_TTL: "0", LOG_LEVEL: "warn" };

/** The platform as real processes, together or one service each, over a database of its own. */
export async function startTargets(modo: Modo, procesos: readonly Proceso[]): Promise<Targets> {
  await using resources = new AsyncDisposableStack();
  const db = resources.use(await freshDatabase());
  const faults: string[] = [];
  const clave = modo === "ninguna" ? null : await unaClave(db.url);
  const env = { ...SETTINGS, AUTH_MODE: modo, DATABASE_URL: db.url };
  const onLine = (line: string) => {
    if (/"level":"(error|fatal)"/.test(line)) faults.push(line);
  };
  const start = async (entry: string, more: Readonly<Record<string, string>> = {}): Promise<Process> =>
    resources.use(await startProcess(entry, { ...env, ...more }, onLine));
  const targets: Target[] = [];
  const together = procesos.includes("alpespartners") || procesos.includes("bff");
  if (together) {
    const { url } = await start("services/main.ts");
    const bff = await start("bff/main.ts", { ALPESPARTNERS_SERVICE_URL: url });
    targets.push({ proceso: "alpespartners", url, clave }, { proceso: "bff", url: bff.url, clave });
  }
  for (const proceso of ["cliente", "pagos", "campanias"] as const) {
    if (!procesos.includes(proceso)) continue;
    const { url } = await start(`services/${proceso}/main.ts`);
    targets.push({ proceso, url, clave });
  }
  const all = resources.move();
  return {
    targets: targets.filter((t) => procesos.includes(t.proceso)),
    faults: () => faults,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Every right but those over keys: whoever has them would end his own key while chaining calls. */
async function unaClave(url: string): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const desk = openKeyDesk(url, "fuzz", resources, () => {});
  const actor = { tipo: "persona", id: "fuzz", roles: ["admin"], cliente: null } as const;
  const roles = ["operador", "aprobador", "auditor"] as const;
  const r = await desk.crear({ actor, correlation_id: "fuzz" }, { nombre: "fuzz", roles, cliente: null }, 1);
  if (!r.ok) throw new Error(r.error.tipo);
  return r.value.clave;
}
