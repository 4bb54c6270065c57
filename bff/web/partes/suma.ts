import { dinero, type DineroJson, suma } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos } from "../textos.ts";

/** The lines and their sum, computed here from what is shown: it turns when one of them is altered. */
export function SumaExacta(
  { lineas, total }: { readonly lineas: readonly string[]; readonly total: DineroJson },
): VNode {
  const s = suma(lineas, total.moneda);
  const bien = s === total.valor;
  return html`<p class="suma ${bien ? "bien" : "mal"}" data-prueba="suma">${
    bien ? dos("✓ suma exacta", "✓ exact sum") : dos("✗ las líneas no suman", "✗ the lines do not add up")
  }
    <strong class="monto">${dinero(total)}</strong>${
    bien || s === null ? null : html`
      <span class="tenue">(${dinero({ valor: s, moneda: total.moneda })})</span>
    `
  }</p>`;
}
