import assert from "node:assert/strict";
import type { Servicio } from "../ports.ts";
import { SERVICIOS } from "../ports.ts";
import { abrirBff } from "../testing/bff.ts";
import { MALES, nadie } from "../testing/servicio.ts";

const CUENTAS = {
  cliente: ["total_clientes", "clientes_activos", "clientes_recientes"],
  pagos: ["total_pagos", "monto_total_procesado", "pagos_pendientes", "pagos_recientes"],
  campanias: ["campanias_activas", "total_campanias", "campanias_completadas"],
} as const;

interface Caso {
  readonly ruta: string;
  /** Without it there is no answer; `null`: every service is only a part. */
  readonly principal: Servicio | null;
  /** What is null when this service fails; the paths of the answer's fields. */
  readonly partes: Partial<Record<Servicio, readonly string[]>>;
}
const CASOS: readonly Caso[] = [
  { ruta: "/api/v1/dashboard", principal: null, partes: CUENTAS },
  { ruta: "/api/v1/clientes", principal: "cliente", partes: {} },
  {
    ruta: "/api/v1/clientes/c-1",
    principal: "cliente",
    partes: { pagos: ["estadisticas", "pagos_recientes"], campanias: ["campanias_activas"] },
  },
  { ruta: "/api/v1/pagos", principal: "pagos", partes: {} },
  { ruta: "/api/v1/pagos/p-1", principal: "pagos", partes: {} },
  {
    ruta: "/api/v1/campanias",
    principal: "campanias",
    partes: { cliente: ["data.0.cliente_nombre", "data.1.cliente_nombre"] },
  },
  { ruta: "/api/v1/campanias/k-1", principal: "campanias", partes: {} },
  {
    ruta: "/api/v1/search?q=algo",
    principal: null,
    partes: { cliente: ["results.clientes"], pagos: ["results.pagos"], campanias: ["results.campanias"] },
  },
  { ruta: "/api/v1/search?q=algo&type=pago", principal: "pagos", partes: {} },
];
const en = (json: unknown, camino: string): unknown =>
  camino.split(".").reduce<unknown>(
    (v, k) => typeof v === "object" && v !== null ? Reflect.get(v, k) : undefined,
    json,
  );

// Only silence is waited for to the end.
const conPlazo = (mal: string): Record<string, string> => mal === "mudo" ? { BFF_HTTP_TIMEOUT: "0.5" } : {};

const ESPERADO = {
  caido: [503, "servicio_no_responde"],
  mudo: [504, "servicio_sin_respuesta"],
  "500": [502, "servicio_fallo"],
  corta: [502, "servicio_cortado"],
  basura: [502, "servicio_respuesta_invalida"],
  otra_forma: [502, "servicio_respuesta_invalida"],
} as const;

for (const caso of CASOS) {
  Deno.test(`${caso.ruta}: whichever service fails in whichever way, what there is is given and what is missing is named`, async () => {
    {
      await using bff = await abrirBff();
      const sana = await bff.pedir(caso.ruta);
      assert.equal(sana.status, 200, sana.texto);
      assert.deepEqual(sana.json.advertencias ?? [], []);
      for (const campos of Object.values(caso.partes)) {
        for (const campo of campos) {
          if (!campo.includes("data.1")) assert.notEqual(en(sana.json, campo), null, campo);
        }
      }
    }
    for (const roto of SERVICIOS) {
      for (const mal of ["caido", ...MALES] as const) {
        await using bff = await abrirBff(conPlazo(mal), mal === "caido" ? { [roto]: nadie() } : {});
        if (mal !== "caido") bff[roto].estado = mal;
        const r = await bff.pedir(caso.ruta, { headers: { "x-request-id": "s-7" } });
        const donde = `${roto} ${mal}: ${r.status} ${r.texto.slice(0, 300)}`;
        assert.ok(!/secret|5432|127\.0\.0\.1|stack/.test(r.texto), donde);
        if (roto === caso.principal) {
          const [status, codigo] = ESPERADO[mal];
          assert.equal(r.status, status, donde);
          assert.equal(r.headers.get("content-type"), "application/problem+json");
          assert.equal(r.json.codigo, codigo, donde);
          assert.equal(r.json.solicitud, "s-7");
          assert.ok(r.json.detail.includes(`${roto}_service`), donde);
          if (status === 503) assert.ok(r.headers.has("retry-after"));
          continue;
        }
        assert.equal(r.status, 200, donde);
        const falta = caso.partes[roto];
        if (falta === undefined) {
          assert.deepEqual(r.json.advertencias ?? [], [], donde);
          continue;
        }
        assert.equal(r.json.advertencias.length, 1, donde);
        assert.ok(r.json.advertencias[0].startsWith(`${roto}_service `), donde);
        for (const campo of falta) assert.equal(en(r.json, campo), null, `${campo}: ${donde}`);
        for (const otro of SERVICIOS) {
          if (otro === roto) continue;
          for (const campo of caso.partes[otro] ?? []) {
            assert.notEqual(en(r.json, campo), null, `${campo}: ${donde}`);
          }
        }
      }
    }
  });
}

Deno.test("with every service away there is no dashboard and no search, but a problem", async () => {
  await using bff = await abrirBff({}, { cliente: nadie(), pagos: nadie(), campanias: nadie() });
  for (const ruta of ["/api/v1/dashboard", "/api/v1/search?q=algo"]) {
    const r = await bff.pedir(ruta);
    assert.equal(r.status, 503);
    assert.equal(r.json.codigo, "servicio_no_responde");
  }
  const salud = await bff.pedir("/api/v1/health");
  assert.deepEqual([salud.status, salud.json.status], [200, "unhealthy"]);
});

Deno.test("a payout whose history cannot be read is given without it", async () => {
  await using bff = await abrirBff();
  bff.pagos.rotas.push("/historial");
  const r = await bff.pedir("/api/v1/pagos/p-1");
  assert.deepEqual([r.status, r.json.auditoria, r.json.pago.id], [200, null, "p-1"]);
  assert.match(r.json.advertencias[0], /^pagos_service .*auditoria$/);
});

Deno.test("a failed write says whether it may have been done, and is not sent twice", async () => {
  for (const [mal, status] of [["500", 502], ["corta", 502], ["mudo", 504], ["503", 503]] as const) {
    await using bff = await abrirBff(conPlazo(mal));
    bff.pagos.estado = mal;
    const r = await bff.enviar("/api/v1/pagos", { idCampania: "k-1" });
    assert.equal(r.status, status, r.texto);
    assert.equal(bff.pagos.peticiones.length, 1);
    if (mal === "503") assert.equal(r.headers.get("retry-after"), "7");
    const pagina = await bff.pedir(r.json.type, { headers: { accept: "application/json" } });
    assert.equal(pagina.json.codigo, r.json.codigo);
  }
});

Deno.test("a service that comes back is found again by itself", async () => {
  await using bff = await abrirBff();
  bff.pagos.estado = "500";
  for (let i = 0; i < 8; i++) await bff.pedir("/api/v1/pagos");
  assert.equal((await bff.pedir("/api/v1/pagos")).json.codigo, "servicio_en_pausa");
  bff.pagos.estado = "bien";
  await new Promise((r) => setTimeout(r, 1_050));
  assert.equal((await bff.pedir("/api/v1/pagos")).status, 200);
  const tablero = await bff.pedir("/api/v1/dashboard");
  assert.deepEqual(tablero.json.advertencias, []);
});

Deno.test("health is measured: degraded while one service is away or not well, and always a 200", async () => {
  {
    await using bff = await abrirBff({ BFF_HTTP_TIMEOUT: "0.5" });
    for (const ruta of ["/health", "/api/v1/health"]) {
      const r = await bff.pedir(ruta);
      assert.equal(r.status, 200);
      assert.equal(r.json.status, "healthy");
      assert.equal(r.json.version, "1.2.3");
      assert.deepEqual(Object.keys(r.json.services), [
        "cliente_service",
        "pagos_service",
        "campanias_service",
      ]);
      for (const s of Object.values(r.json.services) as { status: string; response_time_ms: number }[]) {
        assert.equal(s.status, "up");
        assert.ok(s.response_time_ms > 0);
      }
    }
    bff.pagos.estado = "503";
    assert.equal((await bff.pedir("/health")).json.services.pagos_service.status, "degraded");
    bff.pagos.estado = "mudo";
    const r = await bff.pedir("/health");
    assert.equal(r.json.status, "degraded");
    assert.deepEqual(r.json.services.pagos_service, { status: "down", response_time_ms: null });
  }
  await using bff = await abrirBff({}, { campanias: nadie() });
  const r = await bff.pedir("/health");
  assert.deepEqual([r.status, r.json.status, r.json.services.campanias_service.status], [
    200,
    "degraded",
    "down",
  ]);
});
