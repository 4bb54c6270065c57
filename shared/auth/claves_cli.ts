import { parseArgs } from "node:util";
import { z } from "zod";
import { v7 } from "uuid";
import { sqlState } from "@alpes/shared/adapters/postgres/database.ts";
import { isRol } from "@alpes/shared/http/actor.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { DATABASE_URL } from "@alpes/shared/http/settings.ts";
import { orExit, StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import type { ListRequest } from "@alpes/shared/seedwork/pages.ts";
import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Grant, KeyDesk, KeyOrder, KeyRefusal, KeyView, MadeKey } from "./key_desk.ts";

const HELP = `deno task claves crear --nombre <text> --rol <role> [--rol <role>…] [--cliente <id>] [--dias 90]
deno task claves listar
deno task claves rotar <id> [--dias <n>]     the old key stays good until it is revoked
deno task claves revocar <id>                ends it within five seconds
deno task claves enlace --nombre <text> --rol <role> [--cliente <id>]     a code to sign in with, once

Works on the database of DATABASE_URL. A new key goes to the standard output, alone, and is shown only this once; --json
gives everything about it. Roles: partner (with --cliente), operador, aprobador, auditor, admin, servicio.`;

const OPTIONS = {
  nombre: { type: "string" },
  rol: { type: "string", multiple: true },
  cliente: { type: "string" },
  dias: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const bad = (why: string): StartupFailure =>
  new StartupFailure("nothing was done with any key", why, "deno task claves --help");

/** What was asked for on the command line. */
function read(args: readonly string[]) {
  const { values, positionals: [verbo = "", id, ...more] } = (() => {
    try {
      return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    } catch (e) {
      throw bad(e instanceof Error ? e.message : String(e));
    }
  })();
  if (more.length > 0) throw bad(`"${more[0]}" is one word too many`);
  const dias = values.dias === undefined ? null : Number(values.dias);
  if (dias !== null && !(Number.isInteger(dias) && dias >= 1 && dias <= 366)) {
    throw bad(`--dias must be a whole number from 1 to 366, not "${values.dias}"`);
  }
  const grant = (): Grant => {
    const { nombre = "", rol = [], cliente = null } = values;
    const unknown = rol.find((r) => !isRol(r));
    if (unknown !== undefined) throw bad(`"${unknown}" is no role`);
    if (rol.length === 0) throw bad("--rol is missing");
    if (nombre.trim() === "" || nombre.length > 100) throw bad("--nombre must have 1 to 100 characters");
    return { nombre: nombre.trim(), roles: [...new Set(rol)] as Rol[], cliente };
  };
  const theId = (): string => {
    if (id === undefined || !/^[0-9a-z]{16}$/.test(id)) {
      throw bad(`${verbo} needs the id of a key, as listar shows it`);
    }
    return id;
  };
  return { verbo, dias, grant, theId, json: values.json, help: values.help || verbo === "" };
}

const WHY: Record<KeyRefusal["tipo"], string> = {
  prohibido: "an admin may, and nobody else",
  sin_cliente: "a partner stands for a cliente: --cliente is missing",
  cliente_de_mas: "--cliente goes with --rol partner, and with no other",
  no_existe: "there is no such key",
  no_vigente: "that key has expired or was revoked before",
  codigo_invalido: "that code is not good",
};
const refused = (x: KeyRefusal): StartupFailure =>
  new StartupFailure("nothing was done with any key", WHY[x.tipo], "deno task claves --help");

function show(made: MadeKey, json: boolean): void {
  if (json) return console.log(JSON.stringify(made));
  const { id, nombre, roles, expira } = made;
  const until = expira.toISOString().slice(0, 10);
  console.error(
    `✓ ${nombre} (${id}), ${roles.join(", ")}, good until ${until}. Keep it now, it is not shown again:`,
  );
  console.log(made.clave);
}

async function run(args: readonly string[], desk: KeyDesk, order: KeyOrder): Promise<void> {
  const { verbo, dias, grant, theId, json } = read(args);
  switch (verbo) {
    case "crear": {
      const r = await desk.crear(order, grant(), dias ?? 90);
      if (!r.ok) throw refused(r.error);
      return show(r.value, json);
    }
    case "rotar": {
      const r = await desk.rotar(order, theId(), dias);
      if (!r.ok) throw refused(r.error);
      return show(r.value, json);
    }
    case "revocar": {
      const r = await desk.revocar(order, theId());
      if (!r.ok) throw refused(r.error);
      return console.log(json ? JSON.stringify(r.value) : `✓ ${r.value.nombre} (${r.value.id}) is revoked`);
    }
    case "enlace": {
      const r = await desk.enlazar(order, grant());
      if (!r.ok) throw refused(r.error);
      return console.log(json ? JSON.stringify(r.value) : r.value.codigo);
    }
    case "listar":
      for (const k of await all(desk, order)) console.log(json ? JSON.stringify(k) : line(k));
      return;
    default:
      throw bad(`there is no "${verbo}"`);
  }
}

async function all(desk: KeyDesk, order: KeyOrder): Promise<KeyView[]> {
  const found: KeyView[] = [];
  let after: { readonly value: string | null; readonly id: string } | null = null;
  do {
    const page: ListRequest<"creada", unknown> = {
      page: { mode: "cursor", after, limit: 100 },
      sort: { by: "creada", order: "desc" },
      filters: {},
    };
    const r = await desk.listar(order, page);
    if (!r.ok) throw refused(r.error);
    found.push(...r.value.rows);
    after = r.value.mode === "cursor" ? r.value.next : null;
  } while (after !== null);
  return found;
}

const day = (d: Date | null) => d?.toISOString().slice(0, 10) ?? "never";
const line = (k: KeyView) =>
  [
    k.id,
    k.estado.padEnd(8),
    `until ${day(k.expira)}`,
    `used ${day(k.ultima)}`.padEnd(15),
    k.roles.join(",") + (k.cliente === null ? "" : ` of ${k.cliente}`),
    k.nombre,
  ].join("  ");

const NOT_MIGRATED = [
  "the database of DATABASE_URL has no tables for keys yet",
  "deno task migrate",
] as const;
const NO_LOGIN = [
  "PostgreSQL does not know the login or password of DATABASE_URL",
  "deno task doctor",
] as const;
/** By SQLSTATE: what PostgreSQL means, and what helps. */
const REFUSED: Readonly<Record<string, readonly [why: string, run: string]>> = {
  "3D000": [
    "the database that DATABASE_URL names does not exist",
    "createdb <its name>, then deno task migrate",
  ],
  "28P01": NO_LOGIN,
  "28000": NO_LOGIN,
  "42501": [
    "the login of DATABASE_URL may not become alpes_seguridad; alpes_app and the owner may",
    "deno task claves --help",
  ],
  "3F000": NOT_MIGRATED,
  "42P01": NOT_MIGRATED,
  "22023": NOT_MIGRATED,
};

/** `deno task claves`. */
async function main(): Promise<void> {
  if (read(Deno.args).help) return console.log(HELP);
  const config = readConfig(z.object({ DATABASE_URL }), Deno.env.toObject());
  await using resources = new AsyncDisposableStack();
  const desk = openKeyDesk(config.DATABASE_URL, "claves", resources, () => {});
  const who = (Deno.env.get("USER") ?? "").replaceAll(/[^A-Za-z0-9._-]/g, "") || "terminal";
  const order: KeyOrder = {
    actor: { tipo: "persona", id: `terminal:${who}`, roles: ["admin"], cliente: null },
    correlation_id: v7(),
  };
  await run(Deno.args, desk, order).catch((e: unknown) => {
    if (e instanceof Unavailable) {
      throw new StartupFailure("the database cannot be reached", e.message, "deno task doctor", { cause: e });
    }
    const [why, run] = REFUSED[sqlState(e) ?? ""] ?? [];
    if (why === undefined || run === undefined) throw e;
    throw new StartupFailure("nothing was done with any key", why, run, { cause: e });
  });
}

if (import.meta.main) await orExit(main);
