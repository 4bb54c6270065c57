import { construirConsola } from "./consola.ts";
import type { Child } from "./child.ts";
import type { DevDatabase } from "./dev_database.ts";

export interface Reloaded {
  readonly services: readonly Child[];
  readonly bff: Child;
  readonly database: DevDatabase;
  readonly note: (line: string) => void;
  /** Called after processes were started again. */
  readonly record: () => void;
  readonly graceMs: number;
}

const WATCHED = ["services", "bff", "shared", "migrations"];
const COUNTS = /\.(ts|tsx|js|json|sql|css|html|csv)$/;
const IGNORED =
  /bff[\\/]web[\\/]dist[\\/]|_test\.ts$|[\\/]shared[\\/](dev|testing|architecture)[\\/]|migrations[\\/]schema\.sql$/;
/** An editor writes several files, and a checkout hundreds: wait until it is quiet. */
const QUIET_MS = 120;

/** Starts again what a changed file belongs to, after applying a new migration. */
export function onChange(root: URL, r: Reloaded): Disposable {
  const folders = WATCHED.map((f) => new URL(f, root).pathname).filter((f) => {
    try {
      return Deno.statSync(f).isDirectory;
    } catch {
      return false;
    }
  });
  const watcher = Deno.watchFs(folders, { recursive: true });
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let working: Promise<void> = Promise.resolve();
  const apply = () => {
    const paths = [...changed];
    changed.clear();
    working = working.then(() => again(paths)).catch((e) =>
      r.note(e instanceof Error ? e.message : String(e))
    );
  };
  async function again(paths: readonly string[]): Promise<void> {
    const within = (folder: string) => paths.some((p) => p.startsWith(new URL(`${folder}/`, root).pathname));
    const schema = within("migrations");
    const all = within("shared") || schema;
    const which = [
      ...(all || within("services") ? r.services : []),
      ...(all || within("bff") ? [r.bff] : []),
    ];
    if (which.length === 0) return;
    await Promise.all(which.map((c) => c.stop(r.graceMs)));
    if (schema) { for (const file of await r.database.migrate()) r.note(`✓ ${file}`); }
    if (within("bff/web")) await construirConsola(root);
    for (const c of which) c.start();
    r.record();
    const [first = ""] = paths;
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : "";
    r.note(
      `${which.map((c) => c.name).join(" and ")} started again: ${first.replace(root.pathname, "")}${more}`,
    );
  }
  (async () => {
    for await (const e of watcher) {
      if (e.kind === "access") continue;
      for (const p of e.paths) if (COUNTS.test(p) && !IGNORED.test(p)) changed.add(p);
      if (changed.size === 0) continue;
      clearTimeout(timer);
      timer = setTimeout(apply, QUIET_MS);
    }
  })();
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
