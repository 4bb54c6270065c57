import { useState } from "preact/hooks";
import type { Problema } from "../api.ts";
import { dinero, type DineroJson, montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos } from "../textos.ts";
import { Formulario } from "./formulario.ts";
import { Dialogo, Monto } from "./piezas.ts";

export interface Decision {
  readonly titulo: string;
  /** What pressing it does, said before it is pressed. */
  readonly efecto: string;
  readonly a: string;
  readonly metodo?: string;
  readonly cabeceras?: Readonly<Record<string, string>>;
  readonly motivo: "obligatorio" | "opcional" | "no";
  /** Money that moves by it: shown, and typed where it is much. */
  readonly monto?: DineroJson | null;
  /** Totals that are typed each, however little they are. */
  readonly totales?: readonly DineroJson[];
  readonly remedio?: (f: Problema) => VNode | null;
  readonly cuerpo?: Readonly<Record<string, unknown>>;
  /** Why it cannot be done now; `null`: it can. */
  readonly impedida: string | null;
  readonly grave?: boolean;
}
const mucho = (d: DineroJson) => {
  const enteros = d.valor.replace(/^-/, "").split(".")[0]?.length ?? 0;
  return enteros >= (d.moneda === "COP" || d.moneda === "CLP" || d.moneda === "PYG" ? 9 : 6);
};

/** A button for something that cannot be taken back lightly: says what it will do, asks why, and for much money the amount. */
export function Decidir({ d, alHacer }: { readonly d: Decision; readonly alHacer: () => void }): VNode {
  const [abierto, poner] = useState(false);
  const porque = d.impedida === null ? undefined : `porque-${d.a.replaceAll(/\W/g, "-")}`;
  const teclear = d.totales ?? (d.monto != null && mucho(d.monto) ? [d.monto] : []);
  return html`<span class="decidir">
    <button type="button" class=${d.grave ? "grave" : ""} aria-disabled=${
    d.impedida !== null
  } aria-describedby=${porque}
      onClick=${() => d.impedida === null && poner(true)}>${d.titulo}</button>
    ${porque === undefined ? null : html`<span id=${porque} class="porque">${d.impedida}</span>`}
    ${
    !abierto ? null : html`<${Dialogo} titulo=${d.titulo} cerrar=${() => poner(false)}>
      <p>${d.efecto}</p>
      ${
      (d.totales ?? (d.monto == null ? [] : [d.monto])).map((m) =>
        html`
          <p key=${m.moneda} class="grande">
            <${Monto} de=${m} />
          </p>
        `
      )
    }
      <${Formulario} nombre=${`decidir-${d.a}`} a=${d.a} metodo=${
      d.metodo ?? "POST"
    } cabeceras=${d.cabeceras} enviar=${d.titulo} inicial=${{}} remedio=${d.remedio}
        campos=${[
      ...(d.motivo === "no"
        ? []
        : [{ nombre: "motivo", titulo: dos("Motivo", "Reason"), obligatorio: d.motivo === "obligatorio" }]),
      ...teclear.map((m) => ({
        nombre: `total-${m.moneda}`,
        titulo: dos(`Escriba el total en ${m.moneda}`, `Type the total in ${m.moneda}`),
        obligatorio: true,
      })),
    ]}
        cuerpo=${(v: Readonly<Record<string, string>>) => {
      const motivo = (v.motivo ?? "").trim();
      const errores = [];
      if (d.motivo === "obligatorio" && motivo === "") {
        errores.push({ campo: "motivo", mensaje: dos("Diga por qué.", "Say why.") });
      }
      for (const m of teclear) {
        if (montoEscrito(v[`total-${m.moneda}`] ?? "", m.moneda) === m.valor) continue;
        errores.push({
          campo: `total-${m.moneda}`,
          mensaje: dos(`Debe ser ${dinero(m)}.`, `Must be ${dinero(m)}.`),
        });
      }
      return errores.length > 0
        ? { errores }
        : { cuerpo: { ...d.cuerpo, ...(motivo === "" ? {} : { motivo }) } };
    }}
        hecho=${() => {
      poner(false);
      alHacer();
    }} cancelar=${() => poner(false)} />
    <//>`
  }</span>`;
}
