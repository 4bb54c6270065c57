import { parseArgs } from "node:util";
import { v7 } from "uuid";
import { z } from "zod";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { DATABASE_URL } from "@alpes/shared/http/settings.ts";
import { orExit, StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";
import { postgresCliente } from "../adapters/postgres.ts";
import { postgresClientes } from "../adapters/postgres_consultas.ts";
import { postgresCopias } from "../adapters/postgres_rastros.ts";
import { comandosCliente } from "../application/comandos.ts";
import { datosPersonales } from "../application/datos.ts";

const HELP = `deno task datos exportar <id>
deno task datos borrar <id> --motivo <text> [--si]

Personal data of a cliente, in the database of DATABASE_URL. exportar writes all that is known of it as JSON. borrar
erases it for good: name, papers and addresses, the reasons in its history, the answers and messages that repeat them.
Its payments and campaigns stay, under its id. Without --si it only says what would be erased. The motivo (the number
of the request, not a person's name) stays. Backups keep what they hold until they are overwritten.`;

const bad = (why: string): StartupFailure =>
  new StartupFailure("no data was touched", why, "deno task datos --help");

function read(args: readonly string[]) {
  try {
    const { values, positionals: [verbo = "", id = "", ...more] } = parseArgs({
      args: [...args],
      options: { motivo: { type: "string" }, si: { type: "boolean" }, help: { type: "boolean" } },
      allowPositionals: true,
    });
    return {
      verbo,
      id,
      more,
      motivo: values.motivo?.trim() ?? "",
      si: values.si === true,
      help: values.help,
    };
  } catch (e) {
    throw bad(e instanceof Error ? e.message : String(e));
  }
}

/** `deno task datos`: whoever has the database's login is its admin. */
async function main(): Promise<void> {
  const { verbo, id, more, motivo, si, help } = read(Deno.args);
  if (help || verbo === "") return console.log(HELP);
  if (verbo !== "exportar" && verbo !== "borrar") throw bad(`there is no "${verbo}"`);
  if (id === "" || more.length > 0) throw bad(`${verbo} needs the id of one cliente`);
  if (verbo === "borrar" && (motivo === "" || motivo.length > 500)) {
    throw bad("--motivo must say why, in 1 to 500 characters");
  }
  const config = readConfig(z.object({ DATABASE_URL }), Deno.env.toObject());
  await using db = openDatabase({ url: config.DATABASE_URL, role: "alpes_cliente", max: 2, name: "datos" });
  const datos = datosPersonales({
    comandos: comandosCliente(postgresUnitOfWork(db, postgresCliente, { newId: v7 })),
    clientes: postgresClientes(db),
    copias: postgresCopias(db),
    dormir: (ms) => new Promise((r) => setTimeout(r, ms)),
  });
  try {
    const expediente = await datos.exportar(id);
    if (!expediente.ok) throw bad(`there is no cliente ${id}`);
    if (verbo === "exportar") return console.log(JSON.stringify(expediente.value, null, 2));
    const { historial, pagos } = expediente.value;
    if (!si) {
      console.log(
        `would erase ${id}: its ${historial.length} decisions lose their reasons, its ${pagos.length} payments stay`,
      );
      return console.log("nothing was done; add --si to do it");
    }
    const who = (Deno.env.get("USER") ?? "").replaceAll(/[^A-Za-z0-9._-]/g, "") || "terminal";
    const request = v7();
    const r = await datos.borrar(
      {
        actor: { tipo: "persona", id: `terminal:${who}`, roles: ["admin"], cliente: null },
        correlation_id: request,
        causation_id: request,
        traceparent: null,
        dedup: null,
        accion: "borrarDatosCliente",
      },
      id,
      motivo,
      crypto.randomUUID(),
    );
    if (!r.ok) throw bad(`it was refused: ${r.error.tipo}`);
    console.log(`✓ ${id} is erased; in the audit log under ${request}`);
  } catch (e) {
    if (!(e instanceof Unavailable)) throw e;
    throw new StartupFailure("the database cannot be reached", e.message, "deno task doctor", { cause: e });
  }
}

if (import.meta.main) await orExit(main);
