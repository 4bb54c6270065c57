import assert from "node:assert/strict";
import { componerBff } from "@alpes/bff/componer.ts";
import { campanias } from "@alpes/services/campanias/main.ts";
import { cliente } from "@alpes/services/cliente/main.ts";
import { pagos } from "@alpes/services/pagos/main.ts";
import { readConfig } from "@alpes/shared/http/config.ts";
import { setupLogs } from "@alpes/shared/http/log.ts";
import { serviceSettings } from "@alpes/shared/http/settings.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { composeService } from "@alpes/shared/process/service.ts";
import { acceptance } from "./acceptance.ts";

setupLogs({ level: "error", format: "json", servicio: "prueba", write: () => {} });
// Nobody listens there: who says nothing of himself is refused before anything is asked of anybody.
const DATABASE_URL = "postgres://nobody@127.0.0.1:1/nothing";
const resources = new AsyncDisposableStack();
Deno.test.afterAll(() => resources.disposeAsync());
const config = readConfig(serviceSettings(5000), { DATABASE_URL });
const bff = readConfig(bffSettings, {
  ALPESPARTNERS_SERVICE_URL: "http://127.0.0.1:1",
  BFF_HTTP_TIMEOUT: "2",
});
const apps = {
  alpespartners:
    (await composeService("alpespartners", { cliente, campanias, pagos }, config, resources)).app,
  pagos: (await composeService("pagos", { pagos }, config, resources)).app,
  bff: componerBff(bff, "1.2.3", resources).app,
};

/** What may be asked for by somebody who is nobody; a change of this list is a decision. */
const OPEN = [
  // The page itself, which knows nothing before somebody signs in.
  "GET /",
  "GET /consola/{archivo}",
  "GET /entrar/oidc",
  "GET /entrar/oidc/vuelta",
  "GET /entrar/oidc/salida",
  "GET /api/v1/health",
  "GET /api/v1/sesion",
  "GET /api/v1/sesion/enlace",
  "POST /api/v1/sesion",
  "DELETE /api/v1/sesion",
  "POST /cliente/operacion/claves/canjear",
  "POST /pagos/avisos-psp",
  "GET /docs",
  "GET /docs/{archivo}",
  "GET /errores",
  "GET /errores/{codigo}",
  "GET /health",
  "GET /ready",
  "GET /spec",
];

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly open: boolean;
}
async function operationsOf(app: (typeof apps)[keyof typeof apps]): Promise<Operation[]> {
  const { paths } = await (await app.request("/spec")).json();
  return Object.entries(paths).flatMap(([path, of]) =>
    Object.entries(Object(of)).map(([method, o]) => ({
      method: method.toUpperCase(),
      path,
      open: Array.isArray(Object(o).security) && Object(o).security.length === 0,
    }))
  );
}
const sample = (path: string) => path.replace(/\{[^}]+\}/g, "x-1");

for (const [name, app] of Object.entries(apps)) {
  const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const r = await app.request(path, { method, headers });
    await r.body?.cancel();
    return r;
  };

  acceptance(`${name}: every operation but the open ones wants to know who asks`, async () => {
    const all = await operationsOf(app);
    assert.ok(all.length > 10);
    for (const { method, path, open } of all) {
      const what = `${method} ${path}`;
      assert.equal(open, OPEN.includes(what), `${what} in the document`);
      const { status, headers } = await ask(method, sample(path));
      if (open) assert.notEqual(status, 401, what);
      else {assert.deepEqual(
          [status, headers.get("www-authenticate")],
          [401, 'Bearer realm="alpespartners"'],
          what,
        );}
    }
  });

  acceptance(`${name}: no way of writing a path gets around it`, async () => {
    for (const { method, path, open } of await operationsOf(app)) {
      if (open) continue;
      const p = sample(path);
      const last = p.lastIndexOf("/");
      const written = [
        `/${p}`,
        `${p}/`,
        `/.${p}`,
        `/health/..${p}`,
        `/health/%2e%2e${p}`,
        `/health%2F..${p}`,
        `/docs/..%2F${p.slice(1)}`,
        `/docs/..%5C${p.slice(1)}`,
        `/errores/..;${p}`,
        `${p.slice(0, last)}%2F${p.slice(last + 1)}`,
        `${p.slice(0, last)}%5C${p.slice(last + 1)}`,
        `${p}%00`,
        `${p};x=1`,
        `${p}?/health`,
        `${p}%3F/health`,
        `${p}#/health`,
        p.toUpperCase(),
      ];
      for (const w of written) {
        const { status } = await ask(method, w);
        // 404 and 400 are the answers of `/docs/{archivo}` and the like, which show nothing of what is closed.
        assert.ok(
          status === 401 || (/^\/(docs|errores|health)/.test(w) && status >= 400),
          `${method} ${w}: ${status}`,
        );
      }
    }
  });

  acceptance(`${name}: no header makes somebody of nobody`, async () => {
    for (
      const headers of [
        { "x-actor": "persona:ana;roles=admin" },
        { "x-original-url": "/health" },
        { "x-rewrite-url": "/health" },
        { "x-forwarded-for": "127.0.0.1" },
        { "x-http-method-override": "OPTIONS" },
        { authorization: "Basic YWRtaW46YWRtaW4=" },
        { authorization: "Bearer" },
        { authorization: "Bearer ñ" },
        { cookie: "alpes_sesion=e30; authorization=Bearer x" },
      ]
    ) {
      const path = name === "bff" ? "/api/v1/pagos" : "/pagos";
      assert.equal(
        (await ask("GET", path, headers as Record<string, string>)).status,
        401,
        JSON.stringify(headers),
      );
      assert.equal((await ask("GET", "/metrics", headers as Record<string, string>)).status, 401);
    }
  });
}

acceptance(
  "figures are read by a program of the same machine, and through a proxy only by who may",
  async () => {
    const ask = async (hostname: string, headers: Record<string, string> = {}) => {
      const info = { remoteAddr: { transport: "tcp", hostname, port: 1 } };
      const r = await apps.pagos.fetch(new Request("http://localhost/metrics", { headers }), info);
      await r.body?.cancel();
      return r.status;
    };
    assert.equal(await ask("127.0.0.1"), 200);
    assert.equal(await ask("::1"), 200);
    assert.equal(await ask("10.0.0.7"), 401);
    for (const header of ["x-forwarded-for", "forwarded", "via", "x-real-ip"]) {
      assert.equal(await ask("127.0.0.1", { [header]: "10.0.0.7" }), 401, header);
    }
  },
);
