import { html, type VNode } from "../html.ts";
import { filtrar, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import { MONEDAS } from "../tipos.ts";

export interface Filtro {
  readonly nombre: string;
  readonly titulo: string;
  readonly opciones?: readonly (readonly [string, string])[];
  readonly tipo?: "search" | "date" | "text";
  /** Filters that make no sense beside this one: setting it clears them. */
  readonly en_vez_de?: readonly string[];
  /** What no choice is called; "all" unless told. */
  readonly ninguna?: string;
  /** What it is where the address says nothing. */
  readonly defecto?: string;
}

export const opciones = (de: readonly string[]): readonly (readonly [string, string])[] =>
  de.map((e) => [e, palabra(e)]);
export const MONEDAS_A_ELEGIR = MONEDAS.map((m) => [m, m] as const);
/** Days, both included. */
export const entreDias = (desde = "desde", hasta = "hasta"): readonly Filtro[] => [
  { nombre: desde, titulo: dos("Desde", "From"), tipo: "date" },
  { nombre: hasta, titulo: dos("Hasta", "To"), tipo: "date" },
];

/** Filters of a list; what they say stands in the address, and a copied address says the same. */
export function Filtros({ de }: { readonly de: readonly Filtro[] }): VNode {
  const q = ruta.value.consulta;
  const puestos = de.filter((f) => (q.get(f.nombre) ?? "") !== "");
  return html`<form class="filtros" role="search" onSubmit=${(e: Event) => e.preventDefault()}>
    ${
    de.map((f) => {
      const id = `filtro-${f.nombre}`;
      const valor = q.get(f.nombre) ?? f.defecto ?? "";
      const poner = (e: Event) =>
        filtrar({
          ...Object.fromEntries((f.en_vez_de ?? []).map((n) => [n, ""])),
          [f.nombre]: (e.target as HTMLInputElement).value,
        });
      return html`<div key=${f.nombre} class="filtro ${
        f.tipo === "search" ? "largo" : ""
      }"><label for=${id}>${f.titulo}</label>${
        f.opciones === undefined
          ? html`
            <input id=${id} type=${f.tipo ?? "text"} value=${valor} autocomplete="off" maxlength="100"
              onInput=${poner} />
          `
          : html`
            <select id=${id}
              onChange=${poner}><option value="" selected=${valor === ""}>${f.ninguna ??
                dos("Todos", "All")}</option>${f
                .opciones.map(([v, t]) =>
                  html`<option key=${v} value=${v} selected=${v === valor}>${t}</option>`
                )}</select>
          `
      }</div>`;
    })
  }
    ${
    puestos.length === 0
      ? null
      : html`<button type="button" class="llano" onClick=${() =>
        filtrar(Object.fromEntries(de.map((f) => [f.nombre, ""])))}>${
        dos("Quitar filtros", "Clear filters")
      }</button>`
  }
  </form>`;
}

/** What of the address the list is asked with: its filters and its order, nothing else. */
export function consultaDe(
  filtros: readonly Filtro[],
  fijos: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const q = new URLSearchParams(fijos);
  for (const n of [...filtros.map((f) => f.nombre), "sort_by", "sort_order"]) {
    const v = ruta.value.consulta.get(n)?.trim() ?? "";
    if (v !== "") q.set(n, v);
  }
  return q;
}
