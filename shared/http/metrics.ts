import process from "node:process";
import { Gauge, Histogram, Registry } from "prom-client";
import { latencies } from "./latencies.ts";

/** One reading of a gauge: its label values and the figure. */
export type Reading = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The figures of one process. */
export interface Metrics {
  /** `status`: the HTTP status; `ms`: milliseconds. */
  observe(method: string, route: string, status: number, ms: number): void;
  /** A figure that is asked for at each scrape, e.g. the age of the oldest outbox row. A failing `collect` gives none. */
  gauge(
    name: string,
    help: string,
    labels: readonly string[],
    collect: () => Promise<readonly Reading[]> | readonly Reading[],
  ): void;
  /** Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Requests, answers of 500 and above, and quantiles in milliseconds, since the start. */
  summary(): { count: number; errors: number; p50: number; p95: number; p99: number };
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const histogram = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer a request, by route pattern.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const children = new Map<string, { observe(seconds: number): void }>();
  const all = latencies();
  let errors = 0;

  const metrics: Metrics = {
    observe(method, route, status, ms) {
      const key = `${method} ${status} ${route}`;
      let child = children.get(key);
      if (!child) children.set(key, child = histogram.labels(method, route, String(status)));
      child.observe(ms / 1_000);
      all.record(ms);
      if (status >= 500) errors++;
    },
    gauge(name, help, labels, collect) {
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [registry],
        async collect() {
          this.reset();
          // Without labels a reset leaves a 0, which nobody measured.
          if (labels.length === 0) this.remove();
          try {
            for (const [values, value] of await collect()) this.set({ ...values }, value);
          } catch { /* no figure rather than a wrong one; the scrape goes on with the others */ }
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    summary: () => ({
      count: all.count,
      errors,
      p50: all.quantile(0.5),
      p95: all.quantile(0.95),
      p99: all.quantile(0.99),
    }),
  };
  processGauges(metrics);
  return metrics;
}

function processGauges(metrics: Metrics): void {
  const started = Date.now() / 1_000 - performance.now() / 1_000;
  const one = (name: string, help: string, read: () => number) =>
    metrics.gauge(name, help, [], () => [[{}, read()]]);
  one("process_start_time_seconds", "Start of the process, in seconds since 1970.", () => started);
  one("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage().rss);
  one("process_heap_bytes", "Used JavaScript heap.", () => process.memoryUsage().heapUsed);
  one("process_cpu_seconds_total", "User and system CPU time.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}
