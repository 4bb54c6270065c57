import assert from "node:assert/strict";
import { construirConsola } from "@alpes/shared/dev/consola.ts";
import { leerConsola } from "../adapters/consola.ts";
import { abrirBff } from "../testing/bff.ts";
import { unCliente } from "../testing/ejemplos.ts";

await construirConsola(new URL("../../", import.meta.url));

Deno.test("JSON of a kilobyte and more goes out compressed to who takes it, and is the same text; a stream never", async () => {
  await using bff = await abrirBff();
  bff.cliente.clientes = Array.from({ length: 40 }, (_, i) => unCliente(`c-${i}`));
  const pedir = (ruta: string, encoding?: string) =>
    bff.app.request(ruta, encoding === undefined ? {} : { headers: { "accept-encoding": encoding } });
  const llano = await pedir("/api/v1/clientes");
  assert.equal(llano.headers.get("content-encoding"), null);
  const texto = await llano.text();
  for (const encoding of ["gzip", "deflate"] as const) {
    const r = await pedir("/api/v1/clientes", encoding);
    assert.equal(r.headers.get("content-encoding"), encoding);
    assert.match(r.headers.get("vary") ?? "", /accept-encoding/i);
    const bytes = await r.bytes();
    assert.ok(bytes.length * 4 < texto.length, `${bytes.length} of ${texto.length}`);
    const flujo = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(encoding));
    assert.equal(await new Response(flujo).text(), texto);
    // The tag is of what was read, so it holds whichever way it was packed.
    assert.equal(r.headers.get("etag"), llano.headers.get("etag"));
  }
  const vivo = await pedir("/api/v1/eventos?espera=0", "gzip");
  assert.equal(vivo.headers.get("content-encoding"), null);
  await vivo.body?.cancel();
});

Deno.test("a tag holds while the answer is the same, alone and among others, and not for a later one", async () => {
  await using bff = await abrirBff();
  const de = (headers: Record<string, string>) => bff.pedir("/api/v1/campanias/k-1", { headers });
  const es = (await de({ "accept-language": "es" })).headers.get("etag") ?? "";
  assert.ok(es !== "");
  assert.equal((await de({ "accept-language": "es", "if-none-match": es })).status, 304);
  assert.equal((await de({ "accept-language": "es", "if-none-match": `"otra", ${es}` })).status, 304);
  bff.campanias.campanias = [{
    ...bff.campanias.campanias[0] ?? assert.fail(),
    version: 7,
    estado: "APROBADA",
  }];
  const otra = await de({ "accept-language": "es", "x-actor": "persona:otra", "if-none-match": es });
  assert.deepEqual([otra.status, otra.headers.get("etag") === es], [200, false]);
  const r = await de({ "accept-language": "es", "if-none-match": es });
  assert.equal(r.texto, "");
});

Deno.test("the console's page allows itself nothing inline and nothing from elsewhere, and holds nothing that would need it", async () => {
  const consola = await leerConsola() ?? assert.fail("it is not built");
  await using bff = await abrirBff({}, {}, consola);
  const pagina = await bff.app.request("/");
  const csp = pagina.headers.get("content-security-policy") ?? "";
  const reglas = new Map(
    csp.split(";").map((r) => {
      const [nombre = "", ...valores] = r.trim().split(" ");
      return [nombre, valores.join(" ")] as const;
    }),
  );
  assert.equal(reglas.get("default-src"), "'none'");
  for (const nombre of ["script-src", "style-src", "connect-src"]) assert.equal(reglas.get(nombre), "'self'");
  for (const nombre of ["base-uri", "form-action", "frame-ancestors"]) {
    assert.equal(reglas.get(nombre), "'none'");
  }
  assert.ok(!/unsafe|nonce|https?:|\*/.test(csp), csp);
  const html = await pagina.text();
  assert.ok(!/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/.test(html), html);
});

Deno.test("the console's files are compressed once, and kept for ever under a name of their contents", async () => {
  const consola = await leerConsola() ?? assert.fail("it is not built");
  await using bff = await abrirBff({}, {}, consola);
  for (const nombre of [consola.js, consola.css]) {
    assert.match(nombre, /-[0-9a-f]{12}\.(js|css)$/);
    const r = await bff.app.request(`/consola/${nombre}`, { headers: { "accept-encoding": "gzip, br" } });
    assert.equal(r.headers.get("content-encoding"), "gzip");
    assert.match(r.headers.get("vary") ?? "", /Accept-Encoding/);
    assert.equal(r.headers.get("cache-control"), "public, max-age=31536000, immutable");
    const flujo = (r.body ?? assert.fail()).pipeThrough(new DecompressionStream("gzip"));
    assert.equal(await new Response(flujo).text(), consola.archivos.get(nombre)?.texto);
  }
  const vieja = consola.js.replace(/[0-9a-f]{12}/, "0".repeat(12));
  assert.notEqual((await bff.app.request(`/consola/${vieja}`)).status, 200);
});
