import type { Denegado } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Comando, Rechazo as RechazoDominio } from "../domain/comandos.ts";
import type { Cambios, CampoInvalido } from "../domain/datos.ts";
import type { EstadoCampania } from "../domain/estado.ts";
import { type Avance, ordenar } from "../domain/proceso.ts";
import type { Entorno } from "../domain/saga.ts";
import { cambiosDe, datosDeEntrada, type Entrada } from "./entrada.ts";
import type { Estados } from "./ports.ts";

export type Rechazo =
  | RechazoDominio
  | Denegado
  | { readonly tipo: "version_obsoleta" }
  /** Who a campaign belongs to does not change. */
  | { readonly tipo: "cliente_fijo" }
  /** Its saga waits for nobody. */
  | { readonly tipo: "nada_que_reintentar" };

export interface Edicion {
  readonly entrada: Entrada;
  /** PUT: fields that are not named are emptied. */
  readonly completa: boolean;
  readonly idCliente: string | null;
  /** The step to make besides, if it is not the state already. */
  readonly estado: EstadoCampania | null;
  readonly motivo: string | null;
  readonly sin_anticipo: boolean;
}

export const motivoPorDefecto = (quien: string) => `cancelada por ${quien}`;
/** Nothing happens. */
export const quieto = ({ campania, saga }: Estados): Avance => ({
  campania: campania.estado,
  saga,
  eventos: [],
  mensajes: [],
});

/** Changes the descriptive fields, then makes the operator's step; both or none. */
export function editar(antes: Estados, o: Edicion, quien: string, e: Entorno): Result<Avance, Rechazo> {
  const c = antes.campania.estado;
  if (c.estado === "INEXISTENTE") return err({ tipo: "no_existe" });
  if (o.idCliente !== null && o.idCliente !== c.idCliente) return err({ tipo: "cliente_fijo" });
  const leidos: Result<Cambios, readonly CampoInvalido[]> = o.completa
    ? datosDeEntrada(o.entrada, c.datos)
    : cambiosDe(o.entrada, c.datos);
  if (!leidos.ok) return err({ tipo: "datos_invalidos", campos: leidos.error });
  const pagoPedido = Object.keys(antes.saga.pagos).length > 0;
  // A step alone is not an edit: a closed campaign refuses it by its own reason.
  const soloPaso = o.estado !== null && Object.keys(leidos.value).length === 0;
  if (soloPaso && o.estado === c.estado) return err({ tipo: "ya_decidida", estado: c.estado });
  const editada = soloPaso
    ? ok(quieto(antes))
    : ordenar({ tipo: "editar", cambios: leidos.value, pagoPedido, en: e.en }, c, antes.saga, e);
  if (!editada.ok || o.estado === null || o.estado === c.estado) return editada;
  const a = editada.value;
  const comando = paso(o, c.estado, o.estado, quien, e.en);
  if (comando === null) return err({ tipo: "transicion_invalida", desde: c.estado, hacia: o.estado });
  const b = ordenar(comando, a.campania, a.saga, e);
  return b.ok
    ? ok({
      ...b.value,
      eventos: [...a.eventos, ...b.value.eventos],
      mensajes: [...a.mensajes, ...b.value.mensajes],
    })
    : b;
}

/** The command that makes this step; null: no operator makes it. */
function paso(
  o: Edicion,
  desde: EstadoCampania,
  hacia: EstadoCampania,
  quien: string,
  en: Date,
): Comando | null {
  const { motivo, sin_anticipo } = o;
  switch (hacia) {
    case "PENDIENTE":
      return null;
    case "APROBADA":
      return desde === "PAUSADA"
        ? { tipo: "reanudar", motivo, en }
        : { tipo: "aprobar", sin_anticipo, motivo, en };
    case "PAUSADA":
      return { tipo: "pausar", motivo, en };
    case "FINALIZADA":
      return { tipo: "finalizar", motivo, en };
    case "CANCELADA":
      return { tipo: "cancelar", origen: "OPERADOR", motivo: motivo ?? motivoPorDefecto(quien), en };
  }
}
