import { spec } from "@alpes/shared/testing/given.ts";
import { Cliente, type Comando, type Datos, type Evento } from "./cliente.ts";

const en = new Date("2026-03-01T12:00:00Z");
const datos: Datos = {
  tipo_cliente: "NATURAL",
  nombre: "Íñigo Muñoz",
  email: "inigo@correo.example",
  cedula: "1020304050",
  rut: null,
  fecha_nacimiento: "1990-02-28",
  telefono: null,
  ciudad: "Bogotá",
  pais: "CO",
  referencia_externa: null,
};
const pagos = { total: 0, ultimo: null };
const registrar: Comando = { tipo: "registrar", datos, huella: "h1", pagos, en };
const registrado: Evento = { tipo: "ClienteRegistrado", datos, huella: "h1", pagos, en };
const suspendido: Evento = { tipo: "ClienteSuspendido", motivo: "fraude" };
const desactivado: Evento = { tipo: "ClienteDesactivado", motivo: "pidió salir" };
const seudonimo = { email: "borrado-1@borrado.invalid", en };
const borrar: Comando = { tipo: "borrar_datos", motivo: "solicitud 12", seudonimo, huella: "h0" };
const borrado: Evento = { tipo: "DatosBorrados", motivo: "solicitud 12", seudonimo, huella: "h0" };
const { given: dado } = spec(Cliente);

Deno.test("a cliente is registered once", () => {
  dado().when(registrar).then(registrado);
});
Deno.test("the same registration again changes nothing", () => {
  dado(registrado).when(registrar).then();
});
Deno.test("the same registration again changes nothing, whatever was edited since", () => {
  dado(registrado, { tipo: "ClienteActualizado", datos: { ...datos, ciudad: "Cali" } }).when(registrar)
    .then();
});
Deno.test("another registration under the same id is refused", () => {
  dado(registrado).when({ ...registrar, huella: "h2" }).refuses({ tipo: "otro_registro" });
});
Deno.test("nobody is born in the future", () => {
  const manana = { ...datos, fecha_nacimiento: "2026-03-02" };
  dado().when({ ...registrar, datos: manana }).refuses({ tipo: "nacimiento_futuro" });
  dado(registrado).when({ tipo: "actualizar", datos: manana, hoy: "2026-03-01" }).refuses({
    tipo: "nacimiento_futuro",
  });
});
Deno.test("a cliente born today is registered", () => {
  const hoy = { ...datos, fecha_nacimiento: "2026-03-01" };
  dado().when({ ...registrar, datos: hoy }).then({ ...registrado, datos: hoy });
});
Deno.test("who is suspended can be reactivated", () => {
  dado(registrado).when({ tipo: "suspender", motivo: "fraude" }).then(suspendido);
  dado(registrado, suspendido).when({ tipo: "reactivar", motivo: null }).then({
    tipo: "ClienteReactivado",
    motivo: null,
  });
});
Deno.test("a decision that already holds is refused", () => {
  dado(registrado, suspendido).when({ tipo: "suspender", motivo: "otra vez" })
    .refuses({ tipo: "ya_esta", estado: "SUSPENDIDO" });
  dado(registrado).when({ tipo: "reactivar", motivo: null }).refuses({ tipo: "ya_esta", estado: "ACTIVO" });
});
Deno.test("who is inactive cannot be suspended, but comes back", () => {
  dado(registrado, desactivado).when({ tipo: "suspender", motivo: "x" })
    .refuses({ tipo: "transicion_invalida", desde: "INACTIVO", hacia: "SUSPENDIDO" });
  dado(registrado, desactivado).when({ tipo: "reactivar", motivo: "volvió" })
    .then({ tipo: "ClienteReactivado", motivo: "volvió" });
});
Deno.test("deactivating twice is harmless", () => {
  dado(registrado).when({ tipo: "desactivar", motivo: "pidió salir" }).then(desactivado);
  dado(registrado, desactivado).when({ tipo: "desactivar", motivo: "otra vez" }).then();
});
Deno.test("payments and campaigns are noted on who is registered", () => {
  const dos = { total: 2, ultimo: en };
  dado(registrado).when({ tipo: "anotar_pagos", pagos: dos }).then({ tipo: "PagosAnotados", pagos: dos });
  dado(registrado).when({ tipo: "anotar_campania", accion: "APROBAR_CAMPANIA" })
    .then({ tipo: "CampaniaAnotada", accion: "APROBAR_CAMPANIA" });
});
Deno.test("nothing but a registration happens to who is not registered", () => {
  const comandos: Comando[] = [
    { tipo: "actualizar", datos, hoy: "2026-03-01" },
    { tipo: "suspender", motivo: "x" },
    { tipo: "reactivar", motivo: null },
    { tipo: "desactivar", motivo: "x" },
    { tipo: "anotar_campania", accion: "CANCELAR_CAMPANIA" },
    { tipo: "anotar_pagos", pagos },
    borrar,
  ];
  for (const c of comandos) dado().when(c).refuses({ tipo: "no_existe" });
});

Deno.test("personal data is erased once, from any state", () => {
  dado(registrado).when(borrar).then(borrado);
  dado(registrado, suspendido).when(borrar).then(borrado);
  dado(registrado, borrado).when({ ...borrar, huella: "h9" }).then();
});
Deno.test("whose data was erased does not come back: not by an edit, a decision or the same registration", () => {
  dado(registrado, borrado).when({ tipo: "actualizar", datos, hoy: "2026-03-01" }).refuses({
    tipo: "borrado",
  });
  dado(registrado, borrado).when({ tipo: "reactivar", motivo: null }).refuses({ tipo: "borrado" });
  dado(registrado, borrado).when({ tipo: "suspender", motivo: "x" }).refuses({ tipo: "borrado" });
  dado(registrado, borrado).when(registrar).refuses({ tipo: "otro_registro" });
  dado(registrado, borrado, suspendido).when({ tipo: "reactivar", motivo: null }).refuses({
    tipo: "borrado",
  });
});
Deno.test("payments and campaigns go on being noted on whose data was erased", () => {
  const dos = { total: 2, ultimo: en };
  dado(registrado, borrado).when({ tipo: "anotar_pagos", pagos: dos }).then({
    tipo: "PagosAnotados",
    pagos: dos,
  });
  dado(registrado, borrado).when({ tipo: "anotar_campania", accion: "CANCELAR_CAMPANIA" })
    .then({ tipo: "CampaniaAnotada", accion: "CANCELAR_CAMPANIA" });
  dado(registrado, borrado).when({ tipo: "desactivar", motivo: "x" }).then();
});
