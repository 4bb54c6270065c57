import assert from "node:assert/strict";
import { leerDatos, MENSAJES, tipoMensaje } from "./mensajes.ts";

Deno.test("a type is found with its version or without", () => {
  assert.equal(tipoMensaje("PagoConfirmado.v1"), "PagoConfirmado.v1");
  assert.equal(tipoMensaje("PagoConfirmado"), "PagoConfirmado.v1");
  assert.equal(tipoMensaje("ProcesarPago"), "ProcesarPago");
  for (const otro of ["PagoConfirmado.v2", "Otro", "toString", ""]) assert.equal(tipoMensaje(otro), null);
});
Deno.test("a reader ignores what it does not know, and takes absent and null as one", () => {
  const d = leerDatos("PagoConfirmado.v1", { idPago: "p-1", idCampania: null, nuevo: { x: 1 }, monto: 5 });
  assert.deepEqual(d, { idPago: "p-1", idCampania: null, monto: 5 });
});
Deno.test("what cannot be read says every bad field", () => {
  assert.throws(
    () => leerDatos("ProcesarPago", { idPago: "", idCampania: "c", monto: { valor: "1,5", moneda: "XXX" } }),
    /ProcesarPago cannot be read: (?=.*idPago)(?=.*idCliente)(?=.*monto\.valor)(?=.*monto\.moneda)/,
  );
  assert.throws(() => leerDatos("PresupuestoAgotado.v1", null), /data: /);
});
Deno.test("events go over topics of events and end in their version, commands over topics of commands", () => {
  for (const [tipo, { topic }] of Object.entries(MENSAJES)) {
    assert.equal(topic.startsWith("eventos."), tipo.endsWith(".v1"), tipo);
  }
});
