import { ZONA } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { filtrar } from "../ruta.ts";
import { dos } from "../textos.ts";

/** A moment to look back to, in the zone that the label names. */
export function ComoEra({ valor }: { readonly valor: string }): VNode {
  const local = valor === ""
    ? ""
    : new Date(new Date(valor).getTime() - new Date(valor).getTimezoneOffset() * 60_000).toISOString().slice(
      0,
      19,
    );
  return html`<label class="comoera">${dos(`Como era el (${ZONA})`, `As it was on (${ZONA})`)}
    <input type="datetime-local" step="1" value=${local} onChange=${(e: Event) => {
    const v = (e.target as HTMLInputElement).value;
    filtrar({ en: v === "" ? "" : new Date(v).toISOString() });
  }} /></label>`;
}
