import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { readiness } from "./readiness.ts";
import { listen } from "./serve.ts";
import { StartupFailure } from "./startup_failure.ts";

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
const PROGRAM = `
import { logger, setupLogs } from ${here("./log.ts")};
import { readiness } from ${here("./readiness.ts")};
import { serve } from ${here("./serve.ts")};
import { orExit } from ${here("./startup_failure.ts")};
setupLogs({ level: "info", format: "json", servicio: "prueba" });
const ready = readiness([]);
const until = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(() => done("done"), ms);
  signal?.addEventListener("abort", () => (clearTimeout(timer), done("cut short")));
});
const answers = {
  "/now": () => "now",
  "/slow": () => until(1_000),
  "/endless": () => until(60_000),
  "/poll": () => until(60_000, ready.draining),
};
const close = () => {
  logger("prueba").info("closed");
  return Deno.env.get("CLOSE_FAILS") ? Promise.reject(new Error("cannot close")) : Promise.resolve();
};
const answer = async (r) => {
  const { pathname } = new URL(r.url);
  logger("prueba").warn("got " + pathname);
  return new Response(await answers[pathname]());
};
await orExit(() => serve(answer, {
  host: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 0), servicio: "prueba", version: "0", readiness: ready, close,
  drainMs: 1_500,
}));
`;
const DENO = ["eval", PROGRAM];

/** A process of its own, with what it wrote; it does not outlive the test. */
async function started(env: Record<string, string> = {}, [command, ...args] = [Deno.execPath(), ...DENO]) {
  const child = new Deno.Command(command ?? "", {
    args,
    env: { PORT: "0", ...env, NO_COLOR: "1" },
    cwd: new URL("../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = child.stderr.text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const written = (): Record<string, unknown>[] =>
    text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  const said = () =>
    written().map((l) => String(l["motivo"] ?? l["msg"])).filter((line) => !line.startsWith("got "));
  const read = async () => {
    const { done, value } = await reader.read();
    text += value ?? "";
    return !done;
  };
  /** Until the process has written so. */
  const until = async (part: string) => {
    while (!text.includes(`"${part}"`) && await read());
  };
  await until("listening");
  const url = String(written().find((l) => l["msg"] === "listening")?.["url"]);
  return {
    child,
    url,
    until,
    get: (path: string) => fetch(url + path).then((r) => r.text(), () => "refused"),
    async end(): Promise<{ code: number; said: unknown[]; errors: string }> {
      while (await read());
      const { code } = await child.status;
      await child.stdin.close().catch(() => {});
      return { code, said: said(), errors: await errors };
    },
  };
}
const soon = (ms: number) => new Promise((r) => setTimeout(r, ms));

Deno.test("a stop lets running requests finish, takes no more, closes what was opened and ends with 0", async () => {
  const p = await started();
  equal(await p.get("/now"), "now");
  const slow = p.get("/slow");
  await p.until("got /slow");
  p.child.kill("SIGTERM");
  await p.until("stopping");
  await soon(50);
  const late = p.get("/now");
  deepEqual([await slow, await late], ["done", "refused"]);
  const { code, said } = await p.end();
  equal(code, 0);
  deepEqual(said, ["listening", "SIGTERM", "closed", "stopped"]);
});

Deno.test("a long poll ends with the stop instead of delaying it", async () => {
  const p = await started();
  const poll = p.get("/poll");
  await p.until("got /poll");
  const start = performance.now();
  p.child.kill("SIGINT");
  equal(await poll, "cut short");
  equal((await p.end()).code, 0);
  ok(performance.now() - start < 1_000);
});

Deno.test("a request that never ends is cut off at the deadline", async () => {
  const p = await started();
  const endless = p.get("/endless");
  await p.until("got /endless");
  const start = performance.now();
  p.child.kill("SIGTERM");
  equal(await endless, "refused");
  const { code, said, errors } = await p.end();
  ok(performance.now() - start < 3_000);
  deepEqual([code, said.slice(-2)], [0, ["closed", "stopped"]], errors);
});

Deno.test("a second signal ends the process at once", async () => {
  const p = await started();
  const endless = p.get("/endless");
  await p.until("got /endless");
  p.child.kill("SIGINT");
  await p.until("stopping");
  p.child.kill("SIGINT"); // the same one, handed on
  await new Promise((r) => setTimeout(r, 300));
  p.child.kill("SIGINT");
  equal((await p.end()).code, 130);
  equal(await endless, "refused");
});

Deno.test("one signal that comes twice drains all the same", async () => {
  const p = await started();
  p.child.kill("SIGINT");
  p.child.kill("SIGINT");
  equal((await p.end()).code, 0);
});

Deno.test("what cannot be closed is told, with exit code 1", async () => {
  const p = await started({ CLOSE_FAILS: "1" });
  p.child.kill("SIGTERM");
  const { code, said } = await p.end();
  deepEqual([code, said.at(-2)], [1, "did not close cleanly"]);
});

Deno.test("the end of the standard input stops the process where that was agreed, and only there", async () => {
  const agreed = await started({ ALPES_STOP_ON_STDIN_EOF: "1" });
  const other = await started();
  await Promise.all([agreed.child.stdin.close(), other.child.stdin.close()]);
  const { code, said } = await agreed.end();
  deepEqual([code, said.at(1)], [0, "end of the standard input"]);
  equal(await other.get("/now"), "now");
  other.child.kill("SIGTERM");
  await other.end();
});

Deno.test({
  name: "the process does not outlive its parent",
  ignore: Deno.build.os === "windows",
  async fn() {
    // The shell is the parent; `wait` keeps it there until it is killed, without a chance to say goodbye.
    const quoted = [Deno.execPath(), ...DENO].map((a) => `'${a.replaceAll("'", `'\\''`)}'`).join(" ");
    const p = await started({}, ["/bin/sh", "-c", `export ALPES_PARENT_PID=$$; ${quoted} & wait`]);
    equal(await p.get("/now"), "now");
    p.child.kill("SIGKILL");
    deepEqual((await p.end()).said, ["listening", "the parent process is gone", "closed", "stopped"]);
  },
});

Deno.test("a taken port is told with the process that holds it and the line that frees it", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const p = await started({ PORT: String(port) });
  const { code, errors } = await p.end();
  equal(code, 1);
  const [what, why, run, ...more] = errors.trimEnd().split("\n");
  equal(what, `✗ prueba cannot listen on 127.0.0.1:${port}`);
  deepEqual(more, []);
  if (Deno.build.os === "linux") {
    match(why ?? "", new RegExp(`why: process ${Deno.pid} holds the port: `));
    equal(run, `  run: kill ${Deno.pid}`);
  }
});

Deno.test("an address that cannot be had is told as what, why and a line to run", async () => {
  const o = { servicio: "prueba", readiness: readiness([]) };
  const failure = (what: RegExp) => (e: unknown) => {
    ok(e instanceof StartupFailure);
    match(e.message, what);
    return true;
  };
  await rejects(
    listen(() => new Response(), { ...o, host: "203.0.113.1", port: 0 }),
    failure(/does not have that address/),
  );
});

Deno.test("a server inside a test stops, also when asked twice", async () => {
  const ready = readiness([]);
  const server = await listen(() => new Response("x"), {
    host: "127.0.0.1",
    port: 0,
    servicio: "x",
    readiness: ready,
  });
  equal(await (await fetch(`http://127.0.0.1:${server.port}`)).text(), "x");
  await Promise.all([server.stop(), server.stop()]);
  ok(ready.draining.aborted);
});
