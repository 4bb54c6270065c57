import { memoryAnswers } from "@alpes/shared/adapters/memory/answers.ts";
import { actorFromHeader } from "@alpes/shared/http/actor.ts";
import { type AppOptions, createApp } from "@alpes/shared/http/app.ts";
import type { ProblemJson } from "@alpes/shared/http/problem.ts";
import type { Router } from "@alpes/shared/http/router.ts";

/** A whole app around one router, as `main.ts` makes it; `errors` is what it would have logged. */
export function appAround(path: string, router: Router, options: Partial<AppOptions> = {}) {
  const errors: Error[] = [];
  const app = createApp({
    catalogues: [],
    answers: memoryAnswers(),
    actor: actorFromHeader,
    newId: () => crypto.randomUUID(),
    logError: (e) => errors.push(e),
    ...options,
  });
  app.route(path, router);

  /** Sends a body as it is: text goes as JSON unless the headers say otherwise. */
  const send = async (
    method: string,
    url: string,
    body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | object,
    headers: Record<string, string> = {},
  ) => {
    const raw = typeof body === "string"
      ? new TextEncoder().encode(body)
      : body === undefined || body instanceof Uint8Array || body instanceof ReadableStream
      ? body
      : new TextEncoder().encode(JSON.stringify(body));
    const init: RequestInit & { duplex?: "half" } = { method, headers, body: raw ?? null };
    if (raw instanceof ReadableStream) init.duplex = "half";
    return await app.request(url, init);
  };
  return { app, send, errors };
}

/** The problem details of an answer; throws when it is none. */
export async function problemIn(res: Response): Promise<ProblemJson> {
  const type = res.headers.get("content-type");
  if (type !== "application/problem+json") throw new Error(`${res.status} ${type}: ${await res.text()}`);
  return await res.json();
}

/** The names of the fields that it complains about, in order of name. */
export const fieldsIn = (p: ProblemJson): string[] => p.errores.map((e) => e.campo).sort();
