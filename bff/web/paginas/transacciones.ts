import { useLista } from "../datos.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, entreDias, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { Vacio } from "../partes/piezas.ts";
import { Condiciones } from "../partes/condiciones.ts";
import { Tarifas } from "../partes/tarifas.ts";
import { esAlgun } from "../api.ts";
import { type Columna, deCuando, deEstado, deMonto, deTexto, Tabla } from "../partes/tabla.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { TransaccionJson } from "../tipos.ts";

const columnas = (): readonly Columna<TransaccionJson>[] => [
  deMonto(dos("Comisión", "Commission"), (t) => t.comision),
  deTexto(dos("Moneda", "Currency"), (t) => t.comision.moneda, { soloCsv: true }),
  {
    titulo: dos("Hecho", "Event"),
    menor: true,
    celda: (t) => palabra(t.event_type),
    texto: (t) => t.event_type,
  },
  {
    titulo: dos("Socio", "Partner"),
    menor: true,
    celda: (t) => html`<a href=${enlace(["clientes", t.partner_id])}>${t.partner_id}</a>`,
    texto: (t) => t.partner_id,
  },
  deMonto(dos("Original", "Original"), (t) => t.monto_original, { amplia: true }),
  deEstado(dos("Estado", "State"), (t) => t.estado),
  {
    titulo: dos("Pago", "Payout"),
    menor: true,
    celda: (t) =>
      t.payout_id === null
        ? html`<span class="tenue">${dos("sin pagar", "unpaid")}</span>`
        : html`<a href=${enlace(["pagos", t.payout_id])}>${t.payout_id}</a>`,
    texto: (t) => t.payout_id,
  },
  deCuando(dos("Cuándo", "When"), (t) => t.event_timestamp, { cifra: true, menor: true }),
];

export function Transacciones(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "partner_id", titulo: dos("Socio (id)", "Partner (id)") },
    { nombre: "idCampania", titulo: dos("Campaña (id)", "Campaign (id)") },
    {
      nombre: "event_type",
      titulo: dos("Hecho", "Event"),
      opciones: opciones(["VENTA", "CONVERSION", "CLICK", "IMPRESION"]),
    },
    {
      nombre: "estado",
      titulo: dos("Estado", "State"),
      opciones: opciones(["ACTIVE", "CANCELLED", "REFUNDED"]),
    },
    ...entreDias("fecha_desde", "fecha_hasta"),
  ];
  const consulta = consultaDe(filtros);
  const lista = useLista<TransaccionJson>("/pagos/transacciones", consulta, { modulo: "pagos" });
  return html`<div>
    <div class="titulo"><h1>${dos("Transacciones y tarifas", "Commissions and rates")}</h1></div>
    <${Filtros} de=${filtros} />
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("transacciones", "commissions")
  } base="/pagos/transacciones" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ninguna comisión coincide", "No commission fits")}>${
    dos(
      "Se registran por la API o desde un archivo, en Importaciones.",
      "They are recorded by the API or from a file, in Imports.",
    )
  }<//>`} />
    <${Tarifas} />
    ${esAlgun("operador", "aprobador", "auditor", "admin") ? html`<${Condiciones} id="general" />` : null}
  </div>`;
}
