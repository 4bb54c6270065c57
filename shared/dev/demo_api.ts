import { StartupFailure } from "../http/startup_failure.ts";

/** What came back, read to its end. */
export interface Answer {
  /** Method and path, to tell a person which one it was. */
  readonly request: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `null` when there is none or it is something else. */
  readonly body: unknown;
  /** The `X-Request-Id` under which the platform knows this request. */
  readonly requestId: string;
}

/** The platform as an API consumer has it: one address, JSON in and out. Rejects only when no answer came. */
export interface Api {
  readonly base: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** Longer than the slowest answer that is still an answer (`BFF_HTTP_TIMEOUT`). */
const ANSWER_MS = 60_000;
const HOME = "http://127.0.0.1:5001";

/** Where the running system is: `BFF_URL`, or the address that `deno task dev` gives the BFF. */
export const bffUrl = (): string => (Deno.env.get("BFF_URL") || HOME).replace(/\/+$/, "");

/** `clave`: who to be where the platform asks for it; `ALPES_CLAVE` unless told. */
export const httpApi = (base: string, clave = Deno.env.get("ALPES_CLAVE") ?? ""): Api => ({
  base,
  async send(method, path, body, headers = {}) {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(clave === "" ? {} : { Authorization: `Bearer ${clave}` }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    return {
      request: `${method} ${path}`,
      status: response.status,
      headers: response.headers,
      text,
      body: jsonOf(text),
      requestId: response.headers.get("x-request-id") ?? "",
    };
  },
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The value at a dotted path of JSON, e.g. `data.0.estado`; undefined where there is none. */
export const dig = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined,
    value,
  );

/** Throws what a person must do when the platform is not there to be driven. */
export async function assertRunning(api: Api): Promise<void> {
  const run = api.base === HOME ? "deno task dev" : `curl -i ${api.base}/api/v1/health`;
  const health = await api.send("GET", "/api/v1/health").catch((e: unknown) => {
    throw new StartupFailure(`nothing answers at ${api.base}`, reason(e), run, { cause: e });
  });
  const status = dig(health.body, "status");
  if (status === "healthy" || status === "degraded") await assertKnown(api);
  if (status === "healthy" || status === "degraded" && await ready(api)) return;
  const services = Object.entries(Object(dig(health.body, "services")))
    .map(([name, s]) => `${name} is ${dig(s, "status")}`);
  throw new StartupFailure(
    `the platform at ${api.base} is not ready`,
    services.length === 0 ? `GET /api/v1/health answered ${health.status}` : services.join(", "),
    run,
  );
}

/** Throws where the platform asks who drives it and nobody can be told. */
async function assertKnown(api: Api): Promise<void> {
  const sesion = await api.send("GET", "/api/v1/sesion");
  if (sesion.status !== 200 || dig(sesion.body, "identidad") !== null) return;
  const given = Deno.env.get("ALPES_CLAVE") ? "is not good (any more)" : "is not set";
  throw new StartupFailure(
    `the platform at ${api.base} wants to know who drives it`,
    `it runs with AUTH_MODE=${dig(sesion.body, "modo")}, and ALPES_CLAVE ${given}`,
    "export ALPES_CLAVE=$(deno task -q claves crear --nombre demo --rol admin --rol operador --rol aprobador)",
  );
}

/** "degraded" may mean slow, which is no reason to give up: whoever answers a read can be driven. */
async function ready(api: Api): Promise<boolean> {
  const reads = ["/cliente/estadisticas", "/campanias/estadisticas", "/pagos/estadisticas"];
  return (await Promise.all(reads.map((p) => api.send("GET", p)))).every((a) => a.status === 200);
}

/** Why no answer came, in a few words. */
export function reason(e: unknown): string {
  const text = e instanceof Error ? [e.message, e.cause].map(String).join(": ") : String(e);
  return /refused/i.test(text) ? "the connection was refused: the platform is not running there" : text;
}
