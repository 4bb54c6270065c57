import assert from "node:assert/strict";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { child } from "@alpes/shared/dev/child.ts";
import { dig, httpApi } from "@alpes/shared/dev/demo_api.ts";
import { seeded } from "@alpes/shared/dev/seed_random.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { SECRETO_PSP, startPsp } from "@alpes/shared/testing/psp.ts";
import { type Acknowledged, patient } from "../chaos_load.ts";
import { bancoDeAcuerdo, dichoUnaVez, libroEnCero } from "./comprobar.ts";
import { type Escritura, plan } from "./plan.ts";

export interface Tamano {
  readonly pagos: number;
  readonly muertes: number;
  /** 0..1: how many of the provider's answers go wrong. */
  readonly fallas: number;
  readonly semilla: number;
}
export interface Cifras {
  readonly pagados: number;
  readonly fallidos: number;
  readonly muertes: number;
  readonly porConciliar: number;
  readonly movimientos: number;
  readonly segundos: { readonly carga: number; readonly total: number };
  readonly verificado: boolean;
}
/** How long load and kills, and after them reconciliation may take, ms. */
const CARGA_MS = 3_600_000;
const RESTO_MS = 300_000;

/**
 * Payouts against a provider that misbehaves in every way, while `alpespartners` is killed again and again; then the
 * provider's settlement file, and the question whether all of the money is where it should be.
 */
export async function correr(t: Tamano, decir: (linea: string) => void): Promise<Cifras> {
  const inicio = performance.now();
  await using resources = new AsyncDisposableStack();
  const base = resources.use(await freshDatabase());
  const puerto = puertoLibre();
  const url = `http://127.0.0.1:${puerto}`;
  const psp = resources.use(
    await startPsp([
      "--fallas",
      String(t.fallas),
      "--semilla",
      String(t.semilla),
      "--comision-pb",
      "30",
      "--tardanza",
      "1500",
      "--avisos",
      `${url}/pagos/avisos-psp`,
    ]),
  );
  const dicho: string[] = [];
  const servicios = child({
    name: "alpespartners",
    entry: new URL("../../services/main.ts", import.meta.url).pathname,
    env: {
      PORT: String(puerto),
      DATABASE_URL: base.url,
      AUTH_MODE: "ninguna",
      LOG_FORMAT: "json",
      LOG_LEVEL: "error",
      RATE_LIMIT_PETICIONES: "0",
      PSP_URL: psp.url,
      PSP_SECRET: SECRETO_PSP,
      PSP_TIMEOUT: "1",
    },
    onLine: (l) => {
      dicho.push(l);
      if (dicho.length > 200) dicho.shift();
    },
  });
  resources.defer(() => servicios.stop(5_000));
  const arrancar = async () => {
    servicios.start();
    await eventually(async () => {
      if (servicios.pid() === null) throw new Error(`alpespartners ended: ${dicho.slice(-10).join("\n")}`);
      const r = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
      await r.body?.cancel();
      return r.ok;
    }, { ms: 90_000, every: 50 });
  };
  await arrancar();

  const db = resources.use(openDatabase({ url: base.adminUrl, max: 3 }));
  const contar = async () => {
    const [c] = await db.query<{ todos: number; hechos: number; dudosos: number }>(
      `select count(*)::int as todos, (count(*) filter (where estado in ('EXITOSO', 'FALLIDO')))::int as hechos,
              (count(*) filter (where estado = 'EN_VERIFICACION'))::int as dudosos from pagos.payouts`,
    );
    return c ?? { todos: 0, hechos: 0, dudosos: 0 };
  };
  const segundos = () => (performance.now() - inicio) / 1_000;
  let muertes = 0;
  const progreso = async () => {
    const c = await contar();
    const tasa = c.hechos / segundos();
    decir(
      `${c.todos} of ${t.pagos} asked for, ${c.hechos} settled (${
        tasa.toFixed(0)
      }/s), ${c.dudosos} in doubt, ${muertes} kills, ${segundos().toFixed(0)} s`,
    );
    return c;
  };

  // Kills come when a part of the work is done, at a moment within it that the seed decides: all of them find work.
  const azar = seeded(t.semilla);
  const metas = Array.from(
    { length: t.muertes },
    (_, i) => (i + azar.below(1_000) / 1_000) / (t.muertes + 1) * t.pagos,
  );
  const matador = (async () => {
    for (const meta of metas) {
      while ((await contar()).hechos < meta) await new Promise((r) => setTimeout(r, 20));
      await new Promise((r) => setTimeout(r, azar.below(150)));
      await servicios.stop(0);
      muertes++;
      await arrancar();
    }
  })();
  let fallo: unknown = null;
  matador.catch((e) => fallo = e);

  const libreta: Acknowledged[] = [];
  const api = patient(httpApi(url), libreta);
  const aceptados = new Set<string>();
  const { antes, pagos } = plan(t.pagos, t.semilla);
  const escribir = async (e: Escritura) => {
    const r = await api.send("POST", e.path, e.body);
    assert.ok(
      r.status < 300,
      `${e.path} ${JSON.stringify(e.body).slice(0, 200)}: ${r.status} ${r.text.slice(0, 500)}`,
    );
    if (e.pagos > 0) aceptados.add(String(dig(r.body, "id")));
  };
  for (const e of antes) await escribir(e);
  const cola = pagos.values();
  const carga = Promise.all(Array.from({ length: 24 }, async () => {
    for (const e of cola) await escribir(e);
  }));
  carga.catch((e) => fallo = e);
  for (const fin = performance.now() + CARGA_MS;;) {
    if (fallo !== null) throw fallo;
    const c = await progreso();
    if (muertes === t.muertes && c.todos === t.pagos && c.hechos + c.dudosos === t.pagos) break;
    if (performance.now() > fin) {
      throw new Error(`not done in time: ${JSON.stringify(c)} ${dicho.slice(-3).join("\n")}`);
    }
    await new Promise((r) => setTimeout(r, 1_000));
  }
  await Promise.all([carga, matador]);
  const deCarga = segundos();
  assert.equal(aceptados.size, t.pagos);
  // What nobody knows by now is asked of the settlement file; the bank closes what it never decided.
  let porConciliar = 0;
  for (const fin = performance.now() + RESTO_MS;;) {
    const c = await progreso();
    if (c.hechos === t.pagos) break;
    porConciliar ||= c.dudosos;
    if (performance.now() > fin) throw new Error(`${c.dudosos} payouts stay in doubt after reconciliation`);
    await psp.mandar("/cierre");
    const r = await fetch(`${url}/pagos/conciliaciones`, {
      method: "POST",
      headers: { "content-type": "text/csv" },
      body: await psp.liquidacion(),
    });
    const texto = await r.text();
    assert.ok(r.ok, texto);
    decir(`settlement file: ${texto}`);
    // What the bank never got is told it again when its status query is due: the next file knows of it.
    await new Promise((r) => setTimeout(r, 2_000));
  }
  const salida = async () => {
    const [s] = await db.query<{ n: number }>("select count(*)::int as n from mensajeria.outbox");
    return s?.n === 0;
  };
  await eventually(salida, { ms: 60_000, every: 200 });
  const registro = await psp.registro();
  const { pagados, fallidos } = await bancoDeAcuerdo(db, registro, aceptados);
  await dichoUnaVez(db);
  const movimientos = await libroEnCero(db);
  const verificado = await verificar(base.adminUrl, decir);
  assert.equal(pagados + fallidos, t.pagos);
  return {
    pagados,
    fallidos,
    muertes,
    porConciliar,
    movimientos,
    segundos: { carga: deCarga, total: segundos() },
    verificado,
  };
}

/** `deno task verify` over that database, where there is such a task. */
async function verificar(url: string, decir: (linea: string) => void): Promise<boolean> {
  const tareas: unknown = dig(
    JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url))),
    "tasks",
  );
  if (dig(tareas, "verify") === undefined) return false;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "verify"],
    env: { DATABASE_URL: url },
  }).output();
  const texto = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, `deno task verify: ${texto}`);
  decir(texto.trim().split("\n").at(-1) ?? "");
  return true;
}

function puertoLibre(): number {
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    return (l.addr as Deno.NetAddr).port;
  } finally {
    l.close();
  }
}
