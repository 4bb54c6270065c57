import assert from "node:assert/strict";
import { acceptance, cop, dig, field, nuevoId, platform, rows, status, text } from "./acceptance.ts";

const p = await platform();

const BEGONA = {
  nombre: "Begoña Núñez Rodríguez",
  email: "begona@correo.example",
  cedula: "1020304050",
  fecha_nacimiento: "1990-02-28",
};

acceptance("a client is registered through the BFF and found by its parts", async () => {
  const a = status(await p.post("/api/v1/clientes", { id: "c-begona", ...BEGONA }), 201);
  assert.equal(a.headers.get("location"), "/api/v1/clientes/c-begona");
  field(a, "estado", "ACTIVO");
  field(status(await p.post("/api/v1/clientes", { id: "c-begona", ...BEGONA }), 200), "id", "c-begona");
  for (const search of ["begona nunez", "NÚÑEZ", "begona@correo", "1020304050"]) {
    const page = await p.get(`/api/v1/clientes?search=${encodeURIComponent(search)}`);
    assert.deepEqual(rows(page).map((r) => dig(r, "id")), ["c-begona"], search);
  }
});

acceptance("every bad field of a registration is named at once", async () => {
  const a = await p.post("/api/v1/clientes", {
    nombre: "X",
    email: "no",
    fecha_nacimiento: "2199-01-01",
    otro: 1,
  });
  status(a, 400);
  const errores = dig(a.body, "errores");
  assert.ok(Array.isArray(errores));
  assert.deepEqual(
    errores.map((e) => dig(e, "campo")).sort(),
    ["cedula", "email", "fecha_nacimiento", "nombre", "otro"],
  );
});

acceptance("a client's page shows what it paid, what is going on, and since when", async () => {
  const { campania, cliente } = await p.nuevaCampania({ anticipo: cop("1500.50") });
  await p.campania(campania, "APROBADA");
  await p.waitFor(`/api/v1/clientes/${cliente}`, "cliente.total_pagos", 1);
  const a = await p.get(`/api/v1/clientes/${cliente}`);
  field(a, "estadisticas.total_pagos", 1);
  field(a, "estadisticas.monto_total", [cop("1500.50")]);
  field(a, "estadisticas.primer_pago", text(a, "estadisticas.ultimo_pago"));
  field(a, "pagos_recientes.0.idCampania", campania);
  field(a, "campanias_activas.0.id", campania);
  field(a, "advertencias", []);
  status(await p.api.send("GET", `/api/v1/clientes/${nuevoId("c")}`), 404);
});

acceptance("a campaign is created through the BFF and told in words, in both languages", async () => {
  const cliente = await p.cliente();
  const a = await p.post("/api/v1/campanias", {
    idCampania: nuevoId("k"),
    cliente_id: cliente,
    itinerario: [],
    nombre: "Feria",
  });
  status(a, 202);
  const id = text(a, "idCampania");
  assert.deepEqual(a.body, { idCampania: id, status: "PENDIENTE" });
  const es = await p.get(`/api/v1/campanias/${id}`);
  field(es, "estado", "PENDIENTE");
  field(es, "detalle.nombre", "Feria");
  const en = await p.api.send("GET", `/api/v1/campanias/${id}`, undefined, { "Accept-Language": "en" });
  assert.notEqual(text(en, "mensaje"), text(es, "mensaje"));
  const page = await p.get(`/api/v1/campanias?cliente_id=${cliente}&estado=PENDIENTE`);
  field(page, "data.0.cliente_nombre", `Empresa ${cliente}`);
  field(page, "pagination.total", 1);
});

acceptance("a campaign of a client that is not registered is accepted, and has no name to show", async () => {
  const cliente = nuevoId("c");
  status(await p.post("/api/v1/campanias", { cliente_id: cliente, itinerario: [] }), 202);
  field(await p.get(`/api/v1/campanias?cliente_id=${cliente}`), "data.0.cliente_nombre", null);
});

acceptance("a payment is asked for through the BFF, and its page tells lines and steps", async () => {
  const partner = nuevoId("s");
  const venta = (n: number, monto: string) => ({
    id: `${partner}-${n}`,
    partner_id: partner,
    event_type: "VENTA",
    event_timestamp: "2025-01-15T12:00:00Z",
    monto_original: cop(monto),
  });
  const ciclo = { id: nuevoId("ciclo"), inicio: "2025-01-01", fin: "2025-01-31" };
  status(await p.post("/pagos/ciclos", ciclo), 201);
  const transacciones = [venta(1, "1000.00"), venta(2, "500.00")];
  status(await p.post("/pagos/transacciones", { transacciones }), 201);
  const a = status(await p.post("/api/v1/pagos", { partner_id: partner, cycle_id: ciclo.id }), 202);
  const id = text(a, "id");
  await p.pago(id, "EXITOSO");
  const page = await p.waitFor(`/api/v1/pagos/${id}`, "pago.estado", "EXITOSO");
  field(page, "pago.monto_total", cop("75.00"));
  field(page, "transacciones.length", 2);
  const eventos = dig(page.body, "auditoria.eventos");
  assert.ok(Array.isArray(eventos));
  assert.equal(dig(eventos.at(-1), "estado_nuevo"), "EXITOSO");
  field(page, "advertencias", []);
});

acceptance("the list of payments sums up the whole filtered set, each currency for itself", async () => {
  const partner = nuevoId("s");
  const pagar = (cycle_id: string, total_amount: string, currency: string) =>
    p.post("/api/v1/pagos", { partner_id: partner, cycle_id, total_amount, currency });
  const ids = await Promise.all([
    pagar("a", "10.01", "USD"),
    pagar("b", "20.02", "USD"),
    pagar("a", "5000.00", "COP"),
  ]);
  for (const a of ids) await p.pago(text(status(a, 202), "id"), "EXITOSO");
  const page = await p.get(`/api/v1/pagos?partner_id=${partner}&per_page=1`);
  field(page, "pagination.total", 3);
  field(page, "data.length", 1);
  const sums = dig(page.body, "agregaciones");
  assert.ok(Array.isArray(sums));
  assert.deepEqual(
    sums.map((s) => [dig(s, "moneda"), dig(s, "cantidad"), dig(s, "total")]).sort(),
    [["COP", 1, "5000.00"], ["USD", 2, "30.03"]],
  );
  field(await p.get(`/api/v1/pagos?partner_id=${partner}&estado=COMPLETED`), "pagination.total", 3);
});

acceptance("what a caller wrote through the BFF is in its dashboard at once", async () => {
  const before = await p.get("/api/v1/dashboard");
  const count = (a: { body: unknown }, what: string) => Number(dig(a.body, what));
  const id = nuevoId("c");
  status(
    await p.post("/api/v1/clientes", { id, ...BEGONA, email: `${id}@x.example`, cedula: "777888999" }),
    201,
  );
  const clients = await p.get("/api/v1/dashboard");
  assert.equal(count(clients, "total_clientes"), count(before, "total_clientes") + 1);
  field(clients, "clientes_recientes.0.id", id);

  status(await p.post("/api/v1/campanias", { cliente_id: id, itinerario: [] }), 202);
  const campaigns = await p.get("/api/v1/dashboard");
  assert.equal(count(campaigns, "total_campanias"), count(before, "total_campanias") + 1);

  // Through the pass-through as well.
  const pago = { partner_id: id, cycle_id: "x", total_amount: "1.00", currency: "USD" };
  const asked = text(status(await p.post("/pagos/pagar", pago), 202), "id");
  const payments = await p.get("/api/v1/dashboard");
  assert.equal(count(payments, "total_pagos"), count(before, "total_pagos") + 1);
  field(payments, "pagos_recientes.0.id", asked);
  field(payments, "advertencias", []);
});

/** Every way of getting one letter wrong: left out, replaced, or swapped with the next one. */
function misspelt(word: string): string[] {
  const letters = [...word];
  return letters.flatMap((letter, i) => {
    const next = letters[i + 1];
    const swapped = next === undefined || next === letter
      ? []
      : [[...letters].with(i, next).with(i + 1, letter)];
    return [letters.toSpliced(i, 1), letters.with(i, "x"), ...swapped].map((l) => l.join(""));
  });
}

acceptance(
  "one wrong, missing or transposed letter still finds a word of six letters, best first",
  async () => {
    const id = nuevoId("c");
    const cliente = { id, ...BEGONA, nombre: "Camilo Ñáñez", email: `${id}@x.example`, cedula: "555666777" };
    status(await p.post("/api/v1/clientes", cliente), 201);
    const { campania } = await p.nuevaCampania({ nombre: "Feria de las Flores" });
    const lost: string[] = [];
    for (
      const [type, at, word, wanted] of [["cliente", "clientes", "camilo", id], [
        "campania",
        "campanias",
        "flores",
        campania,
      ]]
    ) {
      for (const q of misspelt(word ?? "")) {
        const a = await p.get(`/api/v1/search?q=${q}&type=${type}&limit=20`);
        const found = dig(a.body, `results.${at}`);
        assert.ok(Array.isArray(found));
        if (!found.some((r) => dig(r, "id") === wanted)) lost.push(`${type} ${q}`);
        const scores = found.map((r) => Number(dig(r, "relevancia")));
        assert.ok(scores.every((s, i) => s >= 0 && s <= 1 && s <= (scores[i - 1] ?? 1)), `${q}: ${scores}`);
      }
    }
    assert.deepEqual(lost, []);
    field(await p.get("/api/v1/search?q=nanez&type=cliente"), "results.clientes.0.id", id);
    status(await p.api.send("GET", "/api/v1/search?q=x"), 400);
  },
);

acceptance("the root passes everything through, with its headers", async () => {
  const { campania, answer } = await p.nuevaCampania();
  assert.equal(answer.headers.get("location"), `/campanias/${campania}`);
  const a = await p.get(`/campanias/${campania}`);
  const etag = a.headers.get("etag");
  assert.ok(etag);
  const same = await p.api.send("GET", `/campanias/${campania}`, undefined, { "If-None-Match": etag });
  assert.equal(same.status, 304);
  const patch = { nombre: "Uno" };
  status(await p.api.send("PATCH", `/campanias/${campania}`, patch, { "If-Match": etag }), 200);
  status(await p.api.send("PATCH", `/campanias/${campania}`, { nombre: "Dos" }, { "If-Match": etag }), 412);
});

acceptance("a keyed write through the BFF gets its first answer again, byte for byte", async () => {
  const key = { "Idempotency-Key": nuevoId("clave") };
  const body = { cliente_id: nuevoId("c"), itinerario: [{ n: 1 }] };
  const first = status(await p.post("/api/v1/campanias", body, key), 202);
  const again = status(await p.post("/api/v1/campanias", body, key), 202);
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get("idempotency-replayed"), "true");
  field(
    status(await p.post("/api/v1/campanias", { ...body, nombre: "Otra" }, key), 422),
    "codigo",
    "clave_reutilizada",
  );
});

acceptance("health is measured now and healthy", async () => {
  for (const path of ["/api/v1/health", "/health"]) {
    const a = await p.get(path);
    field(a, "status", "healthy");
    for (const s of ["cliente", "pagos", "campanias"]) field(a, `services.${s}_service.status`, "up");
  }
});

acceptance("a number that no double carries comes back as it was sent", async () => {
  const id = nuevoId("k");
  const body = `{"idCampania":"${id}","idCliente":"c-1","itinerario":[12345678901234567890,1e400,0.1]}`;
  status(await p.post("/campanias/crear", body), 202);
  assert.match((await p.get(`/campanias/${id}`)).text, /"itinerario":\[12345678901234567890,1e400,0\.1\]/);
  assert.match(
    (await p.get(`/api/v1/campanias/${id}`)).text,
    /"itinerario":\[12345678901234567890,1e400,0\.1\]/,
  );
});

// The last one, because afterwards nothing answers.
acceptance(
  "when every service is gone the dashboard is a problem, health says so, and both recover",
  async () => {
    await p.stack.kill("services");
    status(await p.api.send("GET", "/api/v1/dashboard"), 502, 503, 504);
    field(await p.get("/api/v1/health"), "status", "unhealthy");
    await p.stack.restart("services");
    await p.waitFor("/api/v1/dashboard", "advertencias", []);
    field(await p.waitFor("/api/v1/health", "status", "healthy"), "status", "healthy");
  },
);
