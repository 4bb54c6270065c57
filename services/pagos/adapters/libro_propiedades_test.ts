import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryUnitOfWork } from "@alpes/shared/adapters/memory/unit_of_work.ts";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { comandosPagos } from "../application/comandos.ts";
import type { Psp, RespuestaPsp } from "../application/ports.ts";
import { saldar } from "../application/saldar.ts";
import {
  AJUSTES,
  type Cuenta,
  disponible,
  enPago,
  presupuesto,
  retenido,
  sinDescubierto,
} from "../domain/libro/cuentas.ts";
import { sinEmpezar, vivo } from "../domain/payout.ts";
import { campania, contexto, mensaje, partner, TIEMPOS_DE_PRUEBA, venta } from "../modulo_de_prueba.ts";
import { type EstadoPagos, memoryPagos, memoryRetenidas } from "./memory.ts";
import { memoryConsultasPagos } from "./memory_consultas.ts";

const PARTNERS = ["p-1", "p-2"];
const CAMPANIAS = ["ca-1", "sin-presupuesto"];
const DIA = 86_400_000;

const acto = fc.record({
  tipo: fc.constantFrom(
    "comision",
    "comision",
    "reembolso",
    "reembolso",
    "pasan_dias",
    "libera",
    "pagar",
    "pagar",
    "paga_campania",
    "paso",
    "paso",
    "paso",
    "revertir",
    "edita",
    "cancela",
  ),
  n: fc.nat(30),
  unidades: fc.nat(400),
  respuesta: fc.constantFrom<RespuestaPsp["tipo"]>("pagado", "pagado", "no_pagado", "desconocido"),
  fee: fc.option(fc.nat(2), { nil: null }),
});
type Acto = typeof acto extends fc.Arbitrary<infer A> ? A : never;

/** The module in memory on a clock of its own, with two campaigns; commissions are held for two days or not at all. */
async function mundo(retencion: number) {
  let ahora = Date.parse("2026-01-01T00:00:00Z");
  let serie = 0;
  const clock = () => new Date(ahora);
  const newId = () => `id-${++serie}`;
  const uow = memoryUnitOfWork(memoryPagos, { clock, newId });
  const pagos = memoryConsultasPagos(uow.state);
  const comandos = comandosPagos({
    uow,
    pagos,
    newId,
    dormir: () => Promise.resolve(),
    tiempos: TIEMPOS_DE_PRUEBA,
    retencion,
  });
  const retenidas = memoryRetenidas(uow.state, clock);
  await comandos.registrarCiclo(contexto(), {
    id: "c",
    inicio: "2026-01-01",
    fin: "2026-12-31",
    estado: "ABIERTO",
  });
  for (const idCampania of CAMPANIAS) {
    const monto = idCampania === "ca-1" ? dinero(500n, "USD") : null;
    await comandos.anotarCampania(mensaje(), idCampania, {
      tipo: "creada",
      idCampania,
      idCliente: "cl-1",
      presupuesto: monto,
      anticipo: null,
    });
    await comandos.anotarCampania(mensaje(), idCampania, { tipo: "estado", estado: "APROBADA" });
  }
  const uno = <T>(xs: readonly T[], n: number): T | undefined =>
    xs.length === 0 ? undefined : xs[n % xs.length];

  async function hacer({ tipo, n, unidades, respuesta, fee }: Acto): Promise<void> {
    const s = uow.state();
    const p = PARTNERS[n % 2] ?? "p-1";
    const c = uno([null, ...CAMPANIAS], n) ?? null;
    const valor = dinero(BigInt(unidades), "USD");
    const texto = `${valor.unidades / 100n}.${String(valor.unidades % 100n).padStart(2, "0")}`;
    switch (tipo) {
      case "comision":
        await comandos.registrarTransacciones(contexto(), [
          venta(newId(), p, { idCampania: c, comision: { valor: texto, moneda: "USD" } }),
        ]);
        return;
      case "reembolso":
        await comandos.reembolsar(contexto(), uno([...s.transacciones.keys()], n) ?? "nadie", "error");
        return;
      case "pasan_dias":
        ahora += (n % 3) * DIA;
        return;
      case "libera":
        await comandos.liberar(mensaje(), await retenidas.debidas(n));
        return;
      case "pagar":
        // Sometimes of a cycle without commissions, for an amount.
        await comandos.pagarPartner(
          contexto(),
          n < 20 ? partner(p, "c") : partner(p, `otro-${n}`, { total: texto }),
        );
        return;
      case "paga_campania":
        await comandos.pagarCampania(contexto(), campania(CAMPANIAS[n % 2] ?? "", { total: texto }));
        return;
      case "paso": {
        const id = uno([...s.payouts].filter(([, v]) => vivo(v.estado)).map(([id]) => id), n);
        if (id === undefined) return;
        const r: RespuestaPsp = respuesta === "pagado"
          ? { tipo: "pagado", referencia: "r", comision: fee === null ? null : dinero(BigInt(fee), "USD") }
          : respuesta === "no_pagado"
          ? { tipo: "no_pagado", razon: "no" }
          : { tipo: "desconocido", motivo: "silencio" };
        const psp: Psp = {
          pagar: () => Promise.resolve(r),
          consultar: () => Promise.resolve(r),
          devolver: () => Promise.resolve(respuesta !== "desconocido"),
        };
        await saldar(uow, psp, newId, TIEMPOS_DE_PRUEBA)({
          id,
          correlacion: id,
          traceparent: null,
          saga_paso: null,
        });
        return;
      }
      case "revertir":
        await comandos.revertir(contexto(), uno([...s.payouts.keys()], n) ?? "nadie", "error");
        return;
      case "edita":
        await comandos.anotarCampania(mensaje(), CAMPANIAS[n % 2] ?? "", {
          tipo: "actualizada",
          presupuesto: n % 5 === 0 ? null : valor,
          anticipo: undefined,
        });
        return;
      case "cancela":
        if (n % 4 !== 0) return;
        await comandos.anotarCampania(mensaje(), CAMPANIAS[n % 2] ?? "", {
          tipo: "estado",
          estado: n % 8 === 0 ? "CANCELADA" : "FINALIZADA",
        });
    }
  }
  return { hacer, state: uow.state };
}

/** All that docs/libro.md says always holds. */
function comprobar(s: EstadoPagos): void {
  const saldo = (c: Cuenta) => s.libro.saldos.get(`${c} USD`) ?? 0n;
  const suma = (us: readonly bigint[]) => us.reduce((a, b) => a + b, 0n);
  const pliegue = new Map<string, bigint>();
  for (const a of s.libro.asientos.values()) {
    assert.equal(suma(a.lineas.map((l) => l.importe.unidades)), 0n, a.clave);
    for (const l of a.lineas) {
      const k = `${l.cuenta} ${l.importe.moneda}`;
      pliegue.set(k, (pliegue.get(k) ?? 0n) + l.importe.unidades);
      if (sinDescubierto(l.cuenta)) assert.ok((s.libro.saldos.get(k) ?? 0n) >= 0n, k);
    }
  }
  assert.deepEqual(new Map(s.libro.saldos), pliegue);

  const ts = [...s.transacciones.values()].map((v) => v.estado);
  const ps = [...s.payouts.values()].map((v) => v.estado).filter((p) => p.ficha.tipo === "PARTNER");
  for (const p of PARTNERS) {
    const propias = ts.filter((t) =>
      t.partner_id === p && t.reembolso_de === null && t.por_pagar && t.payout_id === null
    );
    const de = (liberada: boolean) =>
      suma(propias.filter((t) => t.liberada === liberada).map((t) => t.comision.unidades));
    assert.equal(saldo(disponible(p)), de(true), `disponible ${p}`);
    assert.equal(saldo(retenido(p)), de(false), `retenido ${p}`);
    const enCurso = ps.filter((x) =>
      x.partner_id === p && vivo(x) && !sinEmpezar(x) && x.estado !== "EXITOSO"
    );
    assert.equal(saldo(enPago(p)), suma(enCurso.map((x) => x.ficha.monto_total.unidades)), `en_pago ${p}`);
  }
  for (const { estado: c } of s.campanias.values()) {
    const queda = (c.fondeado?.unidades ?? 0n) - (c.gastado?.unidades ?? 0n);
    assert.equal(saldo(presupuesto(c.idCampania)), queda, c.idCampania);
    const gasto = ts.filter((t) =>
      t.idCampania === c.idCampania && t.estado === "ACTIVE" && t.reembolso_de === null
    );
    assert.equal(c.gastado?.unidades ?? 0n, suma(gasto.map((t) => t.comision.unidades)));
  }
  const porAbsorber = ts.filter((t) => t.reembolso_de !== null && t.por_pagar && t.payout_id === null);
  const ajustes = ps.filter((x) => vivo(x) && !sinEmpezar(x)).map((x) =>
    x.ficha.monto_total.unidades -
    suma(ts.filter((t) => t.payout_id === x.ficha.id).map((t) => t.comision.unidades))
  );
  assert.equal(saldo(AJUSTES), suma(porAbsorber.map((t) => t.comision.unidades)) - suma(ajustes), "ajustes");
}

Deno.test("any interleaving of commissions, refunds, releases, payouts and their ends keeps every invariant", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 2), fc.array(acto, { maxLength: 24 }), async (retencion, actos) => {
      const m = await mundo(retencion);
      for (const a of actos) {
        await m.hacer(a);
        comprobar(m.state());
      }
    }),
    { numRuns: Number(Deno.env.get("CORRIDAS") ?? 10_000), endOnFailure: false },
  );
});
