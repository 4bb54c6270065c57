import {
  ClaveCanjeadaSchema,
  type IdentidadJson,
  IdentidadSchema,
} from "@alpes/shared/contracts/seguridad.ts";
import { believed } from "@alpes/shared/http/believed.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import { type Identidades, type Llamada, type Negativa, type Servicio, SERVICIOS } from "../ports.ts";
import type { Servidor } from "./http.ts";

/** A credential is believed for so long: with the services' own two seconds a revocation bites within five. */
const SE_CREE_MS = 2_000;
/** The question is shared by all who present the credential, so its deadline is its own. */
const PLAZO_MS = 5_000;

/** A question without an answer on its way through what remembers answers. */
class SinIdentidad extends Error {
  constructor(readonly negativa: Negativa) {
    super(negativa.tipo);
  }
}

/** `Identidades` as the services know them: the first that answers decides. */
export function httpIdentidades(
  servidores: Readonly<Record<Servicio, Servidor>>,
  newId: () => string,
  ahora?: () => number,
): Identidades {
  async function preguntar(credencial: string): Promise<IdentidadJson | null> {
    const l: Llamada = {
      llamador: "",
      // A service that asks nobody who he is would call anybody its operator: it knows nobody by this.
      cabeceras: { "x-request-id": newId(), authorization: `Bearer ${credencial}`, "x-actor": "anonimo" },
      plazo: performance.now() + PLAZO_MS,
    };
    let ultima: Negativa | null = null;
    for (const s of SERVICIOS) {
      const r = await servidores[s].leer({ ruta: `/${s}/operacion/identidad` }, IdentidadSchema, l);
      if (r.ok) return r.value.valor;
      if (r.error.tipo === "rechazo" && r.error.status === 401) return null;
      ultima = r.error;
      if (r.error.tipo === "rechazo") break;
    }
    if (ultima === null) throw new Error("no service was asked");
    throw new SinIdentidad(ultima);
  }
  const quien = believed(preguntar, SE_CREE_MS, ahora);

  return {
    async de(credencial) {
      try {
        return ok(await quien(credencial));
      } catch (e) {
        if (e instanceof SinIdentidad) return err(e.negativa);
        throw e;
      }
    },
    canjear: (codigo, l) =>
      servidores.cliente.enviar(
        "/cliente/operacion/claves/canjear",
        JSON.stringify({ codigo }),
        {},
        ClaveCanjeadaSchema,
        l,
      ),
  };
}
