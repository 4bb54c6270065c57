import { esAlgun } from "../api.ts";
import type { DineroJson } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import { Cuando, Monto } from "./piezas.ts";

export interface Asiento {
  readonly id: string;
  readonly clave: string;
  readonly hecho: string;
  readonly partner_id: string | null;
  readonly idCampania: string | null;
  readonly payout_id: string | null;
  readonly revierte: string | null;
  readonly revertido_por: string | null;
  readonly fecha: string;
  readonly actor: string;
  readonly solicitud: string;
  readonly causa: string;
  readonly saga_paso: string | null;
  readonly lineas?: readonly { readonly cuenta: string; readonly importe: DineroJson }[];
}

/** The way from an entry back to what caused it: event, saga's step, request. */
export function Causa({ de }: { readonly de: Asiento }): VNode {
  const solicitud = esAlgun("auditor", "admin")
    ? html`<a href=${enlace(["auditoria"], { solicitud: de.solicitud })}><code>${de.solicitud}</code></a>`
    : html`<code>${de.solicitud}</code>`;
  return html`<span class="tenue">${dos("asiento", "entry")} ${de.id} → ${de.causa}${
    de.saga_paso === null ? "" : ` → ${dos("saga, paso", "saga, step")} ${de.saga_paso}`
  } → ${dos("solicitud", "request")} ${solicitud}</span>`;
}

/** Entries with their lines, each of which sums to zero. */
export function Asientos({ de }: { readonly de: readonly Asiento[] }): VNode {
  return html`<ol class="linea">${
    de.map((a) =>
      html`
        <li
          key=${a.id}><${Cuando} de=${a.fecha} /> <strong>${palabra(a.hecho)}</strong> <span class="tenue">${a
            .actor}</span>
              ${a.lineas === undefined ? null : html`<dl>${
                a.lineas.map((l, i) =>
                  html`
                    <div key=${i} class="dato">
                      <dt><a href=${enlace(["libro", l.cuenta])}>${l.cuenta}</a></dt>
                      <dd class="cifra">
                        <${Monto} de=${l.importe} />
                      </dd>
                    </div>
                  `
                )
              }</dl>`}
              <${Causa} de=${a} /></li>
      `
    )
  }</ol>`;
}
