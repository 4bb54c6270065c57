/** One file of this folder, `NNNN_name.sql`. */
export interface Migration {
  readonly version: number;
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of the text with `\n` line ends, so that a checkout on Windows has the same. */
  readonly sum: string;
}

const hex = (b: ArrayBuffer) =>
  Array.from(new Uint8Array(b), (x) => x.toString(16).padStart(2, "0")).join("");
const sha256 = async (text: string) =>
  hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text.replaceAll("\r\n", "\n"))));

/** What `deno task bundle` put into the file: a bundle has no folder beside it. */
const embedded = (): Migration[] | undefined =>
  Reflect.get(globalThis, Symbol.for("alpes.migraciones")) as Migration[] | undefined;

/** The SQL files in order of their number, by default those that ship with this code (also inside a binary or bundle). */
export async function migrationFiles(folder?: URL): Promise<Migration[]> {
  if (folder === undefined) return embedded() ?? await migrationFiles(new URL("./", import.meta.url));
  const names: string[] = [];
  for await (const e of Deno.readDir(folder)) if (/^\d{4}_\w+\.sql$/.test(e.name)) names.push(e.name);
  names.sort();
  const files = await Promise.all(names.map(async (file): Promise<Migration> => {
    const sql = await Deno.readTextFile(new URL(file, folder));
    return { version: Number(file.slice(0, 4)), file, sql, sum: await sha256(sql) };
  }));
  for (const [i, f] of files.entries()) {
    if (files[i - 1]?.version === f.version) {
      throw new Error(`two migrations have number ${f.version}: ${files[i - 1]?.file} and ${f.file}`);
    }
  }
  return files;
}

/** One sum over all files: names the schema that they make together. */
export async function migrationsSum(folder?: URL): Promise<string> {
  const files = await migrationFiles(folder);
  return await sha256(files.map((f) => `${f.file} ${f.sum}`).join("\n"));
}

/** The highest number among the files. */
export async function expectedVersion(folder?: URL): Promise<number> {
  return (await migrationFiles(folder)).at(-1)?.version ?? 0;
}
