import assert from "node:assert/strict";
import { openKeyDesk } from "@alpes/shared/process/identity.ts";
import { eventually } from "@alpes/shared/testing/eventually.ts";
import { startStack } from "@alpes/shared/testing/stack.ts";
import { wire } from "@alpes/shared/testing/wire.ts";
import { acceptance, dig } from "./acceptance.ts";

/** The configuration that compose mounts, in a real nginx, in front of a real BFF. */
const NGINX = await ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"].reduce<
  Promise<string | null>
>(
  async (found, path) => await found ?? await Deno.stat(path).then(() => path, () => null),
  Promise.resolve(null),
);
if (NGINX === null && Deno.env.get("CI") === "true") {
  throw new Error("CI needs nginx: apt-get install nginx-light");
}

/** As `acceptance`; without nginx on the machine it is told as skipped. */
const proxied = (name: string, fn: () => Promise<void>) =>
  NGINX === null ? Deno.test({ name, ignore: true, fn }) : acceptance(name, fn);

const parts = new AsyncDisposableStack();
Deno.test.afterAll(() => parts.disposeAsync());
const m = NGINX === null ? null : await behindProxy(NGINX);

async function behindProxy(nginx: string) {
  const stack = parts.use(await startStack({ env: { AUTH_MODE: "claves" } }));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const home = await Deno.makeTempDir();
  // nginx's workers give up root, and must still get in.
  await Deno.chmod(home, 0o755);
  parts.defer(() => Deno.remove(home, { recursive: true }));
  const settings: Record<string, string> = {
    PROXY_LISTEN: `127.0.0.1:${port}`,
    PROXY_HOME: home,
    BFF_ADDRESS: new URL(stack.bffUrl).host,
  };
  const template = await Deno.readTextFile(new URL("../deploy/proxy/nginx.conf.template", import.meta.url));
  await Deno.writeTextFile(
    `${home}/nginx.conf`,
    template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => settings[name] ?? assert.fail(name)),
  );
  const p = new Deno.Command(nginx, {
    args: ["-c", `${home}/nginx.conf`, "-p", home, "-g", "daemon off;"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said: string[] = [];
  const reading = [p.stdout, p.stderr].map(async (s) => {
    for await (const text of s.pipeThrough(new TextDecoderStream())) said.push(text);
  });
  parts.defer(async () => {
    p.kill("SIGTERM");
    await p.status;
    await Promise.all(reading);
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    const r = await fetch(`${url}/health`);
    await r.body?.cancel();
    return r.ok;
  }, { ms: 20_000, every: 100 }).catch((e) => {
    throw new Error(said.join(""), { cause: e });
  });
  const desk = openKeyDesk(stack.appUrl, "prueba", parts, () => {});
  const actor = { tipo: "persona", id: "jefa", roles: ["admin"], cliente: null } as const;
  const r = await desk.crear({ actor, correlation_id: "sol-1" }, {
    nombre: "prueba",
    roles: ["admin", "operador", "aprobador", "auditor"],
    cliente: null,
  }, 1);
  assert.ok(r.ok);
  return { stack, url, clave: r.value.clave, said: () => said.join("") };
}
const world = () => m ?? assert.fail("no nginx");
const started = performance.now.bind(performance);

proxied("the demo runs through the proxy with a key", async () => {
  const { url, clave } = world();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("../shared/dev/demo.ts", import.meta.url).pathname],
    env: { BFF_URL: url, ALPES_CLAVE: clave, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stdout) + text.decode(stderr));
});

proxied("headers that do not end are cut off in 5 s, and the BFF never hears of them", async () => {
  using w = await wire(world().url);
  const since = started();
  await w.write("GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n");
  const drip = setInterval(() => w.write("x-a: b\r\n").catch(() => {}), 500);
  await assert.rejects(() => w.answer());
  clearInterval(drip);
  const ms = started() - since;
  assert.ok(ms > 3_000 && ms < 8_000, `${ms} ms`);
});

proxied("without the proxy headers that do not end are waited for", async () => {
  // Why the proxy is there: the day this fails, Deno.serve has learnt it, and the documents have to be changed.
  using w = await wire(world().stack.bffUrl);
  await w.write("GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n");
  await new Promise((r) => setTimeout(r, 8_000));
  await w.write("\r\n");
  assert.equal((await w.answer()).status, 200);
});

for (
  const [what, path, headers, status, codigo] of [
    ["a header of 20 KiB", "/health", { "x-a": "a".repeat(20_000) }, 400, "peticion_malformada"],
    ["headers of 100 KiB", "/health", many(100, 1_000), 400, "peticion_malformada"],
    ["an address of 20 KiB", `/health?${"a".repeat(20_000)}`, {}, 414, "direccion_larga"],
  ] as const
) {
  proxied(`${what} is refused by the proxy, in the shape of every problem`, async () => {
    using w = await wire(world().url);
    const r = await w.send("GET", path, headers);
    assert.deepEqual([r.status, dig(JSON.parse(r.body), "codigo")], [status, codigo]);
    assert.equal(r.headers.get("content-type"), "application/problem+json");
    assert.match(r.headers.get("x-request-id") ?? "", /^[0-9a-f]{32}$/);
  });
}
function many(n: number, size: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`x-${i}`, "a".repeat(size)]));
}

proxied("who asks is said by the credential alone: X-Actor from outside does not reach the BFF", async () => {
  using w = await wire(world().url);
  const forged = { "x-actor": "persona:ana;roles=admin", "x-request-id": "forjado" };
  const r = await w.send("GET", "/api/v1/dashboard", forged);
  assert.equal(r.status, 401);
  assert.match(r.headers.get("x-request-id") ?? "", /^[0-9a-f]{32}$/);
  assert.ok(!world().stack.logs().includes("forjado"));
});

proxied("what is open to the machine itself is not open through the proxy", async () => {
  const { url, clave, stack } = world();
  using w = await wire(url);
  assert.equal((await w.send("GET", "/metrics")).status, 401);
  assert.equal((await w.send("GET", "/metrics", { "x-forwarded-for": "", "x-real-ip": "" })).status, 401);
  assert.equal((await w.send("GET", "/metrics", { authorization: `Bearer ${clave}` })).status, 200);
  using direct = await wire(stack.bffUrl);
  assert.equal((await direct.send("GET", "/metrics")).status, 200);
});

proxied("a path reaches the BFF as it was written", async () => {
  const { url, clave, stack } = world();
  using w = await wire(url);
  using direct = await wire(stack.bffUrl);
  const headers = { authorization: `Bearer ${clave}` };
  const answers = async (path: string) => [
    (await w.send("GET", path, headers)).status,
    (await direct.send("GET", path, headers)).status,
  ];
  for (const path of ["/cliente//nadie", "/cliente%2Fnadie", "//cliente/nadie", "/cliente/%6eadie"]) {
    const [through, plain] = await answers(path);
    assert.equal(through, plain, path);
  }
});

proxied("two requests in one, by lengths that contradict each other, are refused", async () => {
  for (
    const head of [
      "content-length: 4\r\ncontent-length: 40\r\n",
      "content-length: 4\r\ntransfer-encoding: chunked\r\n",
      "transfer-encoding: chunked, identity\r\n",
      "transfer-encoding: xchunked\r\n",
    ]
  ) {
    using w = await wire(world().url);
    await w.write(
      `POST /api/v1/clientes HTTP/1.1\r\nhost: localhost\r\n${head}\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n`,
    );
    const { status } = await w.answer();
    assert.ok([400, 411, 501].includes(status), `${head}: ${status}`);
    await assert.rejects(() => w.answer(), head);
  }
});

proxied("neither queries nor credentials stand in the proxy's log", async () => {
  const { url, clave, said } = world();
  const r = await fetch(`${url}/api/v1/search?q=begona`, { headers: { authorization: `Bearer ${clave}` } });
  await r.body?.cancel();
  await eventually(() => Promise.resolve(said().includes("/api/v1/search")), { ms: 5_000, every: 50 });
  assert.ok(!said().includes("begona"));
  assert.ok(!said().includes(clave));
});

proxied("a body over 1 MiB is refused before the BFF reads it; an import may be larger", async () => {
  const { url, clave } = world();
  const headers = { authorization: `Bearer ${clave}`, "content-type": "application/json" };
  const big = await fetch(`${url}/api/v1/clientes`, { method: "POST", headers, body: " ".repeat(1_100_000) });
  assert.deepEqual([big.status, dig(await big.json(), "codigo")], [413, "cuerpo_muy_grande"]);
});
