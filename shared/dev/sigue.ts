import { parseArgs } from "node:util";
import { orExit, StartupFailure } from "../http/startup_failure.ts";
import { assertRunning, bffUrl, httpApi } from "./demo_api.ts";
import { type Hecho, historia } from "./sigue_historia.ts";

/** After so many milliseconds without anything new the story is told; `--vivo` goes on until Ctrl-C. */
const CALLA_MS = 3_000;

/** `deno task sigue <X-Request-Id> [--vivo] [--json]`: what became of one request, from HTTP to the ledger, as it happens. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { vivo: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
  });
  const [solicitud] = positionals;
  if (solicitud === undefined) {
    throw new StartupFailure(
      "which request?",
      "its X-Request-Id is missing; a scenario prints the one that began it",
      "deno task dispara anticipo",
    );
  }
  const api = httpApi(bffUrl());
  await assertRunning(api);
  const dichos = new Set<string>();
  let ultimo = performance.now();
  let anterior: string | null = null;
  while (true) {
    for (const h of await historia(api, solicitud)) {
      const clave = JSON.stringify(h);
      if (dichos.has(clave)) continue;
      dichos.add(clave);
      ultimo = performance.now();
      console.log(values.json ? clave : linea(h, anterior));
      anterior = h.en;
    }
    if (!values.vivo && performance.now() - ultimo > CALLA_MS) break;
    await new Promise((r) => setTimeout(r, 500));
  }
  if (dichos.size > 0) return;
  throw new StartupFailure(
    `nothing is known of request ${solicitud}`,
    "it only read, was refused before it began, or is older than what the feeds keep",
    `curl -s '${api.base}/api/v1/auditoria?solicitud=${encodeURIComponent(solicitud)}'`,
  );
}

/** Time, how long after the line before, module, kind of step, what. */
function linea(h: Hecho, anterior: string | null): string {
  const tras = anterior === null ? "" : `+${Math.max(0, Date.parse(h.en) - Date.parse(anterior))} ms`;
  return `${h.en.slice(11, 23)} ${tras.padStart(9)}  ${h.modulo.padEnd(9)} ${h.paso.padEnd(11)} ${h.que}`;
}
await orExit(main);
