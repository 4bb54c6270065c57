import { useDatos, useLista } from "../datos.ts";
import { type DineroJson, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { type Asiento, Asientos, Causa } from "../partes/asientos.ts";
import { Exportar } from "../partes/exportar.ts";
import { consultaDe, entreDias, type Filtro, Filtros, MONEDAS_A_ELEGIR } from "../partes/filtros.ts";
import { Cargando, Falla, Monto, Vacio } from "../partes/piezas.ts";
import { SumaExacta } from "../partes/suma.ts";
import { type Columna, deCuando, deMonto, deNumero, deTexto, Tabla, TablaSimple } from "../partes/tabla.ts";
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
  deMonto(dos("Saldo", "Balance"), (c) => c.saldo),
  deTexto(dos("Moneda", "Currency"), (c) => c.saldo.moneda, { soloCsv: true }),
  deNumero(dos("Movimientos", "Lines"), (c) => c.movimientos, { menor: true }),
  deCuando(dos("Último", "Last"), (c) => c.fecha_actualizacion, { cifra: true, menor: true }),
];

/** The ledger: every account with its balance, and the latest entries. */
export function Libro(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "cuenta", titulo: dos("Cuenta", "Account"), tipo: "search" },
    { nombre: "titular", titulo: dos("De quién (id)", "Whose (id)") },
    {
      nombre: "moneda",
      titulo: dos("Moneda", "Currency"),
      opciones: MONEDAS_A_ELEGIR,
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
        <div class="titulo"><h2>${dos("Últimos asientos", "Latest entries")}</h2><a href=${enlace([
          "libro",
          "asientos",
        ])}>${dos("todos", "all")}</a></div>
        <${Asientos} de=${asientos.valor.data} />
      </section>
    `
  }
  </div>`;
}

/** Entries by what they are about: from a commission, payout or request to all that was posted for it. */
export function AsientosDelLibro(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "transaccion_id", titulo: dos("Transacción (id)", "Commission (id)") },
    { nombre: "payout_id", titulo: dos("Pago (id)", "Payout (id)") },
    { nombre: "idCampania", titulo: dos("Campaña (id)", "Campaign (id)") },
    { nombre: "solicitud", titulo: dos("Solicitud (X-Request-Id)", "Request (X-Request-Id)") },
    ...entreDias(),
  ];
  const consulta = consultaDe(filtros);
  const base = "/pagos/libro/asientos";
  const lista = useLista<Asiento>(base, consulta, { modulo: "pagos", id: (a) => String(a.id) });
  return html`<div><p class="migas"><a href="#/libro">${dos("Libro", "Ledger")}</a></p>
    <div class="titulo"><h1>${dos("Asientos", "Entries")}</h1></div>
    <${Filtros} de=${filtros} />
    <div class="sobre-tabla"><${Exportar} nombre=${
    dos("asientos", "entries")
  } base=${base} consulta=${consulta} columnas=${deAsientos()} /></div>
    ${lista.falla === null ? null : html`<${Falla} de=${lista.falla} otra=${lista.renovar} />`}
    ${
    lista.filas.length === 0
      ? (lista.cargando
        ? html`<${Cargando} />`
        : html`<${Vacio} titulo=${dos("Ningún asiento coincide", "No entry fits")}>${
          dos("Quite un filtro.", "Clear a filter.")
        }<//>`)
      : html`
        <section class="tarjeta">
          <${Asientos} de=${lista.filas} />
        </section>
      `
  }
    ${
    lista.hayMas
      ? html`<button type="button" class="mas" onClick=${lista.mas}>${dos("Más", "More")}</button>`
      : null
  }
  </div>`;
}
const deAsientos = (): readonly Columna<Asiento>[] =>
  ([
    "id",
    "fecha",
    "hecho",
    "clave",
    "partner_id",
    "payout_id",
    "actor",
    "causa",
    "saga_paso",
    "solicitud",
  ] as const)
    .map((n) => ({ titulo: n, celda: () => null, texto: (a) => a[n] === null ? null : String(a[n]) }));

/** Why a balance is what it is: its lines, each with the entry, event and request that made it. */
export function CuentaDelLibro({ cuenta }: { readonly cuenta: string }): VNode {
  const camino = `/pagos/libro/saldos/${encodeURIComponent(cuenta)}/explicacion?limit=100`;
  const d = useDatos<Explicacion>(camino, ["pagos"]);
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
        <${TablaSimple} nombre=${dos("Líneas", "Lines")} filas=${lineas} ruta=${camino} columnas=${[
        deCuando(dos("Cuándo", "When"), (l: Explicacion["data"][number]) => l.asiento.fecha),
        {
          titulo: dos("Hecho", "Event"),
          celda: (l: Explicacion["data"][number]) => palabra(l.asiento.hecho),
          texto: (l: Explicacion["data"][number]) => l.asiento.hecho,
        },
        deMonto(dos("Importe", "Amount"), (l: Explicacion["data"][number]) => l.importe),
        {
          titulo: dos("De dónde viene", "Where it comes from"),
          celda: (l: Explicacion["data"][number]) => html`<${Causa} de=${l.asiento} />`,
          texto: (l: Explicacion["data"][number]) => `${l.asiento.clave} ${l.asiento.solicitud}`,
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
