import { StartupFailure } from "../http/startup_failure.ts";

const LIMIT_MS = 90_000;
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));

/** Resolves once the BFF says that it and all behind it are healthy; throws after a while, with the reason it gave. */
export async function untilHealthy(bff: string, services: string, limitMs = LIMIT_MS): Promise<"healthy"> {
  const end = performance.now() + limitMs;
  for (;;) {
    const health = await ask(`${bff}/api/v1/health`);
    if (isRecord(health) && health.status === "healthy") return "healthy";
    if (performance.now() > end) {
      const ready = await ask(`${services}/ready`);
      const why = `the BFF says ${JSON.stringify(health)}, the services say ${JSON.stringify(ready)}`;
      throw new StartupFailure("the platform did not become healthy", why, `curl -s ${services}/ready`);
    }
    await sleep(60);
  }
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null;

async function ask(url: string): Promise<unknown> {
  try {
    const r = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return await r.json();
  } catch {
    return "no answer";
  }
}
