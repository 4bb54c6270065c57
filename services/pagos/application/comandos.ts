import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import { TIEMPOS, type Tiempos } from "../domain/agenda.ts";
import { anotarCampania } from "./campanias.ts";
import { registrarCiclo } from "./ciclos.ts";
import { anotarCliente, fijarCondiciones } from "./condiciones.ts";
import type { Dormir } from "./espera.ts";
import { importarTransacciones } from "./importar.ts";
import { pagarCampania } from "./pedir_campania.ts";
import { pagarPartner } from "./pedir_partner.ts";
import type { Pagos, UnidadPagos } from "./ports.ts";
import { reembolsar } from "./reembolsar.ts";
import { revertir, revertirDeCampania } from "./revertir.ts";
import { registrarTarifa, terminarTarifa } from "./tarifas.ts";
import { registrarTransacciones } from "./transacciones.ts";

export interface PuertosPagos {
  readonly uow: UnidadPagos;
  readonly pagos: Pick<Pagos, "transaccion">;
  readonly newId: NewId;
  readonly dormir: Dormir;
  readonly tiempos?: Tiempos;
}
export type ComandosPagos = ReturnType<typeof comandosPagos>;

/** The writes of the module; each is a file of its own. */
export function comandosPagos({ uow, pagos, newId, dormir, tiempos = TIEMPOS }: PuertosPagos) {
  return {
    pagarPartner: pagarPartner(uow, newId, tiempos),
    pagarCampania: pagarCampania(uow, newId, tiempos, dormir),
    revertir: revertir(uow, tiempos),
    revertirDeCampania: revertirDeCampania(uow, tiempos),
    registrarTransacciones: registrarTransacciones(uow, newId, dormir),
    importarTransacciones: importarTransacciones(uow, newId),
    reembolsar: reembolsar(uow, pagos, newId),
    registrarCiclo: registrarCiclo(uow, newId),
    registrarTarifa: registrarTarifa(uow, newId),
    terminarTarifa: terminarTarifa(uow),
    fijarCondiciones: fijarCondiciones(uow),
    anotarCliente: anotarCliente(uow),
    anotarCampania: anotarCampania(uow, tiempos),
  };
}
