import { parseArgs } from "node:util";
import { orExit } from "@alpes/shared/http/startup_failure.ts";
import { correr } from "./correr.ts";

const HELP = `deno task test:dinero [--pagos 10000] [--muertes 30] [--fallas 0.2] [--semilla 20260131]

Payouts against the simulated provider with that share of faults of every kind, while alpespartners is killed with
kill -9; then its settlement file, and the proof that nothing was paid twice, nothing lost and nothing left in doubt.`;

/** Starts everything by itself; ends with code 1 where money is not where it should be. */
async function main(): Promise<void> {
  const { values: v } = parseArgs({
    args: [...Deno.args],
    options: {
      pagos: { type: "string", default: "10000" },
      muertes: { type: "string", default: "30" },
      fallas: { type: "string", default: "0.2" },
      semilla: { type: "string", default: "20260131" },
      help: { type: "boolean", default: false },
    },
  });
  if (v.help) return console.log(HELP);
  const t = {
    pagos: Number(v.pagos),
    muertes: Number(v.muertes),
    fallas: Number(v.fallas),
    semilla: Number(v.semilla),
  };
  const terminal = Deno.stdout.isTerminal();
  const escribir = (linea: string) => {
    const texto = terminal ? `\r\x1b[K${linea}` : `${linea}\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(texto));
  };
  escribir(`${t.pagos} payouts, ${t.muertes} kills, ${100 * t.fallas} % faults, seed ${t.semilla}\n`);
  const c = await correr(t, escribir);
  console.log(
    `\n✓ ${c.pagados} paid once each, ${c.fallidos} refused, by the provider's own record; none lost, none in doubt
  ${c.muertes} × kill -9, ${c.porConciliar} settled by reconciliation, ${c.movimientos} ledger lines sum to zero, verify ${
      c.verificado ? "clean" : "not there"
    }
  ${c.segundos.carga.toFixed(0)} s of load and kills, ${
      c.segundos.total.toFixed(0)
    } s in all; seed ${t.semilla}`,
  );
}

await orExit(main);
Deno.exit();
