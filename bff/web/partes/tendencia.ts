import { numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos } from "../textos.ts";

export interface PuntoTrazado {
  /** Where it begins, as it is shown, and where it leads. */
  readonly cuando: string;
  readonly a: string;
  readonly valor: number;
  readonly texto: string;
}
const [ANCHO, ALTO] = [240, 44];

/** Percent by which a figure grew, of exact decimal strings; `null`: there was nothing to grow from. */
export function crecimiento(ahora: string, antes: string): bigint | null {
  const [a, b] = [ahora, antes].map((t) => BigInt(t.replace(".", "")));
  return a === undefined || b === undefined || b === 0n ? null : 100n * (a - b) / b;
}

/** A line without axes, and the same as a table that leads to what each point is made of. */
export function Tendencia(
  { titulo, total, a, crece, puntos }: {
    readonly titulo: string;
    readonly total: string;
    readonly a: string;
    readonly crece: bigint | null;
    readonly puntos: readonly PuntoTrazado[];
  },
): VNode {
  const mayor = Math.max(1, ...puntos.map((p) => p.valor));
  const x = (i: number) => puntos.length < 2 ? ANCHO : i * ANCHO / (puntos.length - 1);
  const y = (v: number) => ALTO - 3 - v / mayor * (ALTO - 6);
  const linea = puntos.map((p, i) => `${x(i).toFixed(1)},${y(p.valor).toFixed(1)}`).join(" ");
  const signo = crece === null ? "" : crece < 0n ? "↓" : crece === 0n ? "=" : "↑";
  return html`
    <div class="tendencia">
      <div><span class="tenue">${titulo}</span> <a href=${a}><strong class="monto">${total}</strong></a>${crece ===
          null
        ? null
        : html`
          <span class="tenue" title=${dos(
            "contra los días anteriores",
            "against the days before",
          )}>${signo} ${numero(crece < 0n ? -crece : crece)} %</span>
        `}</div>
      <svg viewBox="0 0 ${ANCHO} ${ALTO}" preserveAspectRatio="none" aria-hidden="true">
        <polygon points="0,${ALTO} ${linea} ${ANCHO},${ALTO}" />
        <polyline points=${linea} vector-effect="non-scaling-stroke" />
      </svg>
      <details>
        <summary>${dos("tabla", "table")}<span class="oculto"> ${titulo}</span></summary>
        <div class="rodillo" tabindex="0" role="region" aria-label=${titulo}>
          <table class="atajos">
            <caption class="oculto">${titulo}</caption>
            <thead class="oculto">
              <tr>
                <th scope="col">${dos("Cuándo (UTC)", "When (UTC)")}</th>
                <th scope="col">${titulo}</th>
              </tr>
            </thead>
            <tbody>${[...puntos].reverse().map((p) =>
              html`
                <tr key=${p.cuando}>
                  <th scope="row"><a href=${p.a}>${p.cuando}</a></th>
                  <td class="cifra">${p.texto}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      </details>
    </div>
  `;
}
