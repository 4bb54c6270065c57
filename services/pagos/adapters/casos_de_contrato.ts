import assert from "node:assert/strict";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { Aceptado } from "../application/pedir_partner.ts";
import type { PagoVisto, Psp, RespuestaPsp } from "../application/ports.ts";
import type { Rechazo } from "../application/rechazo.ts";
import { saldar } from "../application/saldar.ts";
import { contexto, enMemoria, enPostgres, type ModuloDePrueba, venta } from "../modulo_de_prueba.ts";

const adapters: Record<string, () => Promise<ModuloDePrueba>> = {
  memory: () => enMemoria(),
  PostgreSQL: () => enPostgres(),
};

/** One test of the contract that both adapters hold. */
export function caso(nombre: string, prueba: (m: ModuloDePrueba) => Promise<void>): void {
  for (const [adapter, abrir] of Object.entries(adapters)) {
    Deno.test(`pagos in ${adapter}: ${nombre}`, async () => {
      await using m = await abrir();
      await prueba(m);
    });
  }
}

export const idDe = (r: Result<Aceptado, Rechazo>): string => r.ok ? r.value.id : assert.fail(r.error.tipo);
export const rechazoDe = (r: Result<unknown, { tipo: string }>): string =>
  r.ok ? assert.fail("was not refused") : r.error.tipo;
export const ver = async (m: ModuloDePrueba, id: string): Promise<PagoVisto> =>
  await m.pagos.obtener(id) ?? assert.fail(`there is no ${id}`);

export const enero = { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31", estado: "ABIERTO" } as const;
export async function registrar(m: ModuloDePrueba, ...entradas: Parameters<typeof venta>[]): Promise<void> {
  const r = await m.comandos.registrarTransacciones(contexto(), entradas.map((e) => venta(...e)));
  if (!r.ok) assert.fail(JSON.stringify(r.error));
}

/** A provider that always answers the same. */
export const psp = (
  respuesta: RespuestaPsp = { tipo: "pagado", referencia: "ref-1", comision: null },
): Psp => ({
  pagar: () => Promise.resolve(respuesta),
  consultar: () => Promise.resolve(respuesta),
  devolver: () => Promise.resolve(true),
});
const SIN_ESPERAS = {
  campaniaDesconocida: 30_000,
  ultimaPregunta: 600_000,
  automatico: 0,
  rescate: 60_000,
  primeraConsulta: 0,
  ultimaConsulta: 0,
};
/** Takes every step that is due, `vueltas` times. */
export async function saldarTodo(m: ModuloDePrueba, proveedor: Psp = psp(), vueltas = 3): Promise<void> {
  let serie = 0;
  const paso = saldar(m.uow, proveedor, () => `k${++serie}`, SIN_ESPERAS);
  for (let i = 0; i < vueltas; i++) {
    for (const t of await m.agenda.tomar(100, 60_000)) await paso(t);
  }
}
