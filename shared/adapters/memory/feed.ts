import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import type { Change, Feed } from "@alpes/shared/seedwork/feed.ts";
import type { FeedEntry } from "@alpes/shared/seedwork/unit_of_work.ts";

/** A feed over the list that a memory unit of work appends to; `wake` after a commit. */
export function memoryFeed(
  entries: readonly FeedEntry[],
  { now = () => new Date(), correlacion = "" }: { now?: Clock; correlacion?: string } = {},
): Feed {
  const sleepers = new Set<() => void>();
  const times: Date[] = [];
  return {
    read(after, limit) {
      while (times.length < entries.length) times.push(now());
      const page = entries.slice(after, after + limit);
      return Promise.resolve(page.map((e, i): Change => {
        const n = after + i + 1;
        return { n, tipo: e.tipo, id: e.id, version: e.version, correlacion, en: times[n - 1] ?? now() };
      }));
    },
    bounds: () => Promise.resolve({ primero: entries.length === 0 ? 0 : 1, ultimo: entries.length }),
    wait(after, ms, signal) {
      if (entries.length > after || ms <= 0 || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          sleepers.delete(end);
          signal?.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        sleepers.add(end);
        signal?.addEventListener("abort", end);
      });
    },
    wake: () => sleepers.forEach((end) => end()),
  };
}
