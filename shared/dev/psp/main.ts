import { parseArgs } from "node:util";
import { setupLogs } from "@alpes/shared/http/log.ts";
import { readiness } from "@alpes/shared/http/readiness.ts";
import { serve } from "@alpes/shared/http/serve.ts";
import { orExit, StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import { VERSION } from "@alpes/shared/process/version.ts";
import { seeded } from "../seed_random.ts";
import { simulador } from "./app.ts";
import { iniciarAvisos } from "./avisos.ts";
import { fallas } from "./fallas.ts";
import { abrirRegistro } from "./registro.ts";

const HELP = `deno task psp [options]

A payment provider for development and tests, as a process of its own. Point the services at it with
PSP_URL=http://127.0.0.1:5005 and the same PSP_SECRET.

  --puerto <n>          where it answers (5005)
  --datos <file>        its record (.datos/psp.db); what stands there survives kill -9
  --secreto <text>      shared with the customer (PSP_SECRET, else "psp-secreto-de-desarrollo-0123456789")
  --avisos <url>        whom to tell what was decided, e.g. http://127.0.0.1:5000/pagos/avisos-psp
  --fallas <0..1>       how many of the calls go wrong, in every way (0)
  --semilla <n>         the seed of those (1)
  --comision-pb <n>     what the bank keeps, in hundredths of a percent (0)
  --comision-fija <n>   and in minor units (0)
  --tardanza <ms>       how late a late payment is made (3500)

GET /registro, GET /liquidacion.csv: what it did. POST /cierre: what is undecided will never be paid.
POST /reglas {"regla":{"mascara":"7777","falla":"contesta_por_otro","veces":1}} or {"fallas":0.2}: how it misbehaves.`;

export const SECRETO_DE_DESARROLLO = "psp-secreto-de-desarrollo-0123456789";

function leer(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        puerto: { type: "string", default: "5005" },
        datos: { type: "string", default: ".datos/psp.db" },
        secreto: { type: "string" },
        avisos: { type: "string" },
        fallas: { type: "string", default: "0" },
        semilla: { type: "string", default: "1" },
        "comision-pb": { type: "string", default: "0" },
        "comision-fija": { type: "string", default: "0" },
        tardanza: { type: "string", default: "3500" },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (e) {
    throw mal(e instanceof Error ? e.message : String(e));
  }
}
const mal = (why: string) =>
  new StartupFailure("the provider cannot start like this", why, "deno task psp --help");

function numero(nombre: string, texto: string, max: number): number {
  const n = Number(texto);
  if (texto.trim() === "" || !Number.isFinite(n) || n < 0 || n > max) {
    throw mal(`--${nombre} must be a number from 0 to ${max}; it is ${JSON.stringify(texto)}`);
  }
  return n;
}

async function main(): Promise<void> {
  const a = leer(Deno.args);
  if (a.help) return console.log(HELP);
  if (a.avisos !== undefined && !URL.canParse(a.avisos)) throw mal("--avisos must be an http:// address");
  const secreto = a.secreto ?? Deno.env.get("PSP_SECRET") ?? SECRETO_DE_DESARROLLO;
  setupLogs({ level: "info", format: undefined, servicio: "psp" });
  await using resources = new AsyncDisposableStack();
  const carpeta = a.datos.replace(/\/?[^/]*$/, "");
  if (carpeta !== "") await Deno.mkdir(carpeta, { recursive: true });
  const registro = resources.use(abrirRegistro(a.datos));
  const reloj = Date.now;
  const avisos = a.avisos === undefined
    ? null
    : resources.use(iniciarAvisos({ registro, url: a.avisos, secreto, reloj }));
  const app = simulador({
    registro,
    fallas: fallas({
      random: seeded(numero("semilla", a.semilla, 2 ** 32)),
      tasa: numero("fallas", a.fallas, 1),
    }),
    secreto,
    comision: {
      pb: numero("comision-pb", a["comision-pb"], 10_000),
      fija: numero("comision-fija", a["comision-fija"], 1_000_000),
    },
    tardanza: numero("tardanza", a.tardanza, 3_600_000),
    silencio: 30_000,
    reloj,
    avisar: () => avisos?.wake(),
  });
  const cerrar = resources.move();
  await serve((r) => app.fetch(r), {
    host: "127.0.0.1",
    port: numero("puerto", a.puerto, 65_535),
    servicio: "psp",
    version: VERSION,
    readiness: readiness([]),
    drainMs: 500,
    close: () => cerrar.disposeAsync(),
  });
}

if (import.meta.main) await orExit(main);
