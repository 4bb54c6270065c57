import { StartupFailure } from "@alpes/shared/http/startup_failure.ts";
import type { Sample } from "./sample.ts";

/** What each request of a load is: Lua that sets `path`, and `body` for a POST, from the running number `n`. */
export interface Target {
  readonly method: "GET" | "POST";
  readonly lua: string;
}

const script = ({ method, lua }: Target, run: string) => `
local run, n = "${run}", 0
wrk.headers["Content-Type"] = "application/json"
request = function()
  n = n + 1
  local path, body
  ${lua}
  return wrk.format("${method}", path, nil, body)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("JSON{\\"requests\\":%d,\\"us\\":%d,\\"errors\\":%d,\\"p50\\":%d,\\"p99\\":%d}\\n",
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
`;

/** Closed loop: each connection sends the next request when it has the answer to the last one. */
export async function wrk(base: string, target: Target, connections: number, seconds: number) {
  const file = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(file, script(target, crypto.randomUUID().slice(0, 8)));
  try {
    const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", file, base];
    const { success, stdout, stderr } = await new Deno.Command("wrk", { args, stdin: "null" }).output()
      .catch(() => {
        const why = "the load comes from wrk, which is not on the path";
        throw new StartupFailure("wrk is missing", why, "apt-get install wrk");
      });
    const said = new TextDecoder().decode(stdout);
    const found = /JSON(\{.*\})/.exec(said)?.[1];
    if (!success || found === undefined) throw new Error(`wrk: ${said}${new TextDecoder().decode(stderr)}`);
    const r: Record<"requests" | "us" | "errors" | "p50" | "p99", number> = JSON.parse(found);
    return {
      requests: r.requests,
      sample: {
        rate: (r.requests - r.errors) / (r.us / 1e6),
        p50: r.p50 / 1_000,
        p99: r.p99 / 1_000,
        errors: r.errors,
      } satisfies Omit<Sample, "cpu">,
    };
  } finally {
    await Deno.remove(file);
  }
}
