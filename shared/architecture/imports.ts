/** One import: files as paths from the root, packages as `npm:name`, built-ins as `node:name`. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Only for types: it is gone when the program runs. */
  readonly typeOnly?: true;
}

const FOLDERS = ["services", "shared", "bff", "migrations", "tests", "bench"];

/** Every TypeScript file of the project, as a path from the root, sorted. */
export async function sourceFiles(root: URL): Promise<string[]> {
  const files: string[] = [];
  async function walk(folder: string): Promise<void> {
    const entries = await Array.fromAsync(Deno.readDir(new URL(`${folder}/`, root))).catch(() => []);
    for (const e of entries) {
      const path = `${folder}/${e.name}`;
      if (e.isDirectory && e.name !== "node_modules") await walk(path);
      else if (/\.tsx?$/.test(e.name)) files.push(path);
    }
  }
  for (const f of FOLDERS) await walk(f);
  return files.sort();
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** Every import of the files, types too, as Deno itself resolves it. */
export async function importsOf(root: URL, files: readonly string[]): Promise<Import[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((f) => `import "${new URL(f, root).href}";`).join("\n"));
    const config = decodeURIComponent(new URL("deno.json", root).pathname);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", config, entry],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
    const found = new Map<string, Import>();
    for (const m of graph.modules) {
      if (!m.specifier.startsWith(root.href)) continue;
      for (const d of m.dependencies ?? []) {
        const add = (to: string | undefined, typeOnly: boolean) => {
          if (to === undefined) return;
          const i = { from: m.specifier.slice(root.href.length), to: named(to, root) };
          const known = found.get(`${i.from} ${i.to}`);
          if (known === undefined || known.typeOnly) {
            found.set(`${i.from} ${i.to}`, typeOnly ? { ...i, typeOnly } : i);
          }
        };
        add(d.code?.specifier, false);
        add(d.type?.specifier, true);
        if (d.specifier.startsWith("npm:")) add(d.specifier, false);
      }
    }
    return [...found.values()];
  } finally {
    await Deno.remove(entry);
  }
}

/** `npm:@types/pg@8.23.1/x` is about pg; versions are deno.json's matter. */
function named(specifier: string, root: URL): string {
  if (specifier.startsWith(root.href)) return specifier.slice(root.href.length);
  const npm = /^npm:\/?(?:@types\/)?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier);
  return npm ? `npm:${npm[1]}` : specifier;
}
