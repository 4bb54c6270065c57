import { cpuOf, cpuOfServer } from "./machine.ts";
import type { Pgbench } from "./pgbench.ts";
import type { Par } from "./pares/main.ts";
import type { Platform, Server } from "./platform.ts";
import { idOf, type Measure, type Sample } from "./sample.ts";
import { type Target, wrk } from "./wrk.ts";

/** Clientes that are there before: what is read by id. */
export const READABLE = 10_000;

const person = (n: string) =>
  `'{"nombre":"Begoña Núñez","email":"'..${n}..'@correo.example","cedula":"'..${n}..'","fecha_nacimiento":"1990-02-28","ciudad":"Bogotá"}'`;

const REGISTRAR: Target = {
  method: "POST",
  lua: `path = "/cliente/registrar"
  local c = string.format("%d%09d", os.time() % 100000000, n)
  body = ${person("c")}`,
};
const CREAR: Target = {
  method: "POST",
  lua: `path = "/campanias/crear"
  body = '{"idCliente":"banco-1","nombre":"Lanzamiento Andino","tipo_campania":"BRANDING","itinerario":[{"semana":1,"accion":"publicar"}],"presupuesto":{"valor":"1000.00","moneda":"USD"}}'`,
};
const PAGAR: Target = {
  method: "POST",
  lua: `path = "/pagos/pagar"
  body = '{"partner_id":"p-'..run..'-'..n..'","cycle_id":"2026-01","total_amount":{"valor":"150.25","moneda":"USD"}}'`,
};
const PAR: Target = {
  method: "POST",
  lua: `path = "/"
  body = '{"nombre":"Begoña Núñez","email":"'..n..'@correo.example"}'`,
};
const OBTENER: Target = { method: "GET", lua: `path = "/cliente/banco-"..math.random(${READABLE})` };
const path = (p: string): Target => ({ method: "GET", lua: `path = "${p}"` });

/** The HTTP measures of the table, with the limits that they are compared to, in an order that keeps both near. */
export function measures(p: Platform, pgbench: Pgbench, pares: readonly Par[] = []): Measure[] {
  const http = (
    name: string,
    server: Server,
    target: Target,
    connections: number,
    limit: string | null,
    goal: number | null = null,
  ): Measure => ({
    name,
    connections,
    limit,
    goal,
    async run(seconds): Promise<Sample> {
      const before = [cpuOf(server.pid), cpuOfServer(p.postgres.pid)] as const;
      const { requests, sample } = await wrk(server.url, target, connections, seconds);
      const n = Math.max(1, requests);
      return {
        ...sample,
        cpu: {
          process: (cpuOf(server.pid) - before[0]) / n,
          postgres: (cpuOfServer(p.postgres.pid) - before[1]) / n,
        },
      };
    },
  });
  const limit = (name: string, connections: number, of: Pgbench["write"]): Measure => ({
    name,
    connections,
    limit: null,
    goal: null,
    async run(seconds) {
      const before = cpuOfServer(p.postgres.pid);
      const sample = await of(connections, seconds);
      const postgres = (cpuOfServer(p.postgres.pid) - before) / Math.max(1, sample.rate * seconds);
      return { ...sample, cpu: { process: 0, postgres } };
    },
  });

  const all: Measure[] = [];
  for (const c of [1, 16, 64]) {
    const write = limit("pgbench BEGIN, 2 INSERT, COMMIT", c, pgbench.write);
    const read = limit("pgbench SELECT by key", c, pgbench.read);
    const one = c === 1 ? 0.8 : null;
    all.push(
      write,
      http("POST /cliente/registrar", p.services, REGISTRAR, c, idOf(write), c === 64 ? 1.7 : one),
      http("POST /campanias/crear", p.services, CREAR, c, idOf(write), c === 64 ? 0.9 : one),
      http("POST /pagos/pagar", p.services, PAGAR, c, idOf(write), c === 64 ? 0.9 : one),
      ...pares.map((par) => http(par.name, par, PAR, c, idOf(write))),
      read,
      http("GET /cliente/{id}", p.services, OBTENER, c, idOf(read), c === 64 ? 0.5 : null),
    );
  }
  const bare = http("bare Hono JSON handler", p.bare, path("/"), 64, null);
  all.push(
    bare,
    http("BFF dashboard, cached", p.bff, path("/api/v1/dashboard"), 64, idOf(bare), 0.25),
    http("BFF first page of clientes, cached", p.bff, path("/api/v1/clientes"), 64, idOf(bare), 0.25),
  );
  return all;
}

/** Rows that are there before anybody registers: written behind the platform's back. */
export async function seedClientes(p: Platform, rows: number): Promise<void> {
  for (let from = 1; from <= rows; from += CHUNK) await seedSome(p, from, Math.min(rows, from + CHUNK - 1));
  await p.admin.query("analyze cliente.clientes");
}

/** A statement of these stays within its timeout on a busy machine too. */
const CHUNK = 5_000;

async function seedSome(p: Platform, from: number, to: number): Promise<void> {
  await p.admin.query(
    `insert into cliente.clientes (id, tipo_cliente, nombre, email, cedula, fecha_nacimiento, ciudad, estado,
       fecha_registro, version, huella_registro)
     select 'banco-' || i, 'NATURAL', 'Persona ' || i, 'persona' || i || '@banco.example', (10000000 + i)::text,
            '1990-01-01', 'Cali', 'ACTIVO', now() - i * interval '1 second', 1, 'x' || i
       from generate_series($1::int, $2::int) i on conflict do nothing`,
    [from, to],
  );
}
