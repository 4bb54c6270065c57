import { DevolucionPspSchema, NoExistePspSchema, PagoPspSchema } from "@alpes/shared/contracts/psp.ts";
import { CABECERA_FIRMA, firmar } from "@alpes/shared/contracts/psp_firma.ts";
import { type Dinero, montoTexto } from "@alpes/shared/seedwork/money.ts";
import { INCOMPRENSIBLE, juzgar } from "../../application/juzgar.ts";
import type { Psp, RespuestaPsp } from "../../application/ports.ts";

export interface OpcionesPsp {
  /** Where the provider answers, without a trailing slash. */
  readonly url: string;
  /** Shared with the provider; signs what is asked. */
  readonly secreto: string;
  /** How long one answer may take, ms. */
  readonly plazo: number;
  /** Milliseconds since 1970. */
  readonly reloj: () => number;
}

/** No answer of the protocol is longer. */
const MAXIMO = 64 * 1024;
const desconocido = (motivo: string): RespuestaPsp & { tipo: "desconocido" } => ({
  tipo: "desconocido",
  motivo,
});

/**
 * The provider over HTTP. Only a 200 of the protocol's own shape about this very key and amount is an answer; whatever
 * else comes, or does not come, is `desconocido`, and is asked for again by key.
 */
export function httpPsp({ url, secreto, plazo, reloj }: OpcionesPsp): Psp {
  async function pedir(
    metodo: "GET" | "POST",
    ruta: string,
    clave: string,
    cuerpo: object | null,
  ): Promise<{ readonly status: number; readonly json: unknown } | { readonly motivo: string }> {
    const texto = cuerpo === null ? "" : JSON.stringify(cuerpo);
    const firma = await firmar(secreto, reloj(), `${metodo} ${ruta}`, new TextEncoder().encode(texto));
    const signal = AbortSignal.timeout(plazo);
    try {
      const r = await fetch(url + ruta, {
        method: metodo,
        // Whoever sends us elsewhere is not the provider that we know.
        redirect: "manual",
        signal,
        headers: {
          "Accept": "application/json",
          "Idempotency-Key": clave,
          [CABECERA_FIRMA]: firma,
          ...(cuerpo === null ? {} : { "Content-Type": "application/json" }),
        },
        ...(cuerpo === null ? {} : { body: texto }),
      });
      return { status: r.status, json: await leerJson(r) };
    } catch {
      return {
        motivo: signal.aborted
          ? "el proveedor no contestó a tiempo"
          : "se cortó la conexión con el proveedor",
      };
    }
  }

  return {
    async pagar(orden) {
      const { clave, payout_id, monto, mascara } = orden;
      const dicho = { valor: montoTexto(monto), moneda: monto.moneda };
      const r = await pedir("POST", "/pagos", clave, { clave, payout_id, monto: dicho, mascara });
      return "motivo" in r ? desconocido(r.motivo) : leer(r, clave, monto);
    },

    async consultar({ clave, monto }) {
      const r = await pedir("GET", `/pagos/${encodeURIComponent(clave)}`, clave, null);
      if ("motivo" in r) return desconocido(r.motivo);
      if (r.status === 404 && NoExistePspSchema.safeParse(r.json).data?.clave === clave) {
        return { tipo: "no_existe" };
      }
      return leer(r, clave, monto);
    },

    async devolver(clave) {
      const r = await pedir("POST", `/pagos/${encodeURIComponent(clave)}/devolucion`, clave, { clave });
      if ("motivo" in r || r.status !== 200) return false;
      return DevolucionPspSchema.safeParse(r.json).data?.clave === clave;
    },
  };
}

function leer(r: { readonly status: number; readonly json: unknown }, clave: string, monto: Dinero) {
  if (r.status !== 200) return desconocido(`el proveedor contestó ${r.status}`);
  const leido = PagoPspSchema.safeParse(r.json);
  return leido.success ? juzgar(leido.data, clave, monto) : INCOMPRENSIBLE;
}

/** `undefined`: not JSON. */
async function leerJson(r: Response): Promise<unknown> {
  if (r.body === null) return undefined;
  const partes: Uint8Array[] = [];
  let bytes = 0;
  for await (const parte of r.body) {
    bytes += parte.byteLength;
    if (bytes > MAXIMO) return undefined;
    partes.push(parte);
  }
  try {
    return JSON.parse(await new Blob(partes as BlobPart[]).text());
  } catch {
    return undefined;
  }
}
