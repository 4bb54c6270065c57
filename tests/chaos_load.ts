import { type Answer, type Api, dig } from "@alpes/shared/dev/demo_api.ts";

/** A write that the platform took responsibility for: it answered with a 2xx. */
export interface Acknowledged {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Record<string, string>;
  readonly answer: Answer;
}

/** Longer than a start of the services; what takes longer is down, not starting. */
const GIVE_UP_MS = 60_000;
/** Nobody took responsibility: the same request may be sent again, and has to be. */
const AGAIN = [502, 503, 504];

/**
 * A consumer as it should be: where no answer came, or none that says anything, it sends the same request again. It
 * writes down every write that was acknowledged.
 */
export function patient(api: Api, book: Acknowledged[]): Api {
  return {
    base: api.base,
    async send(method, path, body, headers = {}) {
      const end = performance.now() + GIVE_UP_MS;
      for (let pause = 50;; pause = Math.min(pause * 1.5, 500)) {
        const a = await api.send(method, path, body, headers).catch((e: unknown) => {
          if (performance.now() > end) throw e;
          return null;
        });
        const running = a?.status === 409 && dig(a.body, "codigo") === "en_curso";
        if (a !== null && !running && !AGAIN.includes(a.status) || performance.now() > end && a !== null) {
          if (method !== "GET" && a.status < 300) book.push({ method, path, body, headers, answer: a });
          return a;
        }
        await new Promise((r) => setTimeout(r, pause));
      }
    },
  };
}
