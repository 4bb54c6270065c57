import type { Decider } from "@alpes/shared/seedwork/decider.ts";
import type { Comando, Evento, Payout, RechazoPayout } from "./payout.ts";
import { decidir } from "./payout_decidir.ts";
import { evolucionar } from "./payout_evolucionar.ts";

export const payoutDecider: Decider<Payout, Comando, Evento, RechazoPayout> = {
  inicial: { estado: "inexistente" },
  decide: decidir,
  evolve: evolucionar,
};
