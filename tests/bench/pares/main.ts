import { dataHome } from "@alpes/shared/dev/places.ts";
import type { Server } from "../platform.ts";

export interface Par extends Server {
  readonly name: string;
}

/**
 * Minimal servers that do pgbench's job with a commit a request, as one writes them where nothing is joined: what is
 * compared is that algorithm with group commit, not a runtime with another. One that cannot be built is left out, said why.
 */
export async function startPares(
  databaseUrl: string,
  port: number,
  resources: AsyncDisposableStack,
  say: (what: string) => void,
): Promise<Par[]> {
  const commands: { name: string; command: string; args: string[] }[] = [{
    name: "Fastify, a commit a request",
    command: Deno.execPath(),
    args: ["run", "-A", new URL("./fastify.ts", import.meta.url).href],
  }];
  const built = await buildAxum();
  if (built.ok) commands.push({ name: "axum, a commit a request", command: built.path, args: [] });
  else say(`axum is not measured: ${built.why}`);
  const started: Par[] = [];
  for (const [i, { name, command, args }] of commands.entries()) {
    const env = { DATABASE_URL: databaseUrl, PORT: String(port + i) };
    const child = new Deno.Command(command, { args, env, stdin: "null", stdout: "null", stderr: "inherit" })
      .spawn();
    resources.defer(async () => {
      child.kill("SIGTERM");
      await child.status;
    });
    const url = `http://127.0.0.1:${port + i}`;
    await untilAnswering(url, name);
    started.push({ name, url, pid: child.pid });
  }
  return started;
}

async function buildAxum(): Promise<{ ok: true; path: string } | { ok: false; why: string }> {
  const target = `${dataHome()}/pares`;
  const manifest = new URL("./axum/Cargo.toml", import.meta.url).pathname;
  const args = [
    "build",
    "--release",
    "--locked",
    "--quiet",
    "--manifest-path",
    manifest,
    "--target-dir",
    target,
  ];
  const r = await new Deno.Command("cargo", { args, stdin: "null" }).output().catch((e: Error) => e);
  if (r instanceof Error) return { ok: false, why: "cargo is not on the path" };
  if (r.success) return { ok: true, path: `${target}/release/par-axum` };
  return { ok: false, why: new TextDecoder().decode(r.stderr).split("\n").slice(0, 3).join(" ") };
}

async function untilAnswering(url: string, name: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await new Promise((r) => setTimeout(r, 50));
    }
  }
  throw new Error(`${name} does not answer`);
}
