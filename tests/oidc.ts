import { child } from "@alpes/shared/dev/child.ts";
import { freePorts } from "@alpes/shared/dev/pulsar_broker.ts";
import { type Stack, startStack } from "@alpes/shared/testing/stack.ts";

export interface OidcWorld extends AsyncDisposable {
  readonly stack: Stack;
  readonly issuer: string;
}
export const CLIENT_SECRET = "un secreto de prueba de la consola";

/** The platform with AUTH_MODE=oidc, and a real provider that is another site. `seconds`: how long its tokens last. */
export async function startOidc(
  o: { seconds?: number; env?: Record<string, string> } = {},
): Promise<OidcWorld> {
  await using parts = new AsyncDisposableStack();
  const [port = 0] = freePorts(1);
  const issuer = `http://localhost:${port}`;
  const stack = parts.use(
    await startStack({
      env: {
        AUTH_MODE: "oidc",
        OIDC_ISSUER: issuer,
        OIDC_AUDIENCE: "alpespartners",
        OIDC_JWKS_URL: `${issuer}/jwks`,
        OIDC_CLIENT_ID: "consola",
        OIDC_CLIENT_SECRET: CLIENT_SECRET,
        BFF_SECRET: "un secreto de prueba de más de treinta y dos letras",
        ...o.env,
      },
    }),
  );
  const lines: string[] = [];
  const provider = child({
    name: "proveedor",
    entry: new URL("./proveedor.ts", import.meta.url).href,
    permissions: ["-A"],
    args: [String(port), `${stack.bffUrl}/entrar/oidc/vuelta`, `${stack.bffUrl}/`, String(o.seconds ?? 600)],
    env: { NO_COLOR: "1" },
    onLine: (line) => lines.push(line),
  });
  parts.defer(() => provider.stop(2_000));
  provider.start();
  for (const end = performance.now() + 60_000;;) {
    const r = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => null);
    await r?.body?.cancel();
    if (r?.ok) break;
    if (performance.now() > end) throw new Error(`the provider did not start:\n${lines.join("\n")}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  const all = parts.move();
  return { stack, issuer, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A browser without scripts: cookies by site, no redirect followed by itself. */
export function jar() {
  const cookies = new Map<string, Map<string, string>>();
  async function go(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const mine = cookies.get(host) ?? new Map<string, string>();
    cookies.set(host, mine);
    const cookie = [...mine].map(([n, v]) => `${n}=${v}`).join("; ");
    const headers = new Headers(init.headers);
    if (cookie !== "") headers.set("cookie", cookie);
    const res = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const c of res.headers.getSetCookie()) {
      const [name = "", value = ""] = (c.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "" || /max-age=0|expires=thu, 01 jan 1970/i.test(c)) mine.delete(name);
      else mine.set(name, value);
    }
    return res;
  }
  return { go, of: (url: string) => cookies.get(new URL(url).host) ?? new Map<string, string>() };
}
export type Jar = ReturnType<typeof jar>;

/** Where an answer leads, and its body read away. */
export async function led(from: string, res: Response): Promise<string> {
  await res.body?.cancel();
  const to = res.headers.get("location");
  if (to === null) throw new Error(`${from} leads nowhere: ${res.status}`);
  return new URL(to, from).href;
}

/** Signs in on the provider's own pages, and gives the address to which it sends the browser back. */
export async function atProvider(b: Jar, url: string, login: string): Promise<string> {
  for (let at = url, i = 0; i < 12; i++) {
    const res = await b.go(at);
    if (res.status >= 300 && res.status < 400) {
      at = await led(at, res);
      if (at.includes("/entrar/oidc/vuelta")) return at;
      continue;
    }
    const page = await res.text();
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (prompt === undefined) throw new Error(`${at}: ${res.status} ${page}`);
    const body = new URLSearchParams({ prompt, ...(prompt === "login" ? { login, password: "x" } : {}) });
    at = await led(at, await b.go(at, { method: "POST", body }));
  }
  throw new Error("the provider goes round in circles");
}
