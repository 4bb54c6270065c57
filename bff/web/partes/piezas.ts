import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Problema } from "../api.ts";
import { dinero, type DineroJson, edad, instante, instanteLargo, numero } from "../formato.ts";
import { type ComponentChildren, html, type VNode } from "../html.ts";
import { dos, palabra } from "../textos.ts";
import { reloj } from "../vivo.ts";

const TONO: Readonly<Record<string, string>> = {
  ACTIVO: "bien",
  EXITOSO: "bien",
  APROBADA: "bien",
  HECHO: "bien",
  COMPLETADA: "bien",
  AL_DIA: "bien",
  PAGADO: "bien",
  ACTIVE: "bien",
  APLICADA: "bien",
  DESCARTADA: "quieto",
  FINALIZADA: "quieto",
  INACTIVO: "quieto",
  COMPENSADA: "quieto",
  REVERTIDO: "quieto",
  REFUNDED: "quieto",
  CERRADO: "quieto",
  CANCELADA: "mal",
  FALLIDO: "mal",
  RECHAZADO: "mal",
  REQUIERE_INTERVENCION: "mal",
  APARCADO: "mal",
  NO_PAGADO: "mal",
  DENEGADO: "mal",
  SUSPENDIDO: "aviso",
  EN_VERIFICACION: "aviso",
  PAUSADA: "aviso",
  COMPENSANDO: "aviso",
  DESCONOCIDO: "aviso",
};
/** A state in words; the dot beside it only repeats them. */
export const Estado = ({ de }: { readonly de: string }): VNode =>
  html`<span class="estado ${TONO[de] ?? "marcha"}" data-estado=${de}><i aria-hidden="true"></i>${
    palabra(de)
  }</span>`;

export const Monto = ({ de }: { readonly de: DineroJson | null }): VNode =>
  de === null
    ? html`<span class="tenue">—</span>`
    : html`<span class="monto ${de.valor.startsWith("-") ? "negativo" : ""}">${dinero(de)}</span>`;

export const Cuando = ({ de }: { readonly de: string | null }): VNode =>
  de === null
    ? html`<span class="tenue">—</span>`
    : html`<time dateTime=${de} title=${instanteLargo(de)}>${instante(de)}</time>`;

/** How old a thing is, as it grows. */
export const Hace = ({ desde }: { readonly desde: number }): VNode =>
  html`<span>${dos(`hace ${edad(reloj.value - desde)}`, `${edad(reloj.value - desde)} ago`)}</span>`;

/** A problem as three things: what, why, and what to do. */
export function Falla({ de, otra }: { readonly de: Problema; readonly otra?: () => void }): VNode {
  return html`<div class="falla" role="alert">
    <strong>${de.title}</strong>
    ${de.detail === "" ? null : html`<p>${de.detail}</p>`}
    <p class="tenue">
      ${
    de.solicitud === null ? null : html`
      ${dos("Solicitud", "Request")} <code>${de.solicitud}</code> ·
    `
  }
      <a href="/errores/${de.codigo}" target="_blank" rel="noopener">${
    dos("Qué significa", "What it means")
  }</a>
    </p>
    ${
    otra === undefined
      ? null
      : html`<button type="button" onClick=${otra}>${dos("Intentar de nuevo", "Try again")}</button>`
  }
  </div>`;
}

export const Vacio = (
  { titulo, children }: { readonly titulo: string; readonly children?: ComponentChildren },
): VNode => html`<div class="vacio"><strong>${titulo}</strong><p>${children}</p></div>`;

/** What could not be read, by the service's name, and that it will heal by itself. */
export function Advertencias(
  { de, leido }: { readonly de: readonly string[]; readonly leido: number | null },
): VNode | null {
  if (de.length === 0) return null;
  return html`
    <div class="advertencia" role="status">
      <span aria-hidden="true">⚠</span>
      <div>${de.map((a) => html`<div key=${a}>${a}</div>`)}
          <div class="tenue">${dos("Se vuelve a intentar solo.", "Tried again by itself.")}
            ${leido === null ? null : html`
              ${dos("Leído", "Read")} <${Hace} desde=${leido} />
            `}</div>
        </div>
    </div>
  `;
}

/** The parts of a whole as bars, with the same as a table for whoever cannot see them. */
export function Barras(
  { titulo, partes, enlace }: {
    readonly titulo: string;
    /** `null`: not read yet, or not to be read. */
    readonly partes: readonly (readonly [string, number | null])[];
    readonly enlace: (estado: string) => string;
  },
): VNode {
  const mayor = Math.max(1, ...partes.map(([, n]) => n ?? 0));
  return html`
    <table class="barras">
      <caption>${titulo}</caption>
      <thead class="oculto">
        <tr>
          <th scope="col">${dos("Estado", "State")}</th>
          <th scope="col">${dos("Cuántos", "How many")}</th>
        </tr>
      </thead>
      <tbody>${partes.map(([e, n]) =>
        html`
          <tr key=${e}>
            <th scope="row"><a href=${enlace(e)}><${Estado} de=${e} /></a></th>
            <td><span class="barra ${TONO[e] ?? "marcha"}" style=${{
              width: `${n === null || n === 0 ? 0 : Math.max(2, 100 * n / mayor)}%`,
            }} aria-hidden="true"></span></td>
            <td class="cifra">${n === null ? "…" : numero(n)}</td>
          </tr>
        `
      )}</tbody>
    </table>
  `;
}

/** A label and its value, for details. */
export const Dato = (
  { de, children }: { readonly de: string; readonly children?: ComponentChildren },
): VNode =>
  html`
    <div class="dato">
      <dt>${de}</dt>
      <dd>${children ?? "—"}</dd>
    </div>
  `;

export const Cargando = (): VNode =>
  html`<div class="cargando" role="status"><span class="oculto">${dos("Cargando…", "Loading…")}</span></div>`;

/** A modal of the browser's own: it keeps the focus inside and gives it back. */
export function Dialogo(
  { titulo, cerrar, children }: {
    readonly titulo: string;
    readonly cerrar: () => void;
    readonly children?: ComponentChildren;
  },
): VNode {
  const yo = useRef<HTMLDialogElement>(null);
  // Before it is painted: a key that is pressed at once is for the dialog already.
  useLayoutEffect(() => {
    yo.current?.showModal();
    // Who opened a form wants to type, not to close it.
    yo.current?.querySelector<HTMLElement>("form :is(input, select, textarea)")?.focus();
  }, []);
  return html`<dialog ref=${yo} onClose=${cerrar} aria-labelledby="titulo-dialogo">
    <header><h2 id="titulo-dialogo">${titulo}</h2>
      <button type="button" class="icono" aria-label=${dos("Cerrar", "Close")} onClick=${() =>
    yo.current?.close()}>✕</button></header>
    ${children}
  </dialog>`;
}

/** Copies, and says so where it was pressed. */
export function Copiar(
  { texto, children }: { readonly texto: string | (() => string); readonly children?: ComponentChildren },
): VNode {
  const [hecho, poner] = useState(false);
  useEffect(() => {
    if (!hecho) return;
    const t = setTimeout(() => poner(false), 1_500);
    return () => clearTimeout(t);
  }, [hecho]);
  const copiar = async () => {
    await navigator.clipboard.writeText(typeof texto === "string" ? texto : texto());
    poner(true);
  };
  return html`<button type="button" class="llano" onClick=${copiar}>${
    hecho ? dos("Copiado", "Copied") : children
  }</button>`;
}
export const Id = ({ de }: { readonly de: string }): VNode => html`<code class="id" title=${de}>${de}</code>`;
