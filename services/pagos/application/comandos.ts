import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { TIEMPOS, type Tiempos } from "../domain/agenda.ts";
import { asentar } from "./asentar.ts";
import { anotarCampania, negarCampania } from "./campanias.ts";
import { registrarCiclo } from "./ciclos.ts";
import { anotarCliente, fijarCondiciones } from "./condiciones.ts";
import type { Dormir } from "./espera.ts";
import { importarTransacciones } from "./importar.ts";
import { liberar } from "./liberar.ts";
import { pagarCampania } from "./pedir_campania.ts";
import { pagarPartner } from "./pedir_partner.ts";
import type { Entrega, Pagos, UnidadPagos } from "./ports.ts";
import { reembolsar } from "./reembolsar.ts";
import { revertir, revertirDeCampania } from "./revertir.ts";
import { registrarTarifa, terminarTarifa } from "./tarifas.ts";
import { registrarTransacciones } from "./transacciones.ts";

export interface PuertosPagos {
  readonly uow: UnidadPagos;
  readonly pagos: Pick<Pagos, "transaccion" | "intento">;
  readonly newId: NewId;
  readonly dormir: Dormir;
  readonly tiempos?: Tiempos;
  /** Absent: what is due is found by the agenda. */
  readonly entrega?: Entrega;
  /** Days for which a commission is held where nothing else was agreed. */
  readonly retencion?: number;
}
export type ComandosPagos = ReturnType<typeof comandosPagos>;

/** The writes of the module; each is a file of its own. */
export function comandosPagos(
  { uow, pagos, newId, dormir, tiempos = TIEMPOS, retencion = 0, entrega }: PuertosPagos,
) {
  return {
    pagarPartner: pagarPartner(uow, newId, tiempos, entrega ?? null),
    pagarCampania: pagarCampania(uow, newId, tiempos, dormir),
    revertir: revertir(uow, tiempos),
    revertirDeCampania: revertirDeCampania(uow, tiempos),
    asentar: asentar(uow, pagos, tiempos),
    registrarTransacciones: registrarTransacciones(uow, newId, dormir, retencion),
    liberar: liberar(uow),
    importarTransacciones: importarTransacciones(uow, newId, retencion),
    reembolsar: reembolsar(uow, pagos, newId),
    registrarCiclo: registrarCiclo(uow, newId),
    registrarTarifa: registrarTarifa(uow, newId),
    terminarTarifa: terminarTarifa(uow),
    fijarCondiciones: fijarCondiciones(uow),
    anotarCliente: anotarCliente(uow),
    anotarCampania: anotarCampania(uow, tiempos),
    negarCampania: negarCampania(uow, tiempos),
  };
}
