import { readConfig } from "@alpes/shared/http/config.ts";
import { setupLogs } from "@alpes/shared/http/log.ts";
import { PROBE, probe } from "@alpes/shared/http/probe.ts";
import { serve } from "@alpes/shared/http/serve.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { orExit } from "@alpes/shared/http/startup_failure.ts";
import { leerConsola } from "./adapters/consola.ts";
import { componerBff } from "./componer.ts";
import paquete from "./deno.json" with { type: "json" };

if (import.meta.main) {
  await orExit(async () => {
    const config = readConfig(bffSettings, Deno.env.toObject());
    if (Deno.args[0] === PROBE) await probe(config.BFF_PORT);
    const level = config.BFF_DEBUG ? "debug" : config.LOG_LEVEL;
    setupLogs({ level, format: config.LOG_FORMAT, servicio: "bff" });
    await using resources = new AsyncDisposableStack();
    const { app, ready } = componerBff(config, paquete.version, resources, await leerConsola());
    const closing = resources.move();
    await serve(app.fetch, {
      host: config.BFF_HOST,
      port: config.BFF_PORT,
      servicio: "bff",
      version: paquete.version,
      readiness: ready,
      close: () => closing.disposeAsync(),
    });
  });
}
