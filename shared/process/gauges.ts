import type { Database } from "@alpes/shared/adapters/postgres/database.ts";
import type { Metrics } from "@alpes/shared/http/metrics.ts";
import type { MessageDesk, MessagingLag } from "@alpes/shared/seedwork/message_desk.ts";

interface Watched {
  readonly modulo: string;
  readonly db: Database;
  readonly desk: MessageDesk;
}

/** What an operator watches: how far messages are behind, how many are parked, how full the pools are. */
export function gauges(metrics: Metrics, modules: readonly Watched[]): void {
  let asked = 0;
  let answer: Promise<readonly (readonly [string, MessagingLag])[]> = Promise.resolve([]);
  /** One question to the database for all the gauges of a scrape. */
  const lags = () => {
    if (performance.now() - asked > 1_000) {
      asked = performance.now();
      answer = Promise.all(modules.map(async (m) => [m.modulo, await m.desk.lag()] as const));
    }
    return answer;
  };
  const lag = (name: string, help: string, read: (l: MessagingLag) => number) =>
    metrics.gauge(
      name,
      help,
      ["modulo"],
      async () => (await lags()).map(([modulo, l]) => [{ modulo }, read(l)]),
    );

  lag("outbox_pending", "Messages committed but not published.", (l) => l.outbox.pendientes);
  lag("outbox_oldest_seconds", "Age of the oldest message not published.", (l) => l.outbox.edad_s);
  lag("inbox_pending", "Messages delivered but not handled.", (l) => l.inbox.pendientes);
  lag("inbox_oldest_seconds", "Age of the oldest message not handled.", (l) => l.inbox.edad_s);
  lag("inbox_parked", "Messages that wait for an operator.", (l) => l.inbox.aparcados);
  lag("inbox_behind_parked", "Messages that wait behind a parked one.", (l) => l.inbox.detras);

  metrics.gauge(
    "database_connections",
    "Connections of each module's pool.",
    ["modulo", "estado"],
    () =>
      modules.flatMap(({ modulo, db }) => {
        const { total, idle, waiting } = db.usage();
        const of = (estado: string, n: number) => [{ modulo, estado }, n] as const;
        return [of("abiertas", total), of("libres", idle), of("en_espera", waiting)];
      }),
  );
}
