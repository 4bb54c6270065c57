import { Component } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Fila, Lista } from "../datos.ts";
import { contados, type DineroJson, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { filtrar, ruta } from "../ruta.ts";
import { dos } from "../textos.ts";
import { Cargando, Cuando, Estado, Falla, Hace, Monto } from "./piezas.ts";
import { bajarCsv, csvDe, Exportar, Llevar } from "./exportar.ts";

export interface Columna<T> {
  readonly titulo: string;
  readonly celda: (fila: T) => unknown;
  /** The same as text, for CSV. */
  readonly texto: (fila: T) => string | null;
  /** The list's `sort_by`, where it sorts by this. */
  readonly orden?: string;
  readonly cifra?: boolean;
  /** Left out where there is little room. */
  readonly menor?: boolean;
  /** Shown where there is plenty of room; in the CSV always. */
  readonly amplia?: boolean;
  /** In the CSV only: on the screen another column says it. */
  readonly soloCsv?: boolean;
}
type Mas<T> = Partial<Columna<T>>;
/** Columns of the usual kinds: what is shown and what the CSV has come from one place. */
export const deTexto = <T>(titulo: string, de: (f: T) => string | null, mas: Mas<T> = {}): Columna<T> => ({
  titulo,
  celda: de,
  texto: de,
  ...mas,
});
export const deMonto = <T>(
  titulo: string,
  de: (f: T) => DineroJson | null,
  mas: Mas<T> = {},
): Columna<T> => ({
  titulo,
  cifra: true,
  celda: (f) => html`<${Monto} de=${de(f)} />`,
  texto: (f) => de(f)?.valor ?? null,
  ...mas,
});
export const deNumero = <T>(titulo: string, de: (f: T) => number, mas: Mas<T> = {}): Columna<T> => ({
  titulo,
  cifra: true,
  celda: (f) => numero(de(f)),
  texto: (f) => String(de(f)),
  ...mas,
});
export const deCuando = <T>(titulo: string, de: (f: T) => string | null, mas: Mas<T> = {}): Columna<T> => ({
  titulo,
  celda: (f) => html`<${Cuando} de=${de(f)} />`,
  texto: de,
  ...mas,
});
export const deEstado = <T>(titulo: string, de: (f: T) => string, mas: Mas<T> = {}): Columna<T> => ({
  titulo,
  celda: (f) => html`<${Estado} de=${de(f)} />`,
  texto: de,
  ...mas,
});
export interface PropsTabla<T extends Fila> {
  readonly lista: Lista<T>;
  readonly columnas: readonly Columna<T>[];
  readonly nombre: string;
  readonly base: string;
  readonly consulta: URLSearchParams;
  readonly vacio: VNode;
}

/** Height of every row, as the style sheet has it: what is out of sight is not drawn. */
const ALTO = 44;
const MARGEN = 12;

/** Which rows are within reach of the eye. */
function useVentana(cuantas: number) {
  const cuerpo = useRef<HTMLTableSectionElement>(null);
  const medir = (): readonly [number, number] => {
    const arriba = cuerpo.current?.getBoundingClientRect().top ?? 0;
    const desde = Math.floor(Math.max(0, -arriba / ALTO - MARGEN) / MARGEN) * MARGEN;
    const hasta = desde + (Math.ceil(innerHeight / ALTO / MARGEN) + 3) * MARGEN;
    return [Math.max(0, desde), hasta];
  };
  const [rango, poner] = useState<readonly [number, number]>([0, 60]);
  useEffect(() => {
    let pedido = 0;
    const mirar = () => {
      cancelAnimationFrame(pedido);
      pedido = requestAnimationFrame(() => {
        const [a, b] = medir();
        poner((r) => r[0] === a && r[1] === b ? r : [a, b]);
      });
    };
    addEventListener("scroll", mirar, { passive: true });
    addEventListener("resize", mirar);
    mirar();
    return () => {
      cancelAnimationFrame(pedido);
      removeEventListener("scroll", mirar);
      removeEventListener("resize", mirar);
    };
  }, [cuantas]);
  return { cuerpo, desde: Math.min(rango[0], Math.max(0, cuantas - MARGEN)), hasta: rango[1] };
}

interface PropsRenglon<T extends Fila> {
  readonly f: T;
  readonly n: number;
  readonly cs: readonly Columna<T>[];
}
/** One row. Scrolling draws those that come into sight, not those that stay: columns are the same by their titles. */
class Renglon<T extends Fila> extends Component<PropsRenglon<T>> {
  override shouldComponentUpdate(p: PropsRenglon<T>, s: unknown): boolean {
    const { f, n, cs } = this.props;
    return s !== this.state || p.f !== f || p.n !== n || p.cs.length !== cs.length ||
      p.cs.some((c, i) => c.titulo !== cs[i]?.titulo);
  }
  override render({ f, n, cs }: PropsRenglon<T>): VNode {
    return html`<tr aria-rowindex=${n} data-id=${f.id}>${
      cs.map((c) => html`<td key=${c.titulo} class=${clases(c)}>${c.celda(f)}</td>`)
    }</tr>`;
  }
}

/** A list without an end: columns that sort, rows as they scroll into sight, and what is new behind a button. */
export function Tabla<T extends Fila>(p: PropsTabla<T>): VNode {
  const { lista, nombre, base, consulta, vacio } = p;
  const columnas = p.columnas.filter((c) => !c.soloCsv);
  const { filas, nuevas, total, falla, cargando, hayMas } = lista;
  const { cuerpo, desde, hasta } = useVentana(filas.length);
  useEffect(() => {
    if (hayMas && !cargando && hasta > filas.length - 20) lista.mas();
  }, [hasta, filas.length, hayMas, cargando]);
  const vistas = filas.slice(desde, hasta);
  const q = ruta.value.consulta;
  const porOrden = q.get("sort_by"), sentido = q.get("sort_order");
  const ordenar = (c: Columna<T>) => {
    if (porOrden !== c.orden) {
      return filtrar({ sort_by: c.orden ?? "", sort_order: c.cifra ? "desc" : "asc" });
    }
    if (sentido === "asc") return filtrar({ sort_order: "desc" });
    return filtrar(c.cifra ? { sort_order: "asc" } : { sort_by: "", sort_order: "" });
  };
  const aria = (c: Columna<T>) =>
    c.orden === undefined || porOrden !== c.orden
      ? undefined
      : sentido === "asc"
      ? "ascending"
      : "descending";
  return html`<section class="lista" aria-busy=${cargando}>
    <div class="sobre-tabla">
      <p class="cuenta" role="status" data-prueba="cuenta">${
    total === null
      ? (filas.length > 0 ? contados(filas.length, nombre) : nombre)
      : `${total.estimado ? "≈ " : ""}${contados(total.n, nombre)}`
  }${
    falla !== null && lista.leido !== null
      ? html`
        <span class="rancio">⚠ ${falla.title} · <${Hace} desde=${lista.leido} /></span>
      `
      : null
  }</p>
      ${
    nuevas > 0
      ? html`<button type="button" class="nuevas" onClick=${() => {
        scrollTo({ top: 0 });
        lista.renovar();
      }}>▲ ${numero(nuevas)}${nuevas >= 50 ? "+" : ""} ${
        dos(nuevas === 1 ? "nuevo" : "nuevos", "new")
      }</button>`
      : null
  }
      <${Exportar} nombre=${nombre} base=${base} consulta=${consulta} columnas=${p.columnas} />
    </div>
    ${falla !== null && filas.length === 0 ? html`<${Falla} de=${falla} otra=${lista.renovar} />` : null}
    ${filas.length === 0 && falla === null ? (cargando ? html`<${Cargando} />` : vacio) : null}
    ${
    filas.length === 0 ? null : html`
      <table class="tabla" aria-rowcount=${total?.n ?? -1}>
        <caption class="oculto">${nombre}</caption>
        <thead>
          <tr>${columnas.map((c) =>
            html`<th key=${c.titulo} scope="col" class=${clases(c)} aria-sort=${aria(c)}>${
              c.orden === undefined
                ? c.titulo
                : html`<button type="button" onClick=${() =>
                  ordenar(c)}>${c.titulo}<span aria-hidden="true">${
                  aria(c) === undefined ? " ↕" : aria(c) === "ascending" ? " ↑" : " ↓"
                }</span></button>`
            }</th>`
          )}</tr>
        </thead>
        <tbody ref=${cuerpo}>
              ${desde > 0
                ? html`
                  <tr aria-hidden="true" class="hueco">
                    <td colspan=${columnas.length} style=${{ height: `${desde * ALTO}px` }}></td>
                  </tr>
                `
                : null}
              ${vistas.map((f, i) =>
                html`
                  <${Renglon} key=${f.id} f=${f} n=${desde + i + 2} cs=${columnas} />
                `
              )}
              ${hasta < filas.length
                ? html`
                  <tr aria-hidden="true" class="hueco">
                    <td colspan=${columnas.length} style=${{
                      height: `${(filas.length - hasta) * ALTO}px`,
                    }}></td>
                  </tr>
                `
                : null}
            </tbody>
      </table>
    `
  }
    ${
    filas.length > 0 && hayMas
      ? html`<button type="button" class="mas" onClick=${lista.mas}>${
        cargando ? "…" : dos("Más", "More")
      }</button>`
      : null
  }
  </section>`;
}
const clases = <T>(c: Columna<T>) =>
  [c.cifra && "cifra", c.menor && "menor", c.amplia && "amplia"].filter(Boolean).join(" ");

/** Rows that came whole, in the same dress. `ruta`: where they came from, to take them away. */
export function TablaSimple<T>(
  { filas, columnas, nombre, ruta }: {
    readonly filas: readonly T[];
    readonly columnas: readonly Columna<T>[];
    readonly nombre: string;
    readonly ruta?: string;
  },
): VNode {
  const vistas = columnas.filter((c) => !c.soloCsv);
  return html`
    ${ruta === undefined ? null : html`
      <div class="sobre-tabla">
        <${Llevar} ruta=${ruta} csv=${() => bajarCsv(nombre, csvDe(columnas, filas))} />
      </div>
    `}
    <div class="rodillo" tabindex="0" role="region" aria-label=${nombre}>
      <table class="tabla simple">
        <caption class="oculto">${nombre}</caption>
        <thead>
          <tr>${vistas.map((c) =>
            html`<th key=${c.titulo} scope="col" class=${clases(c)}>${c.titulo}</th>`
          )}</tr>
        </thead>
        <tbody>${filas.map((f, i) =>
          html`<tr key=${i}>${
            vistas.map((c) => html`<td key=${c.titulo} class=${clases(c)}>${c.celda(f)}</td>`)
          }</tr>`
        )}</tbody>
      </table>
    </div>
  `;
}
