import assert from "node:assert/strict";
import { faltas } from "./axe.ts";
import { mundo, prueba } from "./mundo.ts";

const m = await mundo();
Deno.test.afterAll(async () => {
  await m[Symbol.asyncDispose]();
});

await m.enviar("/api/v1/clientes", {
  id: "c-1",
  nombre: "Begoña Echeverría",
  cedula: "1020304050",
  email: "b@correo.example",
  fecha_nacimiento: "1990-02-28",
});
const COP = (valor: string) => ({ valor, moneda: "COP" });
await m.enviar("/campanias/crear", {
  idCampania: "k-1",
  idCliente: "c-1",
  nombre: "Feria de las Flores",
  itinerario: [{ dia: 1 }],
  presupuesto: COP("5000000.00"),
  anticipo: COP("150000.00"),
});
await m.enviar("/pagos/ciclos", { id: "2026-01", inicio: "2026-01-01", fin: "2026-01-31" });
await m.enviar("/pagos/transacciones", {
  transacciones: [1, 2, 3].map((n) => ({
    id: `t-${n}`,
    partner_id: "c-1",
    event_type: "VENTA",
    event_timestamp: "2026-01-15T12:00:00Z",
    monto_original: COP(`${n}000.10`),
  })),
});
await m.enviar("/pagos/liquidaciones", { id: "l-1", ciclo: "2026-01" });
await m.enviar("/api/v1/pagos", { id: "p-1", partner_id: "c-1", cycle_id: "2026-01" });
await m.enviar("/api/v1/pagos", { id: "p-2", idCampania: "k-nadie", monto: COP("10.00") });

const PAGINAS = [
  "",
  "clientes",
  "clientes?nuevo=1",
  "clientes/c-1",
  "campanias",
  "campanias?nuevo=1",
  "campanias/k-1",
  "pagos",
  "pagos?nuevo=1",
  "pagos/p-1",
  "pagos/p-1?en=2026-01-01T00:00:00.000Z",
  "transacciones",
  "libro",
  "libro/banco",
  "libro/asientos",
  "estado-de-cuenta",
  "estado-de-cuenta/c-1",
  "liquidaciones",
  "liquidaciones/l-1",
  "importaciones",
  "conciliacion",
  "operacion",
  "auditoria",
  "no-hay",
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const locale of ["es-CO", "en-GB"]) {
    prueba(`axe finds nothing on any page, ${colorScheme}, ${locale}, wide and at 320 px`, async () => {
      await using a = await m.abrir("", { colorScheme, locale });
      const { pagina } = a;
      const malas: string[] = [];
      for (const donde of PAGINAS) {
        await pagina.setViewportSize({ width: 1440, height: 900 });
        await pagina.goto(`${m.stack.bffUrl}/#/${donde}`);
        await pagina.locator("h1, .vacio").first().waitFor();
        await pagina.locator(".cargando, [aria-busy=true]").first().waitFor({ state: "detached" });
        malas.push(...(await faltas(pagina)).map((f) => `${donde}: ${f}`));
        await pagina.setViewportSize({ width: 320, height: 640 });
        malas.push(...(await faltas(pagina)).map((f) => `${donde} at 320: ${f}`));
        const sobra = Number(
          await pagina.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          ),
        );
        if (sobra > 0) malas.push(`${donde} at 320: ${sobra} px too wide`);
      }
      assert.deepEqual(malas, []);
      assert.equal(await pagina.evaluate("document.documentElement.lang"), locale.slice(0, 2));
    });
  }
}
