import { useLista } from "../datos.ts";
import { esAlgun } from "../api.ts";
import { contados, monto, montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import {
  consultaDe,
  entreDias,
  type Filtro,
  Filtros,
  MONEDAS_A_ELEGIR,
  opciones,
} from "../partes/filtros.ts";
import { Formulario, type Valores } from "../partes/formulario.ts";
import { Dialogo, Monto, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deTexto, Tabla } from "../partes/tabla.ts";
import { enlace, filtrar, ir, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import { type AgregacionJson, ESTADOS_PAGO, METODOS, type PayoutJson } from "../tipos.ts";

const columnas = (): readonly Columna<PayoutJson>[] => [
  {
    titulo: dos("Monto", "Amount"),
    orden: "monto_total",
    cifra: true,
    celda: (p) => html`<a class="fila" href=${enlace(["pagos", p.id])}><${Monto} de=${p.monto_total} /></a>`,
    texto: (p) => p.monto_total.valor,
  },
  deTexto(dos("Moneda", "Currency"), (p) => p.monto_total.moneda, { soloCsv: true }),
  deEstado(dos("Estado", "State"), (p) => p.estado),
  { titulo: dos("Quién", "Who"), menor: true, celda: (p) => p.partner_id ?? "—", texto: (p) => p.partner_id },
  { titulo: dos("Tipo", "Type"), menor: true, celda: (p) => palabra(p.tipo), texto: (p) => p.tipo },
  {
    titulo: dos("Ciclo o campaña", "Cycle or campaign"),
    menor: true,
    celda: (p) => html`<span class="tenue">${p.cycle_id}</span>`,
    texto: (p) => p.cycle_id,
  },
  deCuando(dos("Creación", "Created"), (p) => p.fecha_creacion, {
    orden: "fecha_creacion",
    cifra: true,
    menor: true,
  }),
  { titulo: "Id", amplia: true, celda: (p) => html`<code class="id">${p.id}</code>`, texto: (p) => p.id },
];

export function Pagos(): VNode {
  const filtros: readonly Filtro[] = [
    {
      nombre: "search",
      titulo: dos("Buscar por id, socio, ciclo o referencia", "Search by id, partner, cycle or reference"),
      tipo: "search",
    },
    { nombre: "estado", titulo: dos("Estado", "State"), opciones: opciones(ESTADOS_PAGO) },
    { nombre: "tipo", titulo: dos("Tipo", "Type"), opciones: opciones(["CAMPANIA", "PARTNER"]) },
    { nombre: "moneda", titulo: dos("Moneda", "Currency"), opciones: MONEDAS_A_ELEGIR },
    { nombre: "partner_id", titulo: dos("Socio (id)", "Partner (id)") },
    { nombre: "monto_min", titulo: dos("Monto desde", "Amount from") },
    { nombre: "monto_max", titulo: dos("Monto hasta", "Amount to") },
    ...entreDias("fecha_desde", "fecha_hasta"),
  ];
  const consulta = consultaDe(filtros);
  // Amounts may be typed as people write them; the address keeps what was typed.
  for (const n of ["monto_min", "monto_max"]) {
    const v = consulta.get(n);
    if (v !== null) consulta.set(n, montoEscrito(v, "COP") ?? v);
  }
  const lista = useLista<PayoutJson>("/api/v1/pagos", consulta, {
    modulo: "pagos",
    una: (id) => `/pagos/${id}`,
  });
  const sumas = (lista.extra.agregaciones ?? []) as readonly AgregacionJson[];
  const puede = esAlgun("operador", "admin");
  return html`<div>
    <div class="titulo"><h1>${dos("Pagos", "Payouts")}</h1>
      ${
    puede
      ? html`<button type="button" class="primario" onClick=${() => filtrar({ nuevo: "1" })}>${
        dos("Pagar a un socio", "Pay a partner")
      }</button>`
      : null
  }</div>
    <${Filtros} de=${filtros} />
    ${
    sumas.length === 0
      ? null
      : html`<ul class="sumas" aria-label=${
        dos("Sumas de todo lo filtrado", "Sums of all that is filtered")
      }>${
        sumas.map((s) =>
          html`
            <li
              key=${s.moneda}><span class="moneda">${s.moneda}</span> <strong class="monto">${monto(
                s.total,
              )}</strong> <span class="tenue">${contados(
                s.cantidad,
                dos("pagos", "payouts"),
              )}</span></li>
          `
        )
      }</ul>`
  }
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("pagos", "payouts")
  } base="/api/v1/pagos" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ningún pago coincide", "No payout fits")}>${
    dos(
      "Quite un filtro, o cree una campaña con anticipo: se paga sola.",
      "Clear a filter, or create a campaign with an advance: it is charged by itself.",
    )
  }<//>`} />
    ${ruta.value.consulta.get("nuevo") === "1" && puede ? html`<${Pagar} />` : null}
  </div>`;
}

function Pagar(): VNode {
  const cerrar = () => filtrar({ nuevo: "" });
  return html`
    <${Dialogo} titulo=${dos("Pagar a un socio", "Pay a partner")} cerrar=${cerrar}>
      <p class="tenue">${dos(
        "Sus comisiones sin pagar del ciclo deciden el monto; sin ellas, el que escriba aquí.",
        "Its unpaid commissions of the cycle decide the amount; without any, what you type here.",
      )}</p>
      <${Formulario} nombre="pago" a="/api/v1/pagos" enviar=${dos(
        "Pedir el pago",
        "Ask for the payout",
      )} inicial=${{ moneda: "COP", metodo: "TRANSFERENCIA" }}
        campos=${[
          { nombre: "partner_id", titulo: dos("Socio (id)", "Partner (id)"), obligatorio: true },
          { nombre: "cycle_id", titulo: dos("Ciclo", "Cycle"), obligatorio: true },
          { nombre: "moneda", titulo: dos("Moneda", "Currency"), opciones: MONEDAS_A_ELEGIR },
          { nombre: "total_amount", titulo: dos("Monto", "Amount") },
          { nombre: "metodo", titulo: dos("Método", "Method"), opciones: opciones(METODOS) },
          { nombre: "payment_method_mask", titulo: dos("Cuenta (últimos 4)", "Account (last 4)") },
        ]}
        cuerpo=${(v: Valores) => {
          const moneda = v.moneda ?? "COP";
          const escrito = (v.total_amount ?? "").trim();
          const valor = escrito === "" ? null : montoEscrito(escrito, moneda);
          if (escrito !== "" && valor === null) {
            return {
              errores: [{
                campo: "total_amount",
                mensaje: dos(`No es un monto en ${moneda}.`, `Not an amount of ${moneda}.`),
              }],
            };
          }
          const t = (n: string) => (v[n] ?? "").trim();
          return {
            cuerpo: {
              ...(t("partner_id") === "" ? {} : { partner_id: t("partner_id") }),
              ...(t("cycle_id") === "" ? {} : { cycle_id: t("cycle_id") }),
              ...(valor === null ? { currency: moneda } : { total_amount: { valor, moneda } }),
              payment_method_type: t("metodo"),
              ...(t("payment_method_mask") === "" ? {} : { payment_method_mask: t("payment_method_mask") }),
            },
          };
        }} hecho=${(p: { id: string }) => ir(enlace(["pagos", p.id]))} cancelar=${cerrar} />
      <//>
  `;
}
