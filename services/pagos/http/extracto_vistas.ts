import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Locale } from "@alpes/shared/http/locale.ts";
import { instantText } from "@alpes/shared/http/time.ts";
import { montoTexto } from "@alpes/shared/seedwork/money.ts";
import type { Extracto } from "../application/extracto.ts";

/** A spreadsheet takes a text that begins so for a formula; an apostrophe makes it text again. */
export const inerte = (texto: string): string => /^[=+\-@\t\r]/.test(texto) ? `'${texto}` : texto;
const celda = (texto: string): string => {
  const t = inerte(texto);
  return /[",\r\n]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t;
};

/** RFC 4180: an opening and a closing for each currency, the lines between them. Amounts stay numbers. */
export function extractoCsv(e: Extracto): string {
  const filas = e.monedas.flatMap(({ moneda, apertura, lineas, cierre }) => [
    [e.desde, "apertura", "", "", "", "", montoTexto(apertura), moneda],
    ...lineas.map((l) => [
      instantText(l.fecha),
      ...[l.hecho, l.cuenta, l.asiento, l.transaccion_id ?? "", l.payout_id ?? ""].map(celda),
      montoTexto(l.importe),
      moneda,
    ]),
    [e.hasta, "cierre", "", "", "", "", montoTexto(cierre), moneda],
  ]);
  const cabeza = ["fecha", "hecho", "cuenta", "asiento", "transaccion_id", "payout_id", "importe", "moneda"];
  return [cabeza, ...filas].map((f) => f.join(",") + "\r\n").join("");
}

const ESTILO =
  "body{font:14px/1.4 sans-serif;margin:2rem}table{border-collapse:collapse;width:100%}th,td{padding:.2rem .5rem;border-bottom:1px solid #ccc;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}@media print{body{margin:0}thead{display:table-header-group}}";
/** No script, nothing from elsewhere, and only this style. */
export const CSP_EXTRACTO = `default-src 'none'; style-src 'sha256-${
  createHash("sha256").update(ESTILO).digest("base64")
}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const TEXTOS = {
  es: {
    titulo: "Estado de cuenta",
    de: "del",
    a: "al",
    fecha: "Fecha",
    hecho: "Hecho",
    cuenta: "Cuenta",
    origen: "Transacción o pago",
    importe: "Importe",
    apertura: "Saldo inicial",
    cierre: "Saldo final",
    nada: "No hubo movimientos.",
  },
  en: {
    titulo: "Statement",
    de: "from",
    a: "to",
    fecha: "Date",
    hecho: "Fact",
    cuenta: "Account",
    origen: "Transaction or payout",
    importe: "Amount",
    apertura: "Opening balance",
    cierre: "Closing balance",
    nada: "Nothing moved.",
  },
} as const;

/** The page to print. */
export function extractoHtml(e: Extracto, locale: Locale) {
  const t = TEXTOS[locale];
  const total = (nombre: string, monto: string) =>
    html`
      <tr>
        <th colspan="4">${nombre}</th>
        <th class="n">${monto}</th>
      </tr>
    `;
  const tablas = e.monedas.map(({ moneda, apertura, lineas, cierre }) =>
    html`
      <h2>${moneda}</h2>
      <table>
        <thead>
          <tr>
            <th>${t.fecha}</th>
            <th>${t.hecho}</th>
            <th>${t.cuenta}</th>
            <th>${t.origen}</th>
            <th class="n">${t.importe}</th>
          </tr>
        </thead>
        <tbody>${total(t.apertura, montoTexto(apertura))}${lineas.map((l) =>
          html`
            <tr>
              <td>${instantText(l.fecha)}</td>
              <td>${l.hecho}</td>
              <td>${l.cuenta.split(":").at(-1)}</td>
              <td>${l.transaccion_id ?? l.payout_id ?? l.asiento}</td>
              <td class="n">${montoTexto(l.importe)}</td>
            </tr>
          `
        )}${total(t.cierre, montoTexto(cierre))}</tbody>
      </table>
    `
  );
  return html`
    <!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8">
        <title>${t.titulo} ${e.partner_id}</title>
        <style>${raw(ESTILO)}</style>
      </head>
      <body><h1>${t.titulo}: ${e.partner_id}</h1><p>${t.de} ${e.desde} ${t.a} ${e
        .hasta}</p>${tablas.length === 0 ? t.nada : tablas}</body>
    </html>
  `;
}
