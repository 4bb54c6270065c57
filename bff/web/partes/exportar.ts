import { useState } from "preact/hooks";
import { pedir, sesion } from "../api.ts";
import { numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos } from "../textos.ts";
import { Copiar } from "./piezas.ts";
import type { Columna } from "./tabla.ts";

/** Rows that one file may have: beyond, a spreadsheet is the wrong tool. */
export const MAX_FILAS = 100_000;

/** A cell of text that a spreadsheet would take for a formula gets an apostrophe; amounts stay amounts. */
export function celdaCsv(texto: string | null): string {
  const t = texto ?? "";
  const esMonto = /^-?\d+(\.\d+)?$/.test(t);
  const seguro = !esMonto && /^[=+\-@\t\r]/.test(t) ? `'${t}` : t;
  return /[",\n\r]/.test(seguro) ? `"${seguro.replaceAll('"', '""')}"` : seguro;
}

export function descargar(nombre: string, tipo: string, texto: string): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([texto], { type: tipo }));
  a.download = nombre;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

/** The line that gives the same data in a shell. */
export function curl(ruta: string): string {
  const clave = sesion.peek()?.modo === "ninguna" ? "" : ' -H "authorization: Bearer $ALPES_CLAVE"';
  return `curl -s '${location.origin}${ruta.replaceAll("'", "%27")}'${clave}`;
}

/** Rows as a file that a spreadsheet opens: a line each, under the columns' titles. */
export const csvDe = <T>(columnas: readonly Columna<T>[], filas: readonly T[]): string =>
  `\ufeff${
    [columnas.map((c) => celdaCsv(c.titulo)), ...filas.map((f) => columnas.map((c) => celdaCsv(c.texto(f))))]
      .map((f) => `${f.join(",")}\r\n`).join("")
  }`;
export const bajarCsv = (nombre: string, texto: string): void =>
  descargar(`${nombre.replaceAll(/\W+/g, "-")}.csv`, "text/csv;charset=utf-8", texto);

/** What is shown, to take away: as CSV, as JSON and as the command that gives the same. */
export function Llevar(
  { ruta, csv, van = null }: {
    readonly ruta: string;
    readonly csv: () => unknown;
    readonly van?: number | null;
  },
): VNode {
  return html`<span class="exportar">
    <button type="button" class="llano" disabled=${van !== null} onClick=${csv}>${
    van === null ? "CSV" : numero(van)
  }</button>
    <a class="llano" href=${ruta} target="_blank" rel="noopener">JSON<span class="oculto"> ${
    dos("(pestaña nueva)", "(new tab)")
  }</span></a>
    <${Copiar} texto=${() => curl(ruta)}>curl<//>
  </span>`;
}

interface Pagina {
  readonly data: readonly unknown[];
  readonly pagination: { readonly next_cursor?: string | null };
}
interface Props<T> {
  readonly nombre: string;
  readonly base: string;
  readonly consulta: URLSearchParams;
  readonly columnas: readonly Columna<T>[];
}

/** The same of a list without an end: every row that the filters leave as CSV, its first page as JSON. */
export function Exportar<T>({ nombre, base, consulta, columnas }: Props<T>): VNode {
  const [van, poner] = useState<number | null>(null);
  const ruta = `${base}?${new URLSearchParams({ ...Object.fromEntries(consulta), limit: "50" })}`;
  const csv = async () => {
    const filas: T[] = [];
    let cursor: string | null = null;
    do {
      const q = new URLSearchParams({ ...Object.fromEntries(consulta), limit: "100" });
      if (cursor !== null) q.set("cursor", cursor);
      const r = await pedir<Pagina>(`${base}?${q}`);
      if (!r.ok) return poner(null);
      filas.push(...r.valor.data as readonly T[]);
      cursor = r.valor.pagination.next_cursor ?? null;
      poner(filas.length);
    } while (cursor !== null && filas.length < MAX_FILAS);
    bajarCsv(nombre, csvDe(columnas, filas));
    poner(null);
  };
  return html`<${Llevar} ruta=${ruta} csv=${csv} van=${van} />`;
}
