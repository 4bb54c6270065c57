import { deepEqual, match, rejects } from "node:assert/strict";
import { writeOpenApi } from "./openapi.ts";

const answering = (document: unknown, status = 200) => ({
  request: (path: string) => Response.json(document, { status: path === "/spec" ? status : 404 }),
});

Deno.test("each process's document is written once, and named only when it changed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const docs = `${folder}/docs/openapi`;
    deepEqual(await writeOpenApi({ bff: answering({ a: 1 }), pagos: answering({ b: 1 }) }, docs), [
      "bff",
      "pagos",
    ]);
    deepEqual(await writeOpenApi({ bff: answering({ a: 1 }), pagos: answering({ b: 2 }) }, docs), ["pagos"]);
    match(await Deno.readTextFile(`${docs}/pagos.json`), /^\{\n {2}"b": 2\n\}\n$/);
    await rejects(writeOpenApi({ bff: answering({}, 500) }, docs), /bff answered 500/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
