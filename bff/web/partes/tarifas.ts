import { useState } from "preact/hooks";
import { esAlgun, type Problema } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dia, dinero, type DineroJson, monto, montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { dos, palabra } from "../textos.ts";
import { MONEDAS_A_ELEGIR, opciones } from "./filtros.ts";
import { type Campo, Formulario, type Valores } from "./formulario.ts";
import { Dialogo } from "./piezas.ts";
import { type Columna, TablaSimple } from "./tabla.ts";

interface Tarifa {
  readonly id: string;
  readonly ambito: string;
  readonly partner_id: string | null;
  readonly brand_id: string | null;
  readonly event_type: string;
  readonly tipo: string;
  readonly moneda: string | null;
  readonly porcentaje: string | null;
  readonly monto: DineroJson | null;
  readonly tramos: readonly { desde: DineroJson; hasta: DineroJson | null; porcentaje: string }[] | null;
  readonly comision_minima: DineroJson | null;
  readonly comision_maxima: DineroJson | null;
  readonly vigente_desde: string | null;
  readonly vigente_hasta: string | null;
}
const RUTA = "/pagos/tarifas?limit=100";
const tramo = (t: { desde: DineroJson; porcentaje: string }) =>
  `${monto(t.desde.valor)} ${monto(t.porcentaje)}`;
const cuanto = (t: Tarifa): string =>
  t.monto !== null
    ? dinero(t.monto)
    : t.tramos !== null
    ? t.tramos.map((x) => `${dos("desde", "from")} ${dinero(x.desde)}: ${monto(x.porcentaje)} %`).join(", ")
    : `${monto(t.porcentaje ?? "")} %`;

const si = (tipo: string) => (v: Valores) => v.tipo === tipo;
const campos = (): readonly Campo[] => [
  {
    nombre: "event_type",
    titulo: dos("Hecho", "Event"),
    obligatorio: true,
    ayuda: "VENTA, CONVERSION, CLICK…",
  },
  {
    nombre: "tipo",
    titulo: dos("Clase", "Kind"),
    opciones: opciones(["PERCENTAGE", "FIXED", "TIERED"]),
  },
  { nombre: "porcentaje", titulo: dos("Porcentaje", "Percentage"), obligatorio: true, si: si("PERCENTAGE") },
  { nombre: "monto", titulo: dos("Monto por hecho", "Amount for each"), obligatorio: true, si: si("FIXED") },
  {
    nombre: "tramos",
    titulo: dos("Tramos", "Slices"),
    tipo: "textarea",
    obligatorio: true,
    si: si("TIERED"),
    ayuda: dos(
      "Uno por línea: desde qué monto, y su porcentaje: «0 5», «1.000.000,00 7,5».",
      "One a line: from which amount, and its percentage: “0 5”, “1,000,000.00 7.5”.",
    ),
  },
  {
    nombre: "moneda",
    titulo: dos("Moneda", "Currency"),
    opciones: [["", dos("Cualquiera", "Any")], ...MONEDAS_A_ELEGIR],
  },
  { nombre: "partner_id", titulo: dos("Solo para el socio (id)", "For this partner only (id)") },
  { nombre: "brand_id", titulo: dos("Solo para la marca (id)", "For this brand only (id)") },
  { nombre: "comision_minima", titulo: dos("Comisión mínima", "Least commission") },
  { nombre: "comision_maxima", titulo: dos("Comisión máxima", "Greatest commission") },
  {
    nombre: "vigente_desde",
    titulo: dos("Vigente desde", "Valid from"),
    tipo: "date",
    ayuda: dos(
      "Sin día, desde hoy (UTC). La que siga sin fin termina la víspera.",
      "Without a day, from today (UTC). The one without an end that it follows ends the day before.",
    ),
  },
];

/** Percentages are written with either mark; amounts in the rate's currency. */
function cuerpo(v: Valores): { cuerpo: unknown } | { errores: Problema["errores"] } {
  const errores: { campo: string; mensaje: string }[] = [];
  const moneda = v.moneda || "USD";
  const de = (n: string) => (v[n] ?? "").trim();
  const porcentaje = (t: string) => t.replace(",", ".").replace(/\s*%$/, "");
  const plata = (campo: string, t: string): DineroJson | null => {
    const valor = montoEscrito(t, moneda);
    if (valor === null) {
      errores.push({
        campo,
        mensaje: dos(`No es un monto en ${moneda}: ${t}`, `Not an amount of ${moneda}: ${t}`),
      });
    }
    return valor === null ? null : { valor, moneda };
  };
  const opcional = (n: string) => de(n) === "" ? {} : { [n]: plata(n, de(n)) };
  const llanos = ["event_type", "tipo", "moneda", "partner_id", "brand_id", "vigente_desde"].filter((n) =>
    de(n) !== ""
  );
  const filas = de("tramos").split("\n").filter((l) => l.trim() !== "").map((l) => l.trim().split(/\s+/));
  const desde = v.tipo === "TIERED" ? filas.map(([d = ""]) => plata("tramos", d)) : [];
  const hecho = {
    ...Object.fromEntries(llanos.map((n) => [n, de(n)])),
    ...(v.tipo === "FIXED" ? opcional("monto") : {}),
    ...(v.tipo === "PERCENTAGE" && de("porcentaje") !== ""
      ? { porcentaje: porcentaje(de("porcentaje")) }
      : {}),
    ...(v.tipo === "TIERED"
      ? {
        tramos: filas.map(([, p = ""], i) => ({
          desde: desde[i],
          ...(desde[i + 1] === undefined ? {} : { hasta: desde[i + 1] }),
          porcentaje: porcentaje(p),
        })),
      }
      : {}),
    ...opcional("comision_minima"),
    ...opcional("comision_maxima"),
  };
  return errores.length > 0 ? { errores } : { cuerpo: hecho };
}
const inicial = (t: Tarifa | null): Valores =>
  t === null ? { tipo: "PERCENTAGE" } : {
    event_type: t.event_type,
    tipo: t.tipo,
    moneda: t.moneda ?? "",
    porcentaje: t.porcentaje === null ? "" : monto(t.porcentaje),
    monto: t.monto === null ? "" : monto(t.monto.valor),
    tramos: (t.tramos ?? []).map(tramo).join("\n"),
    partner_id: t.partner_id ?? "",
    brand_id: t.brand_id ?? "",
    comision_minima: t.comision_minima === null ? "" : monto(t.comision_minima.valor),
    comision_maxima: t.comision_maxima === null ? "" : monto(t.comision_maxima.valor),
  };

/** The rates as they stand. None is ever edited: a new version follows it. */
export function Tarifas(): VNode | null {
  const d = useDatos<{ data: readonly Tarifa[] }>(RUTA, ["pagos"]);
  const [nueva, abrir] = useState<{ readonly de: Tarifa | null } | null>(null);
  const [acaba, acabar] = useState<Tarifa | null>(null);
  if (d.valor === null) return null;
  const puede = esAlgun("operador", "admin");
  const cerrar = () => {
    abrir(null);
    acabar(null);
  };
  const hecho = () => {
    cerrar();
    d.otra();
  };
  const columnas: readonly Columna<Tarifa>[] = [
    { titulo: dos("Hecho", "Event"), celda: (t) => palabra(t.event_type), texto: (t) => t.event_type },
    {
      titulo: dos("Para", "For"),
      celda: (t) => t.partner_id ?? t.brand_id ?? palabra(t.ambito),
      texto: (t) => t.partner_id ?? t.brand_id ?? t.ambito,
    },
    { titulo: dos("Clase", "Kind"), menor: true, celda: (t) => palabra(t.tipo), texto: (t) => t.tipo },
    { titulo: dos("Cuánto", "How much"), cifra: true, celda: cuanto, texto: cuanto },
    {
      titulo: dos("Vigente", "Valid"),
      menor: true,
      celda: (t) =>
        t.vigente_desde === null && t.vigente_hasta === null
          ? dos("siempre", "always")
          : `${dia(t.vigente_desde)} – ${dia(t.vigente_hasta)}`,
      texto: (t) => `${t.vigente_desde ?? ""}/${t.vigente_hasta ?? ""}`,
    },
    ...(!puede ? [] : [{
      titulo: dos("Cambiar", "Change"),
      celda: (t: Tarifa) =>
        html`<button type="button" class="llano" onClick=${() => abrir({ de: t })}>${
          dos("Nueva versión", "New version")
        }</button>${
          t.ambito === "DEFECTO" || t.vigente_hasta !== null
            ? null
            : html`<button type="button" class="llano" onClick=${() => acabar(t)}>${
              dos("Terminar", "End")
            }</button>`
        }`,
      texto: () => null,
    }]),
  ];
  return html`<section class="tarjeta"><div class="titulo"><h2>${dos("Tarifas", "Rates")}</h2>${
    puede
      ? html`<span class="acciones"><button type="button" onClick=${() => abrir({ de: null })}>${
        dos("Nueva tarifa", "New rate")
      }</button></span>`
      : null
  }</div>
    <${TablaSimple} nombre=${
    dos("Tarifas", "Rates")
  } filas=${d.valor.data} columnas=${columnas} ruta=${RUTA} />
    ${
    nueva === null ? null : html`
      <${Dialogo} titulo=${dos("Nueva tarifa", "New rate")} cerrar=${cerrar}>
        <${Formulario} nombre=${`tarifa-${nueva.de?.id ?? ""}`} a="/pagos/tarifas" enviar=${dos(
          "Guardar",
          "Save",
        )} inicial=${inicial(nueva.de)} campos=${campos()}
          cuerpo=${cuerpo} hecho=${hecho} cancelar=${cerrar} />
        <//>
    `
  }
    ${
    acaba === null ? null : html`
      <${Dialogo} titulo=${dos("Terminar la tarifa", "End the rate")} cerrar=${cerrar}>
        <${Formulario} nombre=${`fin-${acaba.id}`} a=${`/pagos/tarifas/${
          encodeURIComponent(acaba.id)
        }/terminar`} enviar=${dos("Terminar", "End")} inicial=${{}} campos=${[{
          nombre: "vigente_hasta",
          titulo: dos("Último día (UTC)", "Last day (UTC)"),
          tipo: "date",
          obligatorio: true,
        }]}
          cuerpo=${(v: Valores) => ({
            cuerpo: { vigente_hasta: v.vigente_hasta ?? "" },
          })} hecho=${hecho} cancelar=${cerrar} />
        <//>
    `
  }</section>`;
}
