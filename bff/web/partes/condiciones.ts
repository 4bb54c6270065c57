import { useState } from "preact/hooks";
import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { contados, dinero, type DineroJson, monto, montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos, palabra } from "../textos.ts";
import { METODOS, MONEDAS } from "../tipos.ts";
import { Formulario, type Valores } from "./formulario.ts";
import { Dato, Dialogo } from "./piezas.ts";

export interface CondicionesJson {
  readonly retencion_dias: number | null;
  readonly minimos: readonly DineroJson[];
  readonly suspendido: boolean;
  readonly metodo_pago: { readonly tipo: string; readonly mascara: string | null } | null;
  readonly version: number;
}
const ruta = (id: string) => `/pagos/condiciones/${encodeURIComponent(id)}`;
export const useCondiciones = (id: string) => useDatos<CondicionesJson>(ruta(id), ["pagos"]);

function cuerpo(v: Valores) {
  const dias = (v.retencion_dias ?? "").trim();
  const minimos = MONEDAS.flatMap((moneda) => {
    const escrito = (v[`minimo_${moneda}`] ?? "").trim();
    return escrito === "" ? [] : [{ moneda, valor: montoEscrito(escrito, moneda) }];
  });
  const errores = [
    ...minimos.filter((m) => m.valor === null).map((m) => ({
      campo: `minimo_${m.moneda}`,
      mensaje: dos(`No es un monto en ${m.moneda}.`, `Not an amount of ${m.moneda}.`),
    })),
    ...(/^\d*$/.test(dias)
      ? []
      : [{ campo: "retencion_dias", mensaje: dos("Cuántos días.", "How many days.") }]),
  ];
  if (errores.length > 0) return { errores };
  const mascara = (v.mascara ?? "").trim();
  return {
    cuerpo: {
      retencion_dias: dias === "" ? null : Number(dias),
      minimos,
      suspendido: v.suspendido === "si",
      metodo_pago: v.metodo_pago ? { tipo: v.metodo_pago, mascara: mascara === "" ? null : mascara } : null,
    },
  };
}

/** What was agreed with a partner, or with all (`general`), and a form that replaces it. */
export function Condiciones({ id }: { readonly id: string }): VNode | null {
  const d = useCondiciones(id);
  const [editando, editar] = useState(false);
  const c = d.valor;
  if (c === null) return null;
  const nada = id === "general" ? dos("no hay", "none") : dos("lo general", "as for all");
  const alDia = dos("sin suspender", "not suspended");
  return html`
    <section class="tarjeta">
      <div class="titulo"><h2>${id === "general"
        ? dos("Condiciones de todos", "Terms for all")
        : dos("Condiciones", "Terms")}</h2>${esAlgun("operador", "admin")
        ? html`<span class="acciones"><button type="button" onClick=${() => editar(true)}>${
          dos("Cambiar condiciones", "Change terms")
        }</button></span>`
        : null}</div>
      <dl>
        <${Dato} de=${dos("Retención", "Hold")}>${c.retencion_dias === null
          ? nada
          : contados(c.retencion_dias, dos("días", "days"))}<//>
        <${Dato} de=${dos("Mínimo", "Minimum")}>${c.minimos.length === 0
          ? nada
          : c.minimos.map(dinero).join(" · ")}<//>
        <${Dato} de=${dos("Método de pago", "Payment method")}>${c.metodo_pago === null
          ? nada
          : `${palabra(c.metodo_pago.tipo)} ${c.metodo_pago.mascara ?? ""}`}<//>
        <${Dato} de=${dos("Pagos", "Payouts")}>${c.suspendido
          ? html`<span class="rancio">${dos("suspendidos", "suspended")}</span>`
          : alDia}<//></dl>
        ${!editando ? null : html`
          <${Dialogo} titulo=${dos("Cambiar condiciones", "Change terms")} cerrar=${() => editar(false)}>
            <${Formulario} nombre=${`condiciones-${id}`} a=${ruta(id)} metodo="PUT" cabeceras=${{
              "if-match": `"v${c.version}"`,
            }} enviar=${dos("Guardar", "Save")}
              inicial=${{
                retencion_dias: c.retencion_dias === null ? "" : String(c.retencion_dias),
                suspendido: c.suspendido ? "si" : "no",
                metodo_pago: c.metodo_pago?.tipo ?? "",
                mascara: c.metodo_pago?.mascara ?? "",
                ...Object.fromEntries(c.minimos.map((m) => [`minimo_${m.moneda}`, monto(m.valor)])),
              }} campos=${[
                { nombre: "retencion_dias", titulo: dos("Retención, días", "Hold, days") },
                ...MONEDAS.map((m) => ({
                  nombre: `minimo_${m}`,
                  titulo: dos(`Mínimo ${m}`, `Minimum ${m}`),
                })),
                {
                  nombre: "metodo_pago",
                  titulo: dos("Método de pago", "Payment method"),
                  opciones: [["", nada], ...METODOS.map((m) => [m, palabra(m)])],
                },
                { nombre: "mascara", titulo: dos("Cuenta (últimos 4)", "Account (last 4)") },
                {
                  nombre: "suspendido",
                  titulo: dos("Pagos", "Payouts"),
                  opciones: [["no", alDia], [
                    "si",
                    dos("suspendidos", "suspended"),
                  ]],
                },
              ]} cuerpo=${cuerpo} hecho=${() => {
                editar(false);
                d.otra();
              }} cancelar=${() => editar(false)} />
            <//>
        `}</section>
  `;
}
