/** What answers like a process: a Hono app. */
export interface Answers {
  request(path: string): Response | Promise<Response>;
}

/** The OpenAPI document of each process, as `GET /spec` gives it, by process name; formatted as it is kept. */
export async function openApiDocuments(
  apps: Readonly<Record<string, Answers>>,
): Promise<Map<string, string>> {
  const documents = new Map<string, string>();
  for (const [name, app] of Object.entries(apps)) {
    const answer = await app.request("/spec");
    if (!answer.ok) throw new Error(`${name} answered ${answer.status} to /spec`);
    documents.set(name, JSON.stringify(await answer.json(), null, 2) + "\n");
  }
  return documents;
}

/** Writes `<folder>/<process>.json` for each, and returns the names of those that were not so before. */
export async function writeOpenApi(
  apps: Readonly<Record<string, Answers>>,
  folder: string,
): Promise<string[]> {
  const changed: string[] = [];
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of await openApiDocuments(apps)) {
    const file = `${folder}/${name}.json`;
    if (await Deno.readTextFile(file).catch(() => null) === text) continue;
    await Deno.writeTextFile(file, text);
    changed.push(name);
  }
  return changed;
}

/** `deno task openapi`: writes the document of every process to `docs/openapi/`, and says which ones changed. */
if (import.meta.main) {
  const { processes } = await import("./openapi_processes.ts");
  {
    await using resources = new AsyncDisposableStack();
    const folder = new URL("../../docs/openapi", import.meta.url).pathname;
    const changed = await writeOpenApi(await processes(resources), folder);
    console.log(changed.length === 0 ? "docs/openapi is up to date" : `written: ${changed.join(", ")}`);
  }
  Deno.exit();
}
