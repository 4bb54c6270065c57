import { runService } from "@alpes/shared/process/service.ts";
import { campanias } from "./campanias/main.ts";
import { cliente } from "./cliente/main.ts";
import { pagos } from "./pagos/main.ts";

/** The three services in one process. */
if (import.meta.main) await runService("alpespartners", { cliente, campanias, pagos });
