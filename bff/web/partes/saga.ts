import { esAlgun } from "../api.ts";
import { edad } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { SagaJson } from "../tipos.ts";
import { Cuando, Estado } from "./piezas.ts";

/** What the saga did and how long each step took. */
export function Pasos({ de }: { readonly de: SagaJson }): VNode {
  return html`<p><${Estado} de=${de.estado} />${
    de.plazo === null ? null : html`
      <span class="tenue">${dos("plazo", "deadline")} <${Cuando} de=${de.plazo} /></span>
    `
  }</p>
  ${
    de.pasos.length === 0
      ? html`<p class="tenue">${dos("Empieza con el primer pago.", "It begins with the first payment.")}</p>`
      : null
  }
  <ol class="pasos">${
    de.pasos.map((p, i) =>
      html`<li key=${i}><${Estado} de=${p.estado} /> <strong>${palabra(p.paso)}</strong>
      <span class="tenue"><${Cuando} de=${p.inicio} />${
        p.fin === null ? null : ` · ${edad(new Date(p.fin).getTime() - new Date(p.inicio).getTime())}`
      }${p.intentos > 1 ? ` · ${p.intentos} ${dos("intentos", "attempts")}` : ""}</span>
      ${p.error === null ? null : html`<p class="rancio">${p.error}</p>`}
      ${
        esAlgun("auditor", "admin")
          ? html`<a class="tenue" href=${enlace(["auditoria"], { solicitud: p.solicitud })}>${
            dos("solicitud", "request")
          }</a>`
          : null
      }</li>`
    )
  }</ol>`;
}
