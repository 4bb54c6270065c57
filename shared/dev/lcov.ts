import { fileURLToPath } from "node:url";

/** Lines of a file that can run, how many did, and the numbers of those that did not. */
export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly hit: number;
  readonly missing: readonly number[];
}

/** Reads an lcov report. */
export function readLcov(text: string): FileCoverage[] {
  return text.split("end_of_record").flatMap((record) => {
    const file = /^SF:(.*)$/m.exec(record)?.[1];
    if (file === undefined) return [];
    const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map((m) => ({
      n: Number(m[1]),
      ran: Number(m[2]),
    }));
    const missing = lines.filter((l) => l.ran === 0).map((l) => l.n);
    return [{ file, lines: lines.length, hit: lines.length - missing.length, missing }];
  });
}

/**
 * Files that no test loads do not come up in a report at all; here they count with each line that is not empty. A file
 * that exports only types has nothing to cover.
 */
export async function unloaded(
  root: URL,
  what: RegExp,
  seen: readonly FileCoverage[],
): Promise<FileCoverage[]> {
  const known = new Set(seen.map((f) => f.file));
  const found: FileCoverage[] = [];
  async function walk(dir: URL): Promise<void> {
    for await (const e of Deno.readDir(dir)) {
      const url = new URL(e.name + (e.isDirectory ? "/" : ""), dir);
      const file = fileURLToPath(url);
      if (e.isDirectory) await walk(url);
      else if (what.test(file) && !known.has(file) && Object.keys(await import(url.href)).length > 0) {
        const lines = (await Deno.readTextFile(url)).split("\n").filter((l) => l.trim() !== "").length;
        found.push({ file, lines, hit: 0, missing: [] });
      }
    }
  }
  await walk(new URL("services/", root));
  return found;
}
