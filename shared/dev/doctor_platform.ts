import { portOwner } from "../http/port_owner.ts";
import type { Check, Setting, Trouble } from "./diagnosis.ts";

/** A process of ours answers `GET /health` with its name, whoever started it. */
async function get(url: string): Promise<{ status: number; body: Record<string, unknown> } | null> {
  try {
    const r = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const body: unknown = await r.json();
    return { status: r.status, body: typeof body === "object" && body !== null ? { ...body } : {} };
  } catch {
    return null;
  }
}

const servicesUrl = (s: Setting) => `http://${s.env.HOST ?? "127.0.0.1"}:${s.env.PORT ?? 5000}`;
const bffUrl = (s: Setting) => `http://${s.bffEnv.BFF_HOST ?? "127.0.0.1"}:${s.bffEnv.BFF_PORT ?? 5001}`;
const absent = (s: Setting, what: string, url: string): Trouble | "skip" =>
  s.mustRun
    ? { what: `${what} does not answer`, why: `nothing of ours listens on ${url}`, run: "deno task dev" }
    : "skip";

/** Free, or ours. */
async function port(url: string, variable: string): Promise<Trouble | "ok"> {
  if (!URL.canParse(url)) return "ok"; // the check of the settings tells it
  const { hostname, port } = new URL(url);
  const taken = await Deno.connect({ hostname, port: Number(port) }).then(
    (c) => (c.close(), true),
    () => false,
  );
  if (!taken) return "ok";
  const health = await get(`${url}/health`);
  if (health !== null && ("service" in health.body || "services" in health.body)) return "ok";
  const owner = await portOwner(Number(port));
  return {
    what: `port ${port} is taken`,
    why: owner ? `by ${owner.command} (pid ${owner.pid})` : "by a process of another user",
    run: owner ? `kill ${owner.pid}` : `${variable}=${Number(port) + 10} deno task dev`,
  };
}

/** What runs, and whether it is well. */
export const PLATFORM_CHECKS: readonly Check[] = [
  { name: "port of the services", look: (s) => port(servicesUrl(s), "PORT") },
  { name: "port of the BFF", look: (s) => port(bffUrl(s), "BFF_PORT") },
  {
    name: "services",
    async look(s) {
      const url = servicesUrl(s);
      const ready = await get(`${url}/ready`);
      if (ready === null) return absent(s, "the services' process", url);
      if (ready.status === 200) return "ok";
      const why = String(ready.body.detail ?? ready.body.razon ?? JSON.stringify(ready.body)).slice(0, 200);
      return { what: "they are not ready", why, run: `curl -s ${url}/ready` };
    },
  },
  {
    name: "BFF",
    async look(s) {
      const url = bffUrl(s);
      const health = await get(`${url}/api/v1/health`);
      if (health === null) return absent(s, "the BFF", url);
      if (health.body.status === "healthy") return "ok";
      const why = JSON.stringify(health.body.services ?? health.body).slice(0, 200);
      return { what: `it is ${health.body.status ?? "not ours"}`, why, run: `curl -s ${url}/api/v1/health` };
    },
  },
  {
    name: "Pulsar",
    async look({ env }) {
      if (!env.PULSAR_URL) return "skip";
      const url = new URL(env.PULSAR_URL.replace(/^[\w+]+:/, "http:"));
      const at = Number(url.port || (env.PULSAR_URL.startsWith("ws") ? 8080 : 6650));
      const there = await Deno.connect({ hostname: url.hostname, port: at }).then(
        (c) => (c.close(), true),
        () => false,
      );
      if (there) return "ok";
      const why = `nothing listens on ${url.hostname}:${at}`;
      return {
        what: "it cannot be reached",
        why,
        run: `curl -sv --max-time 3 telnet://${url.hostname}:${at}`,
      };
    },
  },
];
