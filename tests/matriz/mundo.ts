// @ts-types="@types/pg"
import pg from "pg";
import { componerBff } from "@alpes/bff/componer.ts";
import { campanias } from "@alpes/services/campanias/main.ts";
import { cliente } from "@alpes/services/cliente/main.ts";
import { pagos } from "@alpes/services/pagos/main.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { serviceSettings } from "@alpes/shared/http/settings.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import { composeService } from "@alpes/shared/process/service.ts";
import { VERSION } from "@alpes/shared/process/version.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import { LIQUIDACION } from "./operaciones.ts";
import { freshDatabase } from "@alpes/shared/testing/database.ts";

/** Whose a thing is: each name stands in the ids of what belongs to that partner, and in nothing else. */
export type Dueno = "zuno" | "zdos";
/** What an id in a request points at: something of one partner or of the other, or nothing. */
export type Blanco = Dueno | "znada";
export const BLANCOS: readonly Blanco[] = ["zuno", "zdos", "znada"];

/** Who asks. Both partners see their own; the last four are nobody. */
export const QUIENES = [
  "zuno",
  "zdos",
  "operador",
  "aprobador",
  "auditor",
  "admin",
  "servicio",
  "nadie",
  "inventada",
  "expirada",
  "revocada",
] as const;
export type Quien = (typeof QUIENES)[number];
export const NADIE: readonly Quien[] = ["nadie", "inventada", "expirada", "revocada"];
export const esDueno = (q: Quien): q is Dueno => q === "zuno" || q === "zdos";

export type Proceso = "alpespartners" | "pagos" | "bff";

export interface Mundo extends AsyncDisposable {
  readonly url: Readonly<Record<Proceso, string>>;
  readonly documento: Readonly<Record<Proceso, unknown>>;
  readonly credencial: Readonly<Record<Quien, string | null>>;
  /** Ids that are made elsewhere: a key, and a parked message of each module. */
  readonly clave: string;
}

/** Real processes (in this one, so that their policy can be tampered with) where two partners have the same things. */
export async function mundo(bff: Readonly<Record<string, string>> = {}): Promise<Mundo> {
  await using resources = new AsyncDisposableStack();
  const db = resources.use(await freshDatabase());
  const config = readConfig(serviceSettings(5000), {
    DATABASE_URL: db.url,
    AUTH_MODE: "claves",
    RATE_LIMIT_PETICIONES: "0",
  });
  const escuchar = (
    fetch: (r: Request, i: Deno.ServeHandlerInfo<Deno.NetAddr>) => Response | Promise<Response>,
  ) => {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, fetch);
    resources.defer(() => server.shutdown());
    return `http://127.0.0.1:${server.addr.port}`;
  };
  const todo = await composeService("alpespartners", { cliente, campanias, pagos }, config, resources);
  const solo = await composeService("pagos", { pagos }, config, resources);
  const servicios = escuchar(todo.app.fetch);
  const bffConfig = readConfig(bffSettings, {
    AUTH_MODE: "claves",
    ALPESPARTNERS_SERVICE_URL: servicios,
    BFF_CACHE_TTL: "0",
    ...bff,
  });
  const bffApp = componerBff(bffConfig, VERSION, resources).app;
  const url = { alpespartners: servicios, pagos: escuchar(solo.app.fetch), bff: escuchar(bffApp.fetch) };

  const admin = new pg.Client({ connectionString: db.adminUrl });
  await admin.connect();
  const credencial: Record<Quien, string | null> = { ...await claves(), nadie: null };
  const clave = (await unaClave("de sobra", ["auditor"])).id;
  await sembrar(url.alpespartners, credencial.admin ?? "");
  for (const m of ["cliente", "campanias", "pagos"]) await aparcar(m);
  await admin.end();

  const documento = async (u: string): Promise<unknown> => await (await fetch(`${u}/spec`)).json();
  const all = resources.move();
  return {
    url,
    documento: {
      alpespartners: await documento(url.alpespartners),
      pagos: await documento(url.pagos),
      bff: await documento(url.bff),
    },
    credencial,
    clave,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };

  async function unaClave(nombre: string, roles: readonly Rol[], de: string | null = null) {
    const desk = openKeyDesk(db.url, "matriz", resources, () => {});
    const actor = { tipo: "persona", id: "matriz", roles: ["admin"], cliente: null } as const;
    const r = await desk.crear({ actor, correlation_id: "matriz" }, { nombre, roles, cliente: de }, 1);
    if (!r.ok) throw new Error(r.error.tipo);
    return r.value;
  }
  async function claves() {
    const [expirada, revocada] = [
      await unaClave("expirada", ["admin"]),
      await unaClave("revocada", ["admin"]),
    ];
    await admin.query(
      "update seguridad.claves set creada = now() - interval '2 days', expira = now() - interval '1 second' where id = $1",
      [expirada.id],
    );
    await admin.query(
      "update seguridad.claves set revocada = now(), revocada_por = 'matriz' where id = $1",
      [revocada.id],
    );
    return {
      zuno: (await unaClave("zuno", ["partner"], "c-zuno")).clave,
      zdos: (await unaClave("zdos", ["partner"], "c-zdos")).clave,
      operador: (await unaClave("operador", ["operador"])).clave,
      aprobador: (await unaClave("aprobador", ["aprobador"])).clave,
      auditor: (await unaClave("auditor", ["auditor"])).clave,
      admin: (await unaClave("admin", ["admin"])).clave,
      servicio: (await unaClave("servicio", ["servicio"])).clave,
      inventada: `${expirada.clave.slice(0, -4)}zzzz`,
      expirada: expirada.clave,
      revocada: revocada.clave,
    };
  }
  async function aparcar(modulo: string): Promise<void> {
    const mensaje = {
      event_id: "e-1",
      type: "Nada.v1",
      schemaVersion: "v1",
      aggregate_type: "Nada",
      aggregate_id: "nada",
      aggregate_version: 1,
      occurred_on: "2026-01-01T00:00:00Z",
      correlation_id: "x",
      causation_id: "x",
      data: {},
    };
    await admin.query(
      `insert into mensajeria.inbox (consumidor, event_id, topic, clave, estado, intentos, error, mensaje)
       values ($1, 'e-1', 'eventos.nada', 'nada', 'APARTADO', 5, 'x', $2)`,
      [`${modulo}.nada`, mensaje],
    );
  }
}

/** For each partner: itself, a campaign, a rate of its own, a payout that is done, a commission. */
async function sembrar(url: string, clave: string): Promise<void> {
  const pedir = async (method: string, ruta: string, cuerpo?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${clave}`, "content-type": "application/json" };
    const r = await fetch(url + ruta, { method, headers, body: cuerpo ? JSON.stringify(cuerpo) : null });
    if (!r.ok) throw new Error(`${method} ${ruta}: ${r.status} ${await r.text()}`);
    return await r.json();
  };
  await pedir("POST", "/pagos/ciclos", { id: "ciclo-l", inicio: "2026-01-01", fin: "2026-01-31" });
  const archivo = await fetch(`${url}/pagos/conciliaciones`, {
    method: "POST",
    headers: { authorization: `Bearer ${clave}`, "content-type": "text/csv" },
    body: LIQUIDACION,
  });
  if (!archivo.ok) throw new Error(`a settlement file: ${archivo.status} ${await archivo.text()}`);
  await archivo.body?.cancel();
  for (const d of ["zuno", "zdos"]) {
    await pedir("POST", "/pagos/liquidaciones", { id: `l-${d}`, ciclo: "ciclo-l" });
    await pedir("POST", "/cliente/registrar", {
      id: `c-${d}`,
      tipo_cliente: "EMPRESA",
      nombre: `Empresa ${d}`,
      email: `${d}@correo.example`,
      rut: `r-${d}`,
    });
    await pedir("POST", "/campanias/crear", { id: `k-${d}`, idCliente: `c-${d}`, itinerario: [] });
    await pedir("POST", "/pagos/transacciones", {
      id: `t-${d}`,
      partner_id: `c-${d}`,
      event_type: "VENTA",
      monto_original: { valor: "10.00", moneda: "USD" },
    });
    await pedir("POST", "/pagos/tarifas", {
      id: `r-${d}`,
      partner_id: `c-${d}`,
      event_type: "LEAD",
      tipo: "PERCENTAGE",
      porcentaje: "5",
      vigente_desde: "2026-01-01",
    });
    await pedir("POST", "/pagos/pagar", {
      id: `p-${d}`,
      partner_id: `c-${d}`,
      cycle_id: "ciclo",
      total_amount: "5.00",
    });
    for (let i = 0; i < 200; i++) {
      if (Reflect.get(Object(await pedir("GET", `/pagos/p-${d}`)), "estado") === "EXITOSO") break;
      await new Promise((r) => setTimeout(r, 50));
    }
  }
}
