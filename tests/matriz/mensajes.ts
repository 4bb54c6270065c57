import { v7 } from "uuid";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import type { Actor, Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Accion } from "@alpes/shared/seedwork/policy.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { RequestContext } from "@alpes/shared/seedwork/unit_of_work.ts";
import { memoryCampania } from "@alpes/services/campanias/adapters/memory.ts";
import { comandosCampanias } from "@alpes/services/campanias/application/comandos.ts";
import { memoryCliente } from "@alpes/services/cliente/adapters/memory.ts";
import { comandosCliente } from "@alpes/services/cliente/application/comandos.ts";
import { memoryPagos } from "@alpes/services/pagos/adapters/memory.ts";
import { memoryConsultasPagos } from "@alpes/services/pagos/adapters/memory_consultas.ts";
import { comandosPagos } from "@alpes/services/pagos/application/comandos.ts";

/** Lines that no operation asks: what messages alone do. */
export const DE_MENSAJES = ["cliente.anotar", "campanias.anotar", "pagos.anotar"];

export interface SondaDirecta {
  readonly nombre: string;
  readonly accion: Accion;
  /** Calls the use case; says whether it was refused for who asks. */
  readonly llamar: (actor: Actor) => Promise<"si" | "no">;
}

const clock = () => new Date();
const ports = { clock, newId: v7 };
const de = (actor: Actor): RequestContext => ({
  actor,
  correlation_id: "x",
  causation_id: "x",
  traceparent: null,
  dedup: null,
});
export const conRol = (rol: Rol): Actor =>
  rol === "servicio"
    ? { tipo: "servicio", id: "prueba" }
    : { tipo: "persona", id: "ana", roles: [rol], cliente: "c-zuno" };

/** The use cases that messages call, called by anybody. */
export function sondasDirectas(): readonly SondaDirecta[] {
  const cliente = comandosCliente(memoryUnitOfWork(memoryCliente, ports));
  const campanias = comandosCampanias({
    uow: memoryUnitOfWork(memoryCampania, ports),
    newId: v7,
    plazo: 60_000,
  });
  const uow = memoryUnitOfWork(memoryPagos, ports);
  const pagos = comandosPagos({
    uow,
    pagos: memoryConsultasPagos(uow.state),
    newId: v7,
    dormir: () => Promise.resolve(),
  });
  const usd = { unidades: 1n, moneda: "USD" } as const;
  const una = (
    nombre: string,
    accion: Accion,
    llamar: (c: RequestContext) => Promise<Result<unknown, { readonly tipo: string }>>,
  ): SondaDirecta => ({
    nombre,
    accion,
    async llamar(actor) {
      const r = await llamar(de(actor));
      return !r.ok && (r.error.tipo === "prohibido" || r.error.tipo === "oculto") ? "no" : "si";
    },
  });
  const anotar = "campanias.anotar";
  return [
    una("a payment of a cliente", "cliente.anotar", (c) => cliente.anotarPago(c, "c-1", "p-1", clock())),
    una(
      "a campaign of a cliente",
      "cliente.anotar",
      (c) => cliente.anotarCampania(c, "c-1", "APROBAR_CAMPANIA"),
    ),
    una(
      "the payment of a campaign",
      anotar,
      (c) => campanias.anotar(c, "k-1", { tipo: "PagoSolicitado", idPago: "p-1" }),
    ),
    una("whether there is a campaign", anotar, (c) => campanias.responder(c, "k-9")),
    una("the expense of a campaign", anotar, (c) => campanias.registrarGasto(c, "k-1", usd, null)),
    una("the end of a budget", anotar, (c) => campanias.agotarPresupuesto(c, "k-1")),
    una(
      "the replica of a campaign",
      "pagos.anotar",
      (c) => pagos.anotarCampania(c, "k-1", { tipo: "estado", estado: "APROBADA" }),
    ),
    una("that there is no campaign", "pagos.anotar", (c) => pagos.negarCampania(c, "k-9")),
    una(
      "whether a cliente may be paid",
      "pagos.anotar",
      (c) => pagos.anotarCliente(c, { id: "c-1", estado: "ACTIVO", version: 1 }),
    ),
    una("the end of a hold", "pagos.anotar", (c) => pagos.liberar(c, ["t-1"])),
    una(
      "the provider's word",
      "pagos.anotar",
      (c) => pagos.asentar(c, { clave: "x", monto: usd, resultado: { tipo: "no_pagado", razon: "x" } }),
    ),
    una("the saga's reversal", "pagos.revertir", (c) => pagos.revertirDeCampania(c, "p-1", null, "x")),
  ];
}
