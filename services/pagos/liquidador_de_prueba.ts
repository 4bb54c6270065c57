import { v7 } from "uuid";
import { openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import { postgresUnitOfWork } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { iniciarLiquidador } from "./adapters/liquidador.ts";
import { postgresAgendaLiquidaciones } from "./adapters/postgres_liquidaciones_agenda.ts";
import { postgresLiquidaciones } from "./adapters/postgres_liquidaciones.ts";
import { postgresPagos } from "./adapters/postgres.ts";
import { comandosLiquidaciones } from "./application/liquidaciones.ts";
import { confirmarTanda } from "./application/liquidar.ts";
import { TIEMPOS } from "./domain/agenda.ts";

/** A worker of payout runs in a process of its own, which a test can kill: two payouts at a time, and slowly. */
if (import.meta.main) {
  const [url = ""] = Deno.args;
  const db = openDatabase({ url, role: "alpes_pagos" });
  const confirmar = confirmarTanda(postgresUnitOfWork(db, postgresPagos, { newId: v7 }), TIEMPOS);
  const uow = postgresUnitOfWork(db, postgresLiquidaciones, { newId: v7 });
  iniciarLiquidador({
    agenda: postgresAgendaLiquidaciones(db),
    async confirmar(e, payouts) {
      await confirmar(e, payouts);
      await new Promise((r) => setTimeout(r, 20));
    },
    terminar: comandosLiquidaciones({ uow, newId: v7, cuatroOjos: true }).terminar,
    onError: (e) => console.error(e),
    arriendo: 1_000,
    tanda: 2,
  });
}
