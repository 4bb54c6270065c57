import assert from "node:assert/strict";
import { appAround, problemIn } from "@alpes/shared/testing/http_app.ts";
import { BASE } from "./catalogue.ts";
import { localeOf } from "./locale.ts";
import { createRouter } from "./router.ts";

for (const [codigo, f] of Object.entries(BASE)) {
  Deno.test(`${codigo} says what happened and what to do, in Spanish and in English`, () => {
    assert.match(codigo, /^[a-z][a-z_]+$/);
    for (const texts of [f.es, f.en]) {
      assert.deepEqual(Object.keys(texts), ["titulo", "explicacion", "que_hacer"]);
      assert.ok(Object.values(texts).every((t) => t.trim().length > 5));
    }
    assert.notDeepEqual(f.es, f.en);
    if (f.status === 429 || f.status === 503) assert.ok("reintentar_s" in f);
  });
}

Deno.test("a problem's type is a page that explains it, as JSON or as HTML in the language asked for", async () => {
  const { send } = appAround("/", createRouter());
  const { type } = await problemIn(await send("GET", "/nada"));
  const json = await (await send("GET", type)).json();
  assert.deepEqual(json, {
    codigo: "no_encontrado",
    status: 404,
    es: BASE.no_encontrado.es,
    en: BASE.no_encontrado.en,
  });
  const page = await send("GET", type, undefined, { accept: "text/html,*/*", "accept-language": "en" });
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
  const html = await page.text();
  assert.match(html, /<html\s+lang="en">/);
  assert.ok(html.includes(BASE.no_encontrado.es.que_hacer) && html.includes(BASE.no_encontrado.en.que_hacer));
  assert.equal((await problemIn(await send("GET", "/errores/constructor"))).status, 404);
  assert.equal((await (await send("GET", "/errores")).json()).data.length, Object.keys(BASE).length);
});

for (
  const [header, locale] of [
    [undefined, "es"],
    ["", "es"],
    ["en", "en"],
    ["en-US,en;q=0.9", "en"],
    ["es-CO,es;q=0.9,en;q=0.8", "es"],
    ["en;q=0.2,es;q=0.1", "en"],
    ["fr,de", "es"],
    ["fr, en;q=0.1", "en"],
    ["en;q=0", "es"],
    ["es, en", "es"],
    ["en;q=nan", "es"],
  ] as const
) {
  Deno.test(`Accept-Language ${header} is answered in ${locale}`, () =>
    assert.equal(localeOf(header), locale));
}
