import { campanias } from "@alpes/services/campanias/main.ts";
import { cliente } from "@alpes/services/cliente/main.ts";
import { pagos } from "@alpes/services/pagos/main.ts";
import { componerBff } from "@alpes/bff/componer.ts";
import { serviceSettings } from "../http/settings.ts";
import { bffSettings } from "../http/settings_bff.ts";
import { composeService } from "../process/service.ts";
import { VERSION } from "../process/version.ts";

// Nobody listens there: what a process answers does not depend on what it stands on.
const NOWHERE = "postgres://nobody@127.0.0.1:1/nothing";

type Proceso = Parameters<typeof composeService>[0];
type Modules = Parameters<typeof composeService>[1];

/** Every process as its composition root makes it, but without a port. What they open goes into `resources`. */
export async function processes(resources: AsyncDisposableStack) {
  const config = serviceSettings(5000).parse({
    DATABASE_URL: NOWHERE,
    AUTH_MODE: "ninguna",
    LOG_FORMAT: "json",
  });
  const of = async (proceso: Proceso, modules: Modules) =>
    (await composeService(proceso, modules, config, resources)).app;
  return {
    alpespartners: await of("alpespartners", { cliente, campanias, pagos }),
    cliente: await of("cliente", { cliente }),
    campanias: await of("campanias", { campanias }),
    pagos: await of("pagos", { pagos }),
    bff: componerBff(
      bffSettings.parse({ AUTH_MODE: "ninguna", ALPESPARTNERS_SERVICE_URL: "http://127.0.0.1:1" }),
      VERSION,
      resources,
    ).app,
  };
}
