import type { Import } from "./imports.ts";

/** Groups of files that import each other in a circle, each sorted; a file that imports itself too. */
export function cycles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  // Tarjan's strongly connected components.
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const on = new Set<string>();
  const found: string[][] = [];
  function visit(v: string): void {
    const at = index.size;
    index.set(v, at);
    low.set(v, at);
    stack.push(v);
    on.add(v);
    const lower = (n: number) => low.set(v, Math.min(low.get(v) ?? n, n));
    for (const w of next.get(v) ?? []) {
      if (!index.has(w)) visit(w), lower(low.get(w) ?? at);
      else if (on.has(w)) lower(index.get(w) ?? at);
    }
    if (low.get(v) !== at) return;
    const group = stack.splice(stack.indexOf(v));
    for (const w of group) on.delete(w);
    if (group.length > 1 || next.get(v)?.includes(v)) found.push(group.sort());
  }
  for (const v of next.keys()) if (!index.has(v)) visit(v);
  return found;
}

/** Files that nothing imports and nobody starts: no entry, no test. */
export function orphans(
  files: readonly string[],
  imports: readonly Import[],
  entries: ReadonlySet<string>,
): string[] {
  const imported = new Set(imports.filter((i) => i.from !== i.to).map((i) => i.to));
  return files.filter((f) => !imported.has(f) && !entries.has(f) && !/_test\.tsx?$/.test(f));
}

/**
 * What is started by name, in place of an import: paths in deno.json, CI and compose files, and relative paths in the
 * code (workers, child processes).
 */
export async function entryFiles(root: URL, files: readonly string[]): Promise<Set<string>> {
  const entries = new Set<string>();
  const known = new Set(files);
  const read = (f: string) => Deno.readTextFile(new URL(f, root)).catch(() => "");
  for (const f of ["deno.json", ".ci/run", "compose.yaml", "Dockerfile", ".devcontainer/setup.sh"]) {
    for (const [path] of (await read(f)).matchAll(/[\w./-]+\.tsx?\b/g)) {
      entries.add(path.replace(/^(\.\/)+/, ""));
    }
  }
  for (const workspace of ["shared", "bff", "services/cliente", "services/campanias", "services/pagos"]) {
    const main = /"exports":\s*"\.\/([^"]+)"/.exec(await read(`${workspace}/deno.json`))?.[1];
    if (main !== undefined) entries.add(`${workspace}/${main}`);
  }
  // An import is no start; those are judged by the graph.
  const started = /(?<!\b(?:from|import)\s*\(?\s*)["'`]([\w./-]+\.tsx?)["'`]/g;
  for (const f of files) {
    for (const [, path = ""] of (await read(f)).matchAll(started)) {
      const target = new URL(path, path.startsWith(".") ? new URL(f, root) : root).href.slice(
        root.href.length,
      );
      if (known.has(target)) entries.add(target);
    }
  }
  return entries;
}
