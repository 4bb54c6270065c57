import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { assertRunning, bffUrl, httpApi } from "./demo_api.ts";
import { Unexpected } from "./demo_checks.ts";
import { ESCENARIOS } from "./dispara_escenarios.ts";

/** `deno task dispara [escenario …]`: makes something happen over the public API, and prints the ids to look it up by. */
async function main(): Promise<void> {
  const nombres = Deno.args.filter((a) => !a.startsWith("-"));
  if (nombres.length === 0) {
    for (const [n, e] of Object.entries(ESCENARIOS)) console.log(`${n.padEnd(20)} ${e.que}`);
    return console.log("\ndeno task dispara <escenario> …   o   deno task dispara todos");
  }
  const api = httpApi(bffUrl());
  const elegidos = nombres.includes("todos") ? Object.keys(ESCENARIOS) : nombres;
  for (const nombre of elegidos) {
    if (!Object.hasOwn(ESCENARIOS, nombre)) {
      throw new StartupFailure(
        `there is no scenario "${nombre}"`,
        "the name is not among them",
        "deno task dispara",
      );
    }
  }
  await assertRunning(api);
  for (const nombre of elegidos) {
    const escenario = ESCENARIOS[nombre];
    if (escenario === undefined) continue;
    // Each run is a story of its own.
    const w = { api, prefix: `d-${crypto.randomUUID().slice(0, 8)}`, patience: 60_000, calm: true };
    try {
      const { ids, resultado, solicitud } = await escenario.disparar(w);
      console.log(`✓ ${nombre}: ${resultado}`);
      for (const [que, id] of Object.entries(ids)) console.log(`  ${que.padEnd(9)} ${id}`);
      console.log(`  deno task sigue ${solicitud}`);
    } catch (e) {
      if (!(e instanceof Unexpected)) throw e;
      console.error(`✗ ${nombre}: ${e.message}\n  deno task sigue ${e.requestId}`);
      Deno.exitCode = 1;
    }
  }
}
await orExit(main);
