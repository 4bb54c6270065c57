import { useDatos, useLista } from "../datos.ts";
import { type DineroJson, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { type Asiento, Asientos, Causa } from "../partes/asientos.ts";
import { consultaDe, type Filtro, Filtros } from "../partes/filtros.ts";
import { Cuando, Falla, Monto, Vacio } from "../partes/piezas.ts";
import { SumaExacta } from "../partes/suma.ts";
import { type Columna, Tabla, TablaSimple } from "../partes/tabla.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";

interface Cuenta {
  readonly id: string;
  readonly cuenta: string;
  readonly saldo: DineroJson;
  readonly movimientos: number;
  readonly fecha_actualizacion: string;
}
interface Explicacion {
  readonly data: readonly { readonly importe: DineroJson; readonly asiento: Asiento }[];
  readonly saldos: readonly Cuenta[];
  readonly pagination: { readonly has_next: boolean };
}
const columnas = (): readonly Columna<Cuenta>[] => [
  {
    titulo: dos("Cuenta", "Account"),
    celda: (c) => html`<a class="fila" href=${enlace(["libro", c.cuenta])}>${c.cuenta}</a>`,
    texto: (c) => c.cuenta,
  },
  {
    titulo: dos("Saldo", "Balance"),
    cifra: true,
    celda: (c) => html`<${Monto} de=${c.saldo} />`,
    texto: (c) => c.saldo.valor,
  },
  {
    titulo: dos("Moneda", "Currency"),
    soloCsv: true,
    celda: (c) => c.saldo.moneda,
    texto: (c) => c.saldo.moneda,
  },
  {
    titulo: dos("Movimientos", "Lines"),
    cifra: true,
    menor: true,
    celda: (c) => numero(c.movimientos),
    texto: (c) => String(c.movimientos),
  },
  {
    titulo: dos("Último", "Last"),
    cifra: true,
    menor: true,
    celda: (c) => html`<${Cuando} de=${c.fecha_actualizacion} />`,
    texto: (c) => c.fecha_actualizacion,
  },
];

/** The ledger: every account with its balance, and the latest entries. */
export function Libro(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "cuenta", titulo: dos("Cuenta", "Account"), tipo: "search" },
    { nombre: "titular", titulo: dos("De quién (id)", "Whose (id)") },
    {
      nombre: "moneda",
      titulo: dos("Moneda", "Currency"),
      opciones: ["COP", "USD", "EUR", "MXN"].map((m) => [m, m] as const),
    },
  ];
  const consulta = consultaDe(filtros);
  const lista = useLista<Cuenta>("/pagos/libro/cuentas", consulta, {
    modulo: "pagos",
    id: (c) => `${c.cuenta} ${c.saldo.moneda}`,
  });
  const asientos = useDatos<{ data: readonly Asiento[] }>("/pagos/libro/asientos?limit=10", ["pagos"]);
  return html`<div><div class="titulo"><h1>${dos("Libro", "Ledger")}</h1></div>
    <${Filtros} de=${filtros} />
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("cuentas", "accounts")
  } base="/pagos/libro/cuentas" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ninguna cuenta coincide", "No account fits")}>${
    dos(
      "La primera nace con el primer movimiento de dinero.",
      "The first one comes with the first movement of money.",
    )
  }<//>`} />
    ${
    asientos.valor === null ? null : html`
      <section class="tarjeta">
        <h2>${dos("Últimos asientos", "Latest entries")}</h2>
        <${Asientos} de=${asientos.valor.data} />
      </section>
    `
  }
  </div>`;
}

/** Why a balance is what it is: its lines, each with the entry, event and request that made it. */
export function CuentaDelLibro({ cuenta }: { readonly cuenta: string }): VNode {
  const d = useDatos<Explicacion>(`/pagos/libro/saldos/${encodeURIComponent(cuenta)}/explicacion?limit=100`, [
    "pagos",
  ]);
  const v = d.valor;
  return html`<article class="detalle"><p class="migas"><a href="#/libro">${dos("Libro", "Ledger")}</a></p>
    <div class="titulo"><h1>${cuenta}</h1></div>
    ${d.falla === null ? null : html`<${Falla} de=${d.falla} otra=${d.otra} />`}
    ${
    (v?.saldos ?? []).map((s) => {
      const lineas = (v?.data ?? []).filter((l) => l.importe.moneda === s.saldo.moneda);
      return html`<section key=${s.saldo.moneda} class="tarjeta"><h2>${
        dos("Por qué el saldo es", "Why the balance is")
      } <${Monto} de=${s.saldo} /></h2>
        <${TablaSimple} nombre=${dos("Líneas", "Lines")} filas=${lineas} columnas=${[
        {
          titulo: dos("Cuándo", "When"),
          celda: (l: Explicacion["data"][number]) => html`<${Cuando} de=${l.asiento.fecha} />`,
          texto: () => null,
        },
        {
          titulo: dos("Hecho", "Event"),
          celda: (l: Explicacion["data"][number]) => palabra(l.asiento.hecho),
          texto: () => null,
        },
        {
          titulo: dos("Importe", "Amount"),
          cifra: true,
          celda: (l: Explicacion["data"][number]) => html`<${Monto} de=${l.importe} />`,
          texto: () => null,
        },
        {
          titulo: dos("De dónde viene", "Where it comes from"),
          celda: (l: Explicacion["data"][number]) => html`<${Causa} de=${l.asiento} />`,
          texto: () => null,
        },
      ]} />
        ${
        lineas.length === s.movimientos
          ? html`<${SumaExacta} lineas=${lineas.map((l) => l.importe.valor)} total=${s.saldo} />`
          : html`<p class="tenue">${
            dos(
              `Se muestran ${numero(lineas.length)} de ${numero(s.movimientos)} líneas.`,
              `${numero(lineas.length)} of ${numero(s.movimientos)} lines are shown.`,
            )
          }</p>`
      }</section>`;
    })
  }</article>`;
}
