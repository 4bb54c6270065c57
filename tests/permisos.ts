import { openApiDocuments } from "@alpes/shared/dev/openapi.ts";
import { processes } from "@alpes/shared/dev/openapi_processes.ts";
import { POLITICA, ROLES } from "@alpes/shared/seedwork/policy.ts";
import { DE_MENSAJES } from "./matriz/mensajes.ts";
import { guardadas } from "./matriz/operaciones.ts";

export const PAGINA = new URL("../docs/permisos.md", import.meta.url);

const TEXTO = `# Who may do what

Written by \`deno run -A tests/permisos.ts\` from \`shared/seedwork/policy.ts\` and the OpenAPI documents; a test holds it
to them. The use cases ask the policy, on the \`Actor\` that every command and every read takes; paths decide nothing.
Each operation names its line in \`x-accion\`.

- **partner** stands for one cliente and has what belongs to it: its own record, the campaigns it pays for, the payments
  it makes or gets, its commissions. Lists, totals, sums, statistics and searches are of that alone.
- **operador** runs everything but keys and audit; **aprobador** and **auditor** read; the auditor also reads the audit
  log; **admin** does all that people do; **servicio** is what messages do, and the change feed. Rights add up.
- Who is not recognised gets 401. What a caller may not see answers exactly as what does not exist: 404, or a filter that
  finds nothing. What it may see but not do is 403.
- A partner registers nobody and chooses no ids (of a campaign it makes): a clash would tell of what it may not see. What
  it makes it makes for itself. Its record is kept by operators, since it decides who is paid.
- A step of a campaign's estado by way of PUT or PATCH asks \`campanias.decidir\` as well.
- AUTH_MODE=ninguna makes whoever is on the machine operador, aprobador, auditor and admin at once.
- Who is recognised may ask who he is (\`GET /{modulo}/operacion/identidad\`). \`/metrics\` is open to the same machine.
`;

/** The page as it should be. */
export async function pagina(): Promise<string> {
  await using resources = new AsyncDisposableStack();
  const documentos = await openApiDocuments(await processes(resources));
  const documento = (p: string): unknown => JSON.parse(documentos.get(p) ?? "{}");
  const todas = guardadas({
    documento: {
      alpespartners: documento("alpespartners"),
      bff: documento("bff"),
      pagos: documento("pagos"),
    },
  });
  const deQuien = (accion: string) =>
    todas.filter((g) => g.accion === accion).map((g) => `\`${g.operacion.method} ${g.operacion.path}\``);
  const lineas = Object.entries(POLITICA).map(([accion, celdas]) => [`\`${accion}\``, ...celdas.map(ver)]);
  const pedidas = Object.keys(POLITICA).map((accion) =>
    `- \`${accion}\`: ${DE_MENSAJES.includes(accion) ? "messages only" : deQuien(accion).join(", ")}\n`
  );
  return `${TEXTO}\n${tabla(["line", ...ROLES], lineas)}\nWhat asks each line:\n\n${pedidas.join("")}`;
}

const ver = (celda: string) => celda === "no" ? "" : celda === "propio" ? "its own" : "yes";

/** A table as `deno fmt` leaves it: the first column to the left, the others in the middle. */
function tabla(cabeza: readonly string[], filas: readonly (readonly string[])[]): string {
  const anchos = cabeza.map((c, i) => Math.max(c.length, ...filas.map((f) => f[i]?.length ?? 0)));
  const celda = (texto: string, i: number) => {
    const sobra = (anchos[i] ?? 0) - texto.length;
    return i === 0
      ? texto + " ".repeat(sobra)
      : texto.padStart(texto.length + (sobra >> 1)).padEnd(anchos[i] ?? 0);
  };
  const linea = (celdas: readonly string[]) => `| ${celdas.map(celda).join(" | ")} |\n`;
  const raya = `| ${
    anchos.map((n, i) => i === 0 ? "-".repeat(n) : `:${"-".repeat(n - 2)}:`).join(" | ")
  } |\n`;
  return linea(cabeza) + raya + filas.map(linea).join("");
}

if (import.meta.main) {
  await Deno.writeTextFile(PAGINA, await pagina());
  Deno.exit();
}
