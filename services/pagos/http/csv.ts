/** Rows of one shape as RFC 4180 text with a header; a cell that a spreadsheet would compute is quoted as text. */
export function csv(filas: readonly Readonly<Record<string, unknown>>[]): string {
  const columnas = [...new Set(filas.flatMap((f) => Object.keys(f)))];
  return [columnas.join(","), ...filas.map((f) => columnas.map((c) => celda(f[c])).join(",")), ""].join(
    "\r\n",
  );
}

function celda(v: unknown): string {
  if (v === null || v === undefined) return "";
  const s = String(v);
  const inofensiva = /^[=+@\t\r]/.test(s) || /^-(?!\d+(\.\d+)?$)/.test(s) ? `'${s}` : s;
  return /[",\r\n]/.test(inofensiva) ? `"${inofensiva.replaceAll('"', '""')}"` : inofensiva;
}
