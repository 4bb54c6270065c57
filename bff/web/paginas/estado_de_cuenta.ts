import { useState } from "preact/hooks";
import { pedir, socio } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dia, type DineroJson, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { bajarCsv, curl } from "../partes/exportar.ts";
import { type Filtro, Filtros } from "../partes/filtros.ts";
import { Advertencias, Cargando, Copiar, Falla, Monto, Vacio } from "../partes/piezas.ts";
import { SumaExacta } from "../partes/suma.ts";
import { type Columna, deCuando, deMonto, TablaSimple } from "../partes/tabla.ts";
import { enlace, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";

interface Linea {
  readonly fecha: string;
  readonly asiento: string;
  readonly hecho: string;
  readonly cuenta: string;
  readonly transaccion_id: string | null;
  readonly payout_id: string | null;
  readonly importe: DineroJson;
}
interface Moneda {
  readonly moneda: string;
  readonly apertura: DineroJson;
  readonly cierre: DineroJson;
  readonly cuentas: readonly { cuenta: string; apertura: DineroJson; cierre: DineroJson }[];
  readonly lineas: readonly Linea[];
}
interface Extracto {
  readonly desde: string;
  readonly hasta: string;
  readonly monedas: readonly Moneda[];
}
/** A day in UTC, so many before today: the statement's days are those. */
const hace = (dias: number) => new Date(Date.now() - dias * 86_400_000).toISOString().slice(0, 10);
/** Lines that are drawn at first; the sum is of all of them. */
const PRIMERAS = 200;

/** What somebody earned and got: opening, lines, closing, per currency, with the sum computed here. */
export function EstadoDeCuenta({ id }: { readonly id: string | undefined }): VNode {
  const q = ruta.value.consulta;
  const quien = socio() ?? id ?? q.get("socio")?.trim() ?? "";
  const ciclos = useDatos<{ data: readonly { id: string }[] }>("/pagos/ciclos?limit=100", ["pagos"]);
  const ciclo = q.get("ciclo") ?? "";
  const [desde, hasta] = [q.get("desde") ?? hace(90), q.get("hasta") ?? hace(0)];
  const filtros: readonly Filtro[] = [
    ...(socio() === null && id === undefined
      ? [{ nombre: "socio", titulo: dos("Socio (id)", "Partner (id)") }]
      : []),
    {
      nombre: "ciclo",
      titulo: dos("Ciclo", "Cycle"),
      opciones: (ciclos.valor?.data ?? []).map((c) => [c.id, c.id] as const),
      ninguna: dos("Entre dos días", "Between two days"),
      en_vez_de: ["desde", "hasta"],
    },
    ...(ciclo !== "" ? [] : [
      { nombre: "desde", titulo: dos("Desde (UTC)", "From (UTC)"), tipo: "date", defecto: desde },
      { nombre: "hasta", titulo: dos("Hasta (UTC)", "To (UTC)"), tipo: "date", defecto: hasta },
    ] as const),
  ];
  const camino = quien === ""
    ? null
    : `/pagos/estados-de-cuenta/${encodeURIComponent(quien)}?${new URLSearchParams(
      ciclo === "" ? { desde, hasta } : { ciclo },
    )}`;
  const d = useDatos<Extracto>(camino, ["pagos"]);
  const v = d.valor;
  const bajar = async () => {
    const r = await pedir<string>(camino ?? "", { cabeceras: { accept: "text/csv" } });
    if (r.ok) bajarCsv(`${quien} ${v?.desde} ${v?.hasta}`, r.valor);
  };
  return html`<article class="detalle extracto">
    ${
    id === undefined ? null : html`
      <p class="migas"><a href=${enlace(["clientes", id])}>${id}</a></p>
    `
  }
    <div class="titulo"><h1>${dos("Estado de cuenta", "Statement")}</h1>${
    camino === null || v === null ? null : html`
      <span
        class="acciones"><button type="button" onClick=${() => print()}>${dos(
          "Imprimir",
          "Print",
        )}</button><button type="button" class="llano" onClick=${bajar}>CSV</button><${Copiar} texto=${() =>
          curl(camino)}>curl<//></span>
    `
  }</div>
    <${Filtros} de=${filtros} />
    <${Advertencias} de=${
    ciclos.falla === null || d.falla !== null ? [] : [ciclos.falla.detail]
  } leido=${ciclos.leido} />
    ${d.falla === null ? null : html`<${Falla} de=${d.falla} otra=${d.otra} />`}
    ${
    camino === null
      ? html`<${Vacio} titulo=${dos("De quién", "Whose")}>${
        dos(
          "Escriba el id de un socio, o ábralo desde su ficha.",
          "Type a partner's id, or open it from its record.",
        )
      }<//>`
      : v === null
      ? (d.falla === null ? html`<${Cargando} />` : null)
      : html`<p><strong>${quien}</strong> <span class="tenue">${dia(v.desde)} – ${
        dia(v.hasta)
      } (UTC)</span></p>
        ${
        v.monedas.length === 0
          ? html`<${Vacio} titulo=${dos("Nada se movió", "Nothing moved")}>${
            dos("Elija otro ciclo u otros días.", "Choose another cycle or other days.")
          }<//>`
          : v.monedas.map((m) => html`<${DeMoneda} key=${m.moneda} de=${m} />`)
      }`
  }
  </article>`;
}

function DeMoneda({ de }: { readonly de: Moneda }): VNode {
  const [todas, ver] = useState(false);
  const lineas = todas ? de.lineas : de.lineas.slice(0, PRIMERAS);
  return html`<section class="tarjeta"><h2>${de.moneda}</h2>
    <dl class="cuentas">
      <div class="dato"><dt>${
    dos("Saldo inicial", "Opening balance")
  }</dt><dd><${Monto} de=${de.apertura} /></dd></div>
      <div class="dato"><dt>${
    dos("Saldo final", "Closing balance")
  }</dt><dd><${Monto} de=${de.cierre} /></dd></div>
      ${
    de.cuentas.map((c) =>
      html`
        <div key=${c.cuenta} class="dato">
          <dt>${deCuenta(c.cuenta)}</dt>
          <dd><a href=${enlace(["libro", c.cuenta])}><${Monto} de=${c.cierre} /></a></dd>
        </div>
      `
    )
  }</dl>
    <${TablaSimple} nombre=${dos("Movimientos", "Movements")} filas=${lineas} columnas=${columnas()} />
    ${
    lineas.length === de.lineas.length
      ? null
      : html`<button type="button" class="mas" onClick=${() => ver(true)}>${
        dos(`Ver las ${numero(de.lineas.length)}`, `See all ${numero(de.lineas.length)}`)
      }</button>`
  }
    <${SumaExacta} lineas=${
    [de.apertura, ...de.lineas.map((l) => l.importe)].map((x) => x.valor)
  } total=${de.cierre} />
  </section>`;
}
const deCuenta = (c: string) => palabra(c.split(":").at(-1) ?? c);
const columnas = (): readonly Columna<Linea>[] => [
  deCuando(dos("Cuándo", "When"), (l) => l.fecha),
  { titulo: dos("Hecho", "Event"), celda: (l) => palabra(l.hecho), texto: (l) => l.hecho },
  {
    titulo: dos("Cuenta", "Account"),
    menor: true,
    celda: (l) => deCuenta(l.cuenta),
    texto: (l) => l.cuenta,
  },
  {
    titulo: dos("De dónde viene", "Where it comes from"),
    celda: (l) =>
      html`<a href=${
        enlace(
          ["libro", "asientos"],
          l.transaccion_id !== null ? { transaccion_id: l.transaccion_id } : { payout_id: l.payout_id ?? "" },
        )
      }>${l.transaccion_id ?? l.payout_id ?? l.asiento}</a>`,
    texto: (l) => l.transaccion_id ?? l.payout_id ?? l.asiento,
  },
  deMonto(dos("Importe", "Amount"), (l) => l.importe),
];
