import { parseArgs } from "node:util";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { type Api, assertRunning, bffUrl, dig, httpApi, reason } from "./demo_api.ts";
import { each, status, Unexpected, until } from "./demo_checks.ts";
import { progress } from "./demo_progress.ts";
import { once, type World } from "./demo_scenario.ts";
import { paint, table } from "./demo_table.ts";
import {
  MIN_CLIENTES,
  type Plan,
  plan,
  type PlanCampania,
  type PlanCliente,
  type PlanPartner,
} from "./seed_plan.ts";

/** At once; the BFF and the services share a laptop with whoever runs this. */
const WIDTH = 8;
const PATIENCE = 60_000;
type Tell = (what: string) => () => void;

/** Fills the running system over its public API with the plan of a seed. Filling it twice changes nothing. */
export async function fill(api: Api, p: Plan, tell: Tell = () => () => {}): Promise<void> {
  const w: World = { api, prefix: p.prefijo, patience: PATIENCE, calm: true };
  const all = async <T>(what: string, items: readonly T[], work: (item: T) => Promise<unknown>) => {
    const done = tell(`${what} ${items.length}`);
    await each(items, WIDTH, async (item) => {
      await work(item);
      done();
    });
  };
  await all("clientes", p.clientes, (c) => registrar(w, c));
  await all("campanias", p.campanias, (c) => lanzar(w, c));
  await all("ciclos", p.ciclos, async (c) => status(await once(w, c.id, "/pagos/ciclos", c), 200, 201));
  await all("partners", p.partners, (s) => pagarPartner(w, s));
  await rechazado(w);
}

async function registrar(w: World, { cuerpo, destino }: PlanCliente): Promise<void> {
  status(await w.api.send("POST", "/cliente/registrar", cuerpo), 200, 201);
  const { id } = cuerpo;
  if (destino === "SUSPENDIDO") {
    const motivo = { motivo: "documentos por verificar" };
    status(await once(w, `suspender-${id}`, `/cliente/${id}/suspender`, motivo), 200);
  } else if (destino === "INACTIVO") {
    status(await w.api.send("DELETE", `/cliente/${id}`), 204);
  }
}

const dinero = (unidades: number, moneda: string) => ({ valor: `${unidades}.00`, moneda });

async function lanzar(w: World, c: PlanCampania): Promise<void> {
  const conAnticipo = !c.destino.startsWith("PAGO_") && c.destino !== "PENDIENTE";
  status(
    await w.api.send("POST", "/campanias/crear", {
      idCampania: c.id,
      idCliente: c.idCliente,
      nombre: c.nombre,
      itinerario: [{ semana: 1, accion: "publicar" }, { semana: 2, accion: "medir" }],
      presupuesto: dinero(c.presupuesto, c.moneda),
      anticipo: conAnticipo ? dinero(Math.floor(c.presupuesto / 10), c.moneda) : null,
      fecha_inicio: "2026-02-01",
      fecha_fin: "2026-06-30",
    }),
    202,
  );
  const llega = (...estados: string[]) => until(w.api, `/campanias/${c.id}`, "estado", estados, w.patience);
  const decide = async (orden: string) =>
    status(
      await once(w, `${orden}-${c.id}`, `/campanias/${c.id}/${orden}`, { motivo: "decisión del cliente" }),
      200,
    );
  switch (c.destino) {
    case "PENDIENTE":
      return;
    case "APROBADA":
      return void await llega("APROBADA");
    case "PAUSADA":
      await llega("APROBADA", "PAUSADA");
      return void await decide("pausar");
    case "FINALIZADA":
      await llega("APROBADA", "FINALIZADA");
      return void await decide("finalizar");
    case "CANCELADA":
      await llega("APROBADA", "CANCELADA");
      return void await decide("cancelar");
    case "PAGO_FALLIDO":
      return await pagar(w, c, "0002", "FALLIDO");
    case "PAGO_EN_VERIFICACION":
      return await pagar(w, c, "0004", "EN_VERIFICACION");
    case "PAGO_TARDIO":
      return await pagar(w, c, "0006", "EXITOSO");
    case "PAGO_CORTADO":
      return await pagar(w, c, "0008", "EXITOSO");
    case "PAGO_REVERTIDO":
      await pagar(w, c, "4242", "EXITOSO", "REVERTIDO");
      return await revertir(w, `${c.id}-p`);
  }
}

async function pagar(w: World, c: PlanCampania, cifras: string, ...estados: string[]): Promise<void> {
  const id = `${c.id}-p`;
  const pedido = {
    id,
    idCampania: c.id,
    payment_method_type: "TARJETA",
    payment_method_mask: `****${cifras}`,
  };
  status(await once(w, `pagar-${c.id}`, "/pagos/pagar", pedido), 202);
  await until(w.api, `/pagos/${id}`, "estado", estados, w.patience);
}

async function revertir(w: World, pago: string): Promise<void> {
  const motivo = { motivo: "el cliente se arrepintió" };
  status(await once(w, `revertir-${pago}`, `/pagos/${pago}/revertir`, motivo), 202);
  await until(w.api, `/pagos/${pago}`, "estado", ["REVERTIDO", "RECHAZADO"], w.patience);
}

async function pagarPartner(w: World, { id, ciclo, comisiones, reembolso }: PlanPartner): Promise<void> {
  status(await once(w, `tx-${id}`, "/pagos/transacciones", { transacciones: comisiones }), 200, 201);
  const devolver = async () =>
    status(await once(w, `reembolsar-${id}`, `/pagos/transacciones/${id}-tx-1/reembolsar`, {}), 200);
  if (reembolso === "antes") await devolver();
  const pago = `${id}-p`;
  const pedido = { id: pago, partner_id: id, cycle_id: ciclo, currency: "COP", payment_method_type: "PSE" };
  status(await once(w, `pagar-${id}`, "/pagos/pagar", pedido), 202);
  await until(w.api, `/pagos/${pago}`, "estado", ["EXITOSO", "REVERTIDO"], w.patience);
  if (reembolso === "despues" || reembolso === "revertido") await devolver();
  if (reembolso === "revertido") await revertir(w, pago);
}

/** A payment for a campaign that nobody announced, withdrawn while it waits. */
async function rechazado(w: World): Promise<void> {
  const id = `${w.prefix}-p-rechazado`;
  const pedido = { id, idCampania: `${w.prefix}-k-ninguna`, monto: dinero(90_000, "COP") };
  status(await once(w, id, "/pagos/pagar", pedido), 202);
  await revertir(w, id);
}

function settings(args: readonly string[]): { semilla: number; clientes: number } {
  const bad = (why: string) =>
    new StartupFailure("seed cannot start", why, "deno task seed --semilla 1 --clientes 40");
  const read = (name: string, value: string, min: number, max: number): number => {
    const n = Number(value);
    if (Number.isInteger(n) && n >= min && n <= max && value.trim() !== "") return n;
    throw bad(`--${name} must be an integer from ${min} to ${max}, not "${value}"`);
  };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        semilla: { type: "string", default: "1" },
        clientes: { type: "string", default: "40" },
      },
    });
    return {
      semilla: read("semilla", values.semilla, 0, 999_999),
      clientes: read("clientes", values.clientes, MIN_CLIENTES, 20_000),
    };
  } catch (e) {
    throw e instanceof StartupFailure ? e : bad(e instanceof Error ? e.message : String(e));
  }
}

/** Counts what is done of each kind on one line of a terminal. */
function counting(): Tell {
  const say = progress();
  return (what) => {
    let n = 0;
    return () => say(`${what.replace(/ (\d+)$/, ` ${++n}/$1`)}`);
  };
}

async function main(): Promise<void> {
  const { semilla, clientes } = settings(Deno.args);
  const api = httpApi(bffUrl());
  await assertRunning(api);
  const started = performance.now();
  await fill(api, plan(semilla, clientes), counting()).catch((e: unknown) => {
    if (e instanceof Unexpected) {
      throw new StartupFailure(
        "the platform did not answer as its contract says",
        e.message,
        "deno task doctor",
      );
    }
    throw e instanceof TypeError || e instanceof DOMException
      ? new StartupFailure("the platform stopped answering", reason(e), "deno task dev", { cause: e })
      : e;
  });
  progress()("");
  for (const line of await counts(api)) console.log(line);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`\n${paint().good(`✓ seed ${semilla} with ${clientes} clientes stands; ${seconds} s`)}`);
}

/** What the system holds by now, by state. */
async function counts(api: Api): Promise<string[]> {
  const rows: string[][] = [];
  for (const modulo of ["cliente", "campanias", "pagos"]) {
    const a = status(await api.send("GET", `/${modulo}/estadisticas`), 200);
    for (const [estado, n] of Object.entries(Object(dig(a.body, "por_estado")))) {
      rows.push([modulo, estado, `${n}`]);
    }
  }
  return table(["Module", "Estado", "There are"], rows, { right: ["There are"] });
}

if (import.meta.main) await orExit(main);
