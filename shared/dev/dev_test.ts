import assert from "node:assert/strict";
import { dataHome, unprivileged } from "./places.ts";
import { installServer, SERVER_VERSION } from "./postgres_server.ts";

/** In place of the real processes: answers `healthy`, obeys signals, notices its parent's end, fails when told to. */
const STAND_IN = `
const bff = Deno.env.has("ALPESPARTNERS_SERVICE_URL");
const parent = Number(Deno.env.get("ALPES_PARENT_PID"));
setInterval(() => Deno.ppid === parent || Deno.exit(), 100);
Deno.addSignalListener("SIGTERM", () => Deno.exit());
if (Deno.env.get("FAIL") === "1") { console.error("✗ no luck\\n  why: it was told to fail\\n  run: true"); Deno.exit(3); }
if (!bff && !Deno.env.get("DATABASE_URL").includes("alpes_app")) throw new Error("not the application's login");
if (Deno.env.get("AUTH_MODE") !== "ninguna") throw new Error("AUTH_MODE");
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get(bff ? "BFF_PORT" : "PORT")), onListen() {} },
  (r) => new URL(r.url).pathname === "/crash" ? Deno.exit(7) : Response.json({ status: "healthy", pid: Deno.pid }));`;

const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
const freePort = () => {
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  l.close();
  return l.addr.port;
};

/** A machine of its own for `dev`: data folder, ports, stand-ins. */
async function machine() {
  const as = await unprivileged();
  if (as === undefined) throw new Error("no unprivileged user");
  await installServer(as);
  const dir = await Deno.makeTempDir();
  await Deno.chmod(dir, 0o755);
  await Deno.symlink(`${dataHome()}/servidor-${SERVER_VERSION}`, `${dir}/servidor-${SERVER_VERSION}`);
  await Deno.writeTextFile(`${dir}/main.ts`, STAND_IN);
  const [port, bffPort] = [freePort(), freePort()];
  const dev = import.meta.resolve("./dev.ts");
  const options = [`--services=${dir}/main.ts`, `--bff=${dir}/main.ts`, "--pg-port=15150"];
  const command = (args: readonly string[], env: Record<string, string> = {}) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", dev, ...options, ...args],
      env: {
        ALPESPARTNERS_DATOS: dir,
        PORT: String(port),
        BFF_PORT: String(bffPort),
        DATABASE_URL: "",
        NO_COLOR: "1",
        ...env,
      },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(60_000),
    });
  /** Runs it to its end. */
  const run = async (...args: string[]) => {
    const r = await command(args).output();
    return { code: r.code, out: decode(r.stdout), err: decode(r.stderr) };
  };
  /** Starts it and waits for its JSON line. */
  const start = async (env: Record<string, string> = {}) => {
    const process = command(["--json"], env).spawn();
    const lines = process.stdout.pipeThrough(new TextDecoderStream());
    const stderr = new Response(process.stderr).text();
    let text = "";
    const reader = lines.getReader();
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`dev ended: ${await stderr}`);
      text += value;
    }
    const said = JSON.parse(text.slice(0, text.indexOf("\n")));
    return {
      said,
      pid: process.pid,
      async end(signal: Deno.Signal) {
        const at = performance.now();
        process.kill(signal);
        // One Ctrl-C arrives from the terminal and again from `deno task`.
        if (signal === "SIGINT") await sleep(20), process.kill(signal);
        const { code } = await process.status;
        while (!(await reader.read()).done);
        return { code, ms: performance.now() - at, err: await stderr };
      },
    };
  };
  /** Processes of this machine that still run. */
  const processes = async () => {
    const r = await new Deno.Command("ps", { args: ["-eo", "stat=,pid=,args="] }).output();
    return decode(r.stdout).split("\n").filter((l) => l.includes(dir) && !/^Z/.test(l));
  };
  const health = async (): Promise<{ pid: number } | null> =>
    await fetch(`http://127.0.0.1:${port}/`).then((r) => r.json(), () => null);
  return {
    dir,
    port,
    bffPort,
    run,
    start,
    processes,
    health,
    [Symbol.asyncDispose]: async () => {
      for (let i = 0; i < 50 && (await processes()).length > 0; i++) await sleep(100);
      assert.deepEqual(await processes(), [], "nothing is left running");
      await Deno.remove(dir, { recursive: true });
    },
  };
}
const decode = (b: Uint8Array) => new TextDecoder().decode(b);

Deno.test("dev shows one screen, runs once, stops within two seconds, and comes back to its data", async () => {
  await using m = await machine();
  const first = await m.start();
  assert.equal(first.said.api, `http://127.0.0.1:${m.bffPort}`);
  assert.match(first.said.psql, /^psql postgres:\/\/postgres@127\.0\.0\.1:\d+\/alpespartners$/);

  const second = await m.run();
  assert.equal(second.code, 0);
  assert.match(second.out, new RegExp(`runs already \\(pid ${first.pid}\\)`));
  assert.ok(second.out.trimEnd().split("\n").length <= 16, "at most 16 lines");
  for (
    const part of [
      first.said.api,
      first.said.services,
      first.said.data,
      first.said.psql,
      "deno task demo",
      "stop",
    ]
  ) {
    assert.ok(second.out.includes(part), part);
  }
  // deno-lint-ignore no-control-regex -- NO_COLOR holds
  assert.doesNotMatch(second.out, /\x1b/);

  await Deno.writeTextFile(`${first.said.data}/algo`, "");
  const { code, ms, err } = await first.end("SIGINT");
  assert.equal(code, 0);
  assert.ok(ms <= 2_000, `stopped in ${ms} ms`);
  assert.match(err, /deno task dev comes back/);
  assert.deepEqual(await m.processes(), []);

  const again = await m.start();
  assert.ok(again.said.seconds < 5, `ready again in ${again.said.seconds} s`);
  await Deno.stat(`${again.said.data}/algo`);
  await again.end("SIGTERM");

  const clean = await m.run("--limpio", "--services=/nowhere.ts");
  assert.match(clean.out, /removed .*datos \(\d+ MB\)/);
});

Deno.test("what a killed dev leaves stops by itself, and the next one starts", async () => {
  await using m = await machine();
  const first = await m.start();
  await first.end("SIGKILL");
  const next = await m.start();
  assert.notEqual(next.pid, first.pid);
  await next.end("SIGTERM");

  const last = await m.start();
  await last.end("SIGKILL");
  for (let i = 0; i < 40 && (await m.processes()).length > 0; i++) await sleep(100);
  assert.deepEqual(await m.processes(), []);
});

Deno.test("a process that crashes after a while is started again", async () => {
  await using m = await machine();
  const dev = await m.start();
  const before = await m.health();
  await sleep(3_200);
  await fetch(`http://127.0.0.1:${m.port}/crash`).then((r) => r.body?.cancel(), () => {});
  let after = await m.health();
  for (let i = 0; i < 50 && after === null; i++) await sleep(100), after = await m.health();
  assert.notEqual(after?.pid, before?.pid);
  await dev.end("SIGINT");
});

Deno.test("a taken port names who holds it, and the line that frees it does", async () => {
  await using m = await machine();
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `Deno.serve({ hostname: "127.0.0.1", port: ${m.bffPort}, onListen: () => console.log("up") }, () => new Response("mine"))`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const out = holder.stdout.getReader();
  await out.read(); // it listens
  const { code, err } = await m.run();
  assert.equal(code, 1);
  assert.match(err, new RegExp(`bff cannot listen on 127\\.0\\.0\\.1:${m.bffPort}`));
  assert.match(err, new RegExp(`${holder.pid}`));
  const line = /run: (.*)/.exec(err)?.[1] ?? "";
  await new Deno.Command("sh", { args: ["-c", line] }).output();
  await holder.status;
  await out.cancel();
  await (await m.start()).end("SIGINT");
});

Deno.test("older data is refused, and the suggested --limpio starts from nothing", async () => {
  await using m = await machine();
  await Deno.mkdir(`${m.dir}/dev/datos`, { recursive: true });
  await Deno.writeTextFile(`${m.dir}/dev/datos/PG_VERSION`, "15\n");
  const { code, err } = await m.run();
  assert.equal(code, 1);
  assert.match(err, /written by PostgreSQL 15, and the server that comes with this code is 18/);
  assert.match(err, /run: deno task dev --limpio/);
  const clean = await m.run("--limpio", "--services=/nowhere.ts");
  assert.match(clean.out, /removed/);
  await (await m.start()).end("SIGINT");
});

Deno.test("a process that says why it cannot start is repeated, and nothing is left", async () => {
  await using m = await machine();
  await assert.rejects(m.start({ FAIL: "1" }), /no luck\s+why: it was told to fail\s+run: true/);
  // The server's guard goes last, a moment after who started it.
  for (let i = 0; i < 30 && (await m.processes()).length > 0; i++) await sleep(100);
  assert.deepEqual(await m.processes(), []);
});

Deno.test("--limpio is refused while dev runs, and its suggestion works", async () => {
  await using m = await machine();
  const dev = await m.start();
  const { code, err } = await m.run("--limpio");
  assert.equal(code, 1);
  assert.match(err, new RegExp(`run: kill ${dev.pid} && deno task dev --limpio`));
  await dev.end("SIGINT");
});

Deno.test("with DATABASE_URL nothing embedded starts, and --limpio removes nothing", async () => {
  await using m = await machine();
  const nowhere = "postgres://postgres@127.0.0.1:1/x";
  await assert.rejects(m.start({ DATABASE_URL: nowhere }), /the database cannot be reached/);
  await assert.rejects(Deno.stat(`${m.dir}/dev/datos`));
});

Deno.test("an option that dev does not know is refused", async () => {
  await using m = await machine();
  const { code, err } = await m.run("--nada");
  assert.equal(code, 1);
  assert.match(err, /does not know --nada/);
});
