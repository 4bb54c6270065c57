export interface ChildOptions {
  readonly name: string;
  /** The composition root to run. */
  readonly entry: string;
  /** More options of `deno run`. */
  readonly options?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it may do, where that is not `PERMISSIONS`, and its arguments. */
  readonly permissions?: readonly string[];
  readonly args?: readonly string[];
  /** Every line that it writes. */
  readonly onLine: (line: string, from: "stdout" | "stderr") => void;
  /** It ended though nobody asked it to. */
  readonly onEnd?: (status: Deno.CommandStatus, ranMs: number) => void;
}

/** One process of the platform, which can be started again. */
export interface Child {
  readonly name: string;
  /** `null` while it does not run. */
  pid(): number | null;
  start(): void;
  /** Asks it to end, and makes it end after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  kill(signal: Deno.Signal): void;
  /** Resolves when it does not run. */
  gone(): Promise<void>;
}

/** What a process of the platform may do; the tasks of deno.json give the same. */
export const PERMISSIONS = ["--allow-net", "--allow-env", "--allow-read"] as const;

/** Describes a child; `start` runs it. It gets a process group of its own, so that Ctrl-C reaches only us, and stops by
 * itself when we are gone (see `serve`). */
export function child(o: ChildOptions): Child {
  let running: { process: Deno.ChildProcess; gone: Promise<void>; asked: boolean } | null = null;
  return {
    name: o.name,
    pid: () => running?.process.pid ?? null,
    start() {
      if (running !== null) return;
      const process = new Deno.Command(Deno.execPath(), {
        args: ["run", ...(o.permissions ?? PERMISSIONS), ...(o.options ?? []), o.entry, ...(o.args ?? [])],
        env: { ...o.env, ALPES_PARENT_PID: String(Deno.pid) },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        detached: Deno.build.os !== "windows",
      }).spawn();
      const started = performance.now();
      const output = Promise.all([
        pump(process.stdout, (l) => o.onLine(l, "stdout")),
        pump(process.stderr, (l) => o.onLine(l, "stderr")),
      ]);
      const me = { process, asked: false, gone: Promise.resolve() };
      me.gone = (async () => {
        const status = await process.status;
        await output;
        if (running === me) running = null;
        if (!me.asked) o.onEnd?.(status, performance.now() - started);
      })();
      running = me;
    },
    async stop(graceMs) {
      const me = running;
      if (me === null) return;
      me.asked = true;
      signal(me.process, "SIGTERM");
      const late = setTimeout(() => signal(me.process, "SIGKILL"), graceMs);
      await me.gone;
      clearTimeout(late);
    },
    kill(name) {
      if (running === null) return;
      running.asked = true;
      signal(running.process, name);
    },
    gone: () => running?.gone ?? Promise.resolve(),
  };
}

function signal(p: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    p.kill(name);
  } catch { /* it ended in the meantime */ }
}

async function pump(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  for await (const line of stream.pipeThrough(new TextDecoderStream()).pipeThrough(lines())) onLine(line);
}

/** Cuts a text into its lines. */
function lines(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, out) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const p of parts) out.enqueue(p);
    },
    flush(out) {
      if (rest !== "") out.enqueue(rest);
    },
  });
}
