import assert from "node:assert/strict";
import fc from "fast-check";
import { contexto, enMemoria, partner } from "../../modulo_de_prueba.ts";
import type { Psp, RespuestaPsp } from "../../application/ports.ts";
import { saldar } from "../../application/saldar.ts";

/** What may happen to one call of the provider's: whether it acts, and what comes back. */
const suceso = fc.constantFrom(
  "bien",
  "paga_y_calla",
  "calla",
  "rechaza",
  "muere_antes",
  "muere_despues",
  "otro",
);
type Suceso = "bien" | "paga_y_calla" | "calla" | "rechaza" | "muere_antes" | "muere_despues" | "otro";

/** A provider that decides a key once, for good, and is otherwise as unlucky as it is told. */
function desgraciado(sucesos: readonly Suceso[]) {
  const decididas = new Map<string, { readonly pago: boolean; readonly payout_id: string }>();
  const cola = [...sucesos];
  const sabe = (clave: string): RespuestaPsp =>
    decididas.get(clave)?.pago
      ? { tipo: "pagado", referencia: `r-${clave}`, comision: null }
      : { tipo: "no_pagado", razon: "no" };
  const callado: RespuestaPsp = { tipo: "desconocido", motivo: "silencio" };
  const llamada = (clave: string, payout_id: string | null): Promise<RespuestaPsp> => {
    const s = cola.shift() ?? "bien";
    if (s === "muere_antes") return new Promise(() => {});
    if (payout_id !== null && s !== "calla" && s !== "otro" && !decididas.has(clave)) {
      decididas.set(clave, { pago: s !== "rechaza", payout_id });
    }
    if (s === "muere_despues") return new Promise(() => {});
    return Promise.resolve(decididas.has(clave) && (s === "bien" || s === "rechaza") ? sabe(clave) : callado);
  };
  const psp: Psp = {
    pagar: (o) => llamada(o.clave, o.payout_id),
    consultar: (o) =>
      decididas.has(o.clave) ? llamada(o.clave, null) : Promise.resolve({ tipo: "no_existe" }),
    devolver: (clave) => Promise.resolve(decididas.get(clave)?.pago === true),
  };
  return { psp, decididas };
}

Deno.test("whoever dies, whatever is not answered: a payout is paid once, and we know it in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(suceso, { maxLength: 8 }), async (sucesos) => {
      let ahora = Date.now();
      const tiempos = {
        campaniaDesconocida: 1,
        ultimaPregunta: 1,
        automatico: 0,
        rescate: 1_000,
        primeraConsulta: 10,
        ultimaConsulta: 100,
      };
      await using m = await enMemoria(tiempos, () => new Date(ahora));
      const { psp, decididas } = desgraciado(sucesos);
      const r = await m.comandos.pagarPartner(contexto(), partner("p-1", "c-1", { total: "10.00" }));
      assert.ok(r.ok);
      let serie = 0;
      for (let i = 0; i < 2 * sucesos.length + 4; i++) {
        const paso = saldar(m.uow, psp, () => `k${++serie}`, tiempos);
        for (const t of await m.agenda.tomar(10, 1_000)) {
          // Who died comes no further; after its lease somebody else takes over.
          void paso(t);
          for (let n = 0; n < 40; n++) await Promise.resolve();
        }
        ahora += 1_001;
      }
      const p = (await m.pagos.obtener(r.value.id))?.payout ?? assert.fail();
      const pagadas = [...decididas.values()].filter((d) => d.pago);
      assert.ok(pagadas.length <= 1);
      assert.equal(decididas.size, 1);
      assert.equal(p.estado, pagadas.length === 1 ? "EXITOSO" : "FALLIDO");
      assert.equal(p.intentos.length, 1);
    }),
    { numRuns: 1_000 },
  );
});
