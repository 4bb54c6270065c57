import assert from "node:assert/strict";
import { dinero } from "@alpes/shared/seedwork/money.ts";
import { NADA } from "../application/ports.ts";
import { contexto, mensaje } from "../modulo_de_prueba.ts";
import { caso, rechazoDe } from "./casos_de_contrato.ts";

const acordadas = {
  partner_id: "p-1",
  retencion_dias: 7,
  minimos: [dinero(100n, "CLP"), dinero(5_000n, "USD")],
  suspendido: false,
  metodo_pago: { tipo: "ACH", mascara: "****1234" },
} as const;

caso("a partner's terms are kept as agreed, at a version, and replaced as a whole", async (m) => {
  const uno = await m.comandos.fijarCondiciones(contexto(), acordadas, 0);
  assert.ok(uno.ok && uno.value.version === 1);
  const v = await m.pagos.condiciones("p-1");
  assert.deepEqual(v, { estado: uno.value.condiciones, version: 1 });
  assert.equal(rechazoDe(await m.comandos.fijarCondiciones(contexto(), acordadas, 0)), "version_distinta");
  const nada = { partner_id: "p-1", retencion_dias: null, minimos: [], suspendido: true, metodo_pago: null };
  const dos = await m.comandos.fijarCondiciones(contexto(), nada, null);
  assert.ok(dos.ok && dos.value.version === 2);
  assert.deepEqual((await m.pagos.condiciones("p-1"))?.estado, dos.value.condiciones);
  assert.equal(await m.pagos.condiciones("general"), null);
});

caso("of many who agree terms on one version at once, one does", async (m) => {
  const todas = await Promise.all(
    Array.from({ length: 8 }, () => m.comandos.fijarCondiciones(contexto(), acordadas, 0)),
  );
  assert.equal(todas.filter((r) => r.ok).length, 1);
});

caso("terms are for operators to fix, and a partner reads its own", async (m) => {
  const socio = { tipo: "persona", id: "ana", roles: ["partner"], cliente: "p-1" } as const;
  const como = contexto({ actor: socio });
  assert.equal(rechazoDe(await m.comandos.fijarCondiciones(como, acordadas, null)), "prohibido");
  assert.equal(
    rechazoDe(await m.comandos.fijarCondiciones(como, { ...acordadas, partner_id: "p-2" }, null)),
    "oculto",
  );
  assert.ok((await m.consultas.condiciones(socio, "p-1")).ok);
  assert.ok((await m.consultas.condiciones(socio, "general")).ok);
  assert.equal(rechazoDe(await m.consultas.condiciones(socio, "p-2")), "oculto");
});

caso("whether a cliente may be paid is known by its latest message, whatever the order", async (m) => {
  const llega = (estado: "ACTIVO" | "SUSPENDIDO", version: number) =>
    m.comandos.anotarCliente(mensaje(), { id: "p-1", estado, version });
  const visto = async () => {
    let estado: string | undefined;
    await m.uow.ejecutar(mensaje(), { ...NADA, clientes: ["p-1"] }, ({ clientes }) => {
      estado = clientes.get("p-1")?.estado;
      return { ok: true, value: { value: null, changes: null } };
    });
    return estado;
  };
  assert.equal(await visto(), undefined);
  await llega("ACTIVO", 1);
  await llega("SUSPENDIDO", 3);
  await llega("ACTIVO", 2);
  assert.equal(await visto(), "SUSPENDIDO");
  assert.equal(
    rechazoDe(await m.comandos.anotarCliente(contexto(), { id: "p-1", estado: "ACTIVO", version: 9 })),
    "prohibido",
  );
});
