/** Folders whose files end up in the console's bundle. */
const FUENTES = ["bff/web/", "shared/seedwork/"];

/**
 * Bundles the console into `bff/web/dist/`, where the BFF finds it. Does nothing where that is newer than every source
 * file: a tenth of a second otherwise, so whatever starts the BFF may call it.
 */
export async function construirConsola(root: URL): Promise<void> {
  const dist = new URL("bff/web/dist/", root);
  const hecha = await fecha(new URL("consola.js", dist));
  const fuentes = await Promise.all([
    ...FUENTES.map((f) => masNueva(new URL(f, root))),
    fecha(new URL("deno.json", root)),
  ]);
  if (hecha > Math.max(...fuentes)) return;
  await Deno.mkdir(dist, { recursive: true });
  // Whole files under their names at once: two tests may build at the same time.
  const nuevo = new URL(`consola-${Deno.pid}.js`, dist);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform=browser",
      "--minify",
      "--output",
      decodeURIComponent(nuevo.pathname),
      decodeURIComponent(new URL("bff/web/main.ts", root).pathname),
    ],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`the console was not built:\n${new TextDecoder().decode(stderr)}`);
  await Deno.writeTextFile(nuevo, encoger(await Deno.readTextFile(nuevo)));
  await Deno.copyFile(new URL("bff/web/consola.css", root), new URL("consola.css", dist));
  await Deno.rename(nuevo, new URL("consola.js", dist));
}

/** Letters, figures, marks and signs beyond ASCII: no spaces, nothing that is not seen, no half of a pair. */
const VISIBLE = /[^\p{ASCII}\p{Z}\p{C}]/u;

/**
 * What the bundler leaves that no page shows, a twentieth of the file: the templates' indentation, their line ends beside a
 * tag (htm drops both), and letters of Spanish as escapes where the file is UTF-8.
 */
export function encoger(js: string): string {
  const letra = (todo: string, barras: string, hex: string): string => {
    const c = String.fromCharCode(parseInt(hex, 16));
    // An escaped backslash is not the beginning of an escape.
    return barras.length % 2 === 1 && VISIBLE.test(c) ? barras.slice(1) + c : todo;
  };
  return js.replaceAll(/\n\s+/g, "\n").replaceAll(/>\n|\n(?=<)/g, (m) => m.trim())
    .replaceAll(/(\\+)(?:x([0-9A-F]{2})|u([0-9a-fA-F]{4}))/g, (m, b, x, u) => letra(m, b, x ?? u));
}

async function fecha(archivo: URL): Promise<number> {
  const s = await Deno.stat(archivo).catch(() => null);
  return s?.mtime?.getTime() ?? 0;
}

async function masNueva(carpeta: URL): Promise<number> {
  let ultima = 0;
  for await (const e of Deno.readDir(carpeta)) {
    if (e.name === "dist") continue;
    const url = new URL(e.isDirectory ? `${e.name}/` : e.name, carpeta);
    ultima = Math.max(ultima, e.isDirectory ? await masNueva(url) : await fecha(url));
  }
  return ultima;
}

if (import.meta.main) await construirConsola(new URL("../../", import.meta.url));
