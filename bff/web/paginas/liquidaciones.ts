import { useLista } from "../datos.ts";
import { html, type VNode } from "../html.ts";
import { esAlgun } from "../api.ts";
import { consultaDe, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { Formulario, type Valores } from "../partes/formulario.ts";
import { Dialogo, Monto, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deNumero, Tabla } from "../partes/tabla.ts";
import { enlace, filtrar, ir, ruta } from "../ruta.ts";
import { dos } from "../textos.ts";
import type { Liquidacion } from "./liquidacion.ts";

const columnas = (): readonly Columna<Liquidacion>[] => [
  {
    titulo: dos("Ciclo", "Cycle"),
    celda: (l) => html`<a class="fila" href=${enlace(["liquidaciones", l.id])}>${l.ciclo}</a>`,
    texto: (l) => l.ciclo,
  },
  deEstado(dos("Estado", "State"), (l) => l.estado),
  {
    titulo: dos("Se paga", "To be paid"),
    cifra: true,
    celda: (l) =>
      l.totales.map((t) =>
        html`
          <${Monto} de=${t.monto} />
        `
      ),
    texto: (l) => l.totales.map((t) => `${t.monto.moneda} ${t.monto.valor}`).join(" "),
  },
  deNumero(dos("Pagos", "Payouts"), (l) => l.lineas, { menor: true }),
  deNumero(dos("No se paga", "Not paid"), (l) => l.exclusiones, { menor: true }),
  deCuando(dos("Calculada", "Calculated"), (l) => l.calculada.fecha, { cifra: true, menor: true }),
];

export function Liquidaciones(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "ciclo", titulo: dos("Ciclo", "Cycle") },
    {
      nombre: "estado",
      titulo: dos("Estado", "State"),
      opciones: opciones(["CALCULADA", "APROBADA", "APLICANDO", "APLICADA", "DESCARTADA"]),
    },
  ];
  const consulta = consultaDe(filtros);
  const lista = useLista<Liquidacion>("/pagos/liquidaciones", consulta, { modulo: "pagos" });
  const puede = esAlgun("operador", "admin");
  const cerrar = () => filtrar({ nuevo: "" });
  return html`<div><div class="titulo"><h1>${dos("Liquidaciones", "Payout runs")}</h1>
    ${
    puede
      ? html`<button type="button" class="primario" onClick=${() => filtrar({ nuevo: "1" })}>${
        dos("Calcular un plan", "Calculate a plan")
      }</button>`
      : null
  }</div>
    <${Filtros} de=${filtros} />
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("liquidaciones", "payout runs")
  } base="/pagos/liquidaciones" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ninguna todavía", "None yet")}>${
    dos(
      "Un plan no mueve dinero: se calcula, se compara, se aprueba y se aplica.",
      "A plan moves no money: it is calculated, compared, approved and applied.",
    )
  }<//>`} />
    ${
    !puede || ruta.value.consulta.get("nuevo") !== "1" ? null : html`
      <${Dialogo} titulo=${dos("Calcular un plan", "Calculate a plan")} cerrar=${cerrar}>
        <${Formulario} nombre="liquidacion" a="/pagos/liquidaciones" enviar=${dos(
          "Calcular",
          "Calculate",
        )} inicial=${{ moneda: "" }}
          cancelar=${cerrar}
          campos=${[
            { nombre: "ciclo", titulo: dos("Ciclo", "Cycle"), obligatorio: true },
            {
              nombre: "moneda",
              titulo: dos("Moneda", "Currency"),
              opciones: [["", dos("Todas", "All")], ["COP", "COP"], ["USD", "USD"], ["EUR", "EUR"], [
                "MXN",
                "MXN",
              ]],
            },
          ]}
          cuerpo=${(v: Valores) => ({
            cuerpo: { ciclo: (v.ciclo ?? "").trim(), ...(v.moneda ? { moneda: v.moneda } : {}) },
          })}
          hecho=${(l: Liquidacion) => ir(enlace(["liquidaciones", l.id]))} />
        <//>
    `
  }</div>`;
}
