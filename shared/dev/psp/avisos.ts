import { CABECERA_FIRMA, firmar } from "@alpes/shared/contracts/psp_firma.ts";
import { respuesta } from "./app.ts";
import type { Registro } from "./registro.ts";

export interface OpcionesAvisos {
  readonly registro: Registro;
  /** Whom to call, e.g. `http://127.0.0.1:5000/pagos/avisos-psp`. */
  readonly url: string;
  readonly secreto: string;
  readonly reloj: () => number;
}

/** Tells the customer what was decided, signed, until it is taken; several at a time, and one never twice at once. */
export function iniciarAvisos({ registro, url, secreto, reloj }: OpcionesAvisos) {
  let parando = false;
  let despertar = () => {};

  async function llamar(id: string, clave: string): Promise<void> {
    const a = registro.leer(clave);
    if (a === null) return registro.avisado(id);
    const cuerpo = new TextEncoder().encode(JSON.stringify({ id, ...respuesta(a, reloj()) }));
    const firma = await firmar(secreto, reloj(), "aviso", cuerpo);
    const tomado = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", [CABECERA_FIRMA]: firma },
      body: cuerpo,
      signal: AbortSignal.timeout(5_000),
    }).then(async (r) => {
      await r.body?.cancel();
      // What was refused for good is refused again the next time.
      return r.ok || r.status >= 400 && r.status < 500 && r.status !== 408 && r.status !== 429;
    }).catch(() => false);
    if (tomado) registro.avisado(id);
    else registro.aplazar(id, reloj());
  }

  const bucle = (async () => {
    while (!parando) {
      const debidos = registro.avisosDebidos(reloj(), 8);
      await Promise.all(debidos.map((a) => llamar(a.id, a.clave)));
      if (debidos.length === 0) {
        await new Promise<void>((r) => {
          const t = setTimeout(r, 200);
          despertar = () => {
            clearTimeout(t);
            r();
          };
        });
      }
    }
  })();
  return {
    wake: () => despertar(),
    async [Symbol.asyncDispose]() {
      parando = true;
      despertar();
      await bucle;
    },
  };
}
