import { esAlgun, sesion } from "../api.ts";
import { useDatos, useLista } from "../datos.ts";
import { type DineroJson, edad, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { Decidir } from "../partes/decidir.ts";
import { Cargando, Cuando, Estado, Falla, Monto, Vacio } from "../partes/piezas.ts";
import { type Columna, Tabla } from "../partes/tabla.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";

interface Quien {
  readonly actor: string;
  readonly fecha: string;
}
export interface Liquidacion {
  readonly id: string;
  readonly ciclo: string;
  readonly estado: string;
  readonly huella: string;
  readonly anterior: string | null;
  readonly lineas: number;
  readonly exclusiones: number;
  readonly totales: readonly {
    readonly moneda: string;
    readonly partners: number;
    readonly monto: DineroJson;
    readonly excluidos: number;
    readonly excluido: DineroJson;
    readonly diferencia: {
      readonly anterior: DineroJson;
      readonly variacion: DineroJson;
      readonly partners_nuevos: number;
      readonly partners_que_salen: number;
    } | null;
  }[];
  readonly calculada: Quien;
  readonly aprobada: Quien | null;
  readonly avance: {
    readonly hechos: number;
    readonly total: number;
    readonly por_segundo: number | null;
    readonly restante_s: number | null;
  } | null;
}
interface Linea {
  readonly id: string;
  readonly partner_id: string;
  readonly monto: DineroJson;
  readonly transacciones: number;
  readonly variacion: DineroJson | null;
  readonly payout_id: string;
  readonly payout_estado: string | null;
}
interface Exclusion {
  readonly id: string;
  readonly partner_id: string;
  readonly motivo: string;
  readonly explicacion: string;
  readonly monto: DineroJson;
}
const NADA = new URLSearchParams();
const PASOS = ["CALCULADA", "APROBADA", "APLICANDO", "APLICADA"];

export function LiquidacionPagina({ id }: { readonly id: string }): VNode {
  const d = useDatos<Liquidacion>(`/pagos/liquidaciones/${id}`, ["pagos"], { cadaMs: 2_000 });
  const lineas = useLista<Linea>(`/pagos/liquidaciones/${id}/lineas`, NADA, {
    modulo: "pagos",
    id: (l) => `${l.partner_id} ${l.monto.moneda}`,
  });
  const fuera = useLista<Exclusion>(`/pagos/liquidaciones/${id}/exclusiones`, NADA, {
    modulo: "pagos",
    id: (e) => `${e.partner_id} ${e.motivo} ${e.monto.moneda}`,
  });
  const v = d.valor;
  if (v === null) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  const yo = `persona:${sesion.value?.identidad?.id}`;
  const suya = v.calculada.actor === yo || v.calculada.actor === yo.replace("persona:", "clave:");
  const total = v.totales[0]?.monto ?? null;
  return html`<article class="detalle"><p class="migas"><a href="#/liquidaciones">${
    dos("Liquidaciones", "Payout runs")
  }</a></p>
    <div class="titulo"><h1>${
    dos("Liquidación", "Payout run")
  } ${v.ciclo}</h1><span aria-live="polite"><${Estado} de=${v.estado} /></span>
      <span class="acciones">
      ${
    !esAlgun("aprobador", "admin") ? null : html`<${Decidir} alHacer=${d.otra} d=${{
      titulo: dos("Aprobar…", "Approve…"),
      efecto: dos(
        `Se aprueba el plan con huella ${v.huella.slice(0, 8)}: ${numero(v.lineas)} pagos.`,
        `The plan with print ${v.huella.slice(0, 8)} is approved: ${numero(v.lineas)} payouts.`,
      ),
      a: `/pagos/liquidaciones/${id}/aprobar`,
      motivo: "no",
      monto: total,
      impedida: v.estado !== "CALCULADA"
        ? dos(`Está ${palabra(v.estado).toLowerCase()}.`, `It is ${palabra(v.estado).toLowerCase()}.`)
        : suya
        ? dos("Eres quien la calculó.", "You calculated it.")
        : null,
    }} />`
  }
      ${
    !esAlgun("operador", "admin") ? null : html`
      <${Decidir} alHacer=${d.otra} d=${{
        titulo: dos(`Aplicar ${numero(v.lineas)} pagos…`, `Apply ${numero(v.lineas)} payouts…`),
        efecto: dos(
          "Se paga exactamente lo que dice el plan; si algo cambió desde entonces, nada se paga.",
          "Exactly what the plan says is paid; if anything changed since, nothing is.",
        ),
        a: `/pagos/liquidaciones/${id}/aplicar`,
        motivo: "no",
        monto: total,
        // The set is frozen as it was shown: another print is another plan.
        cuerpo: { huella: v.huella },
        impedida: v.estado === "APROBADA"
          ? null
          : dos("Hace falta que esté aprobada.", "It has to be approved first."),
      }} />
      <${Decidir} alHacer=${d.otra} d=${{
        titulo: dos("Descartar…", "Discard…"),
        efecto: dos("El plan queda sin efecto; no mueve dinero.", "The plan has no effect; no money moves."),
        a: `/pagos/liquidaciones/${id}/descartar`,
        motivo: "obligatorio",
        impedida: v.estado === "CALCULADA" || v.estado === "APROBADA"
          ? null
          : dos("Ya no se puede.", "It is too late."),
      }} />
    `
  }</span></div>
    <ol class="camino">${
    PASOS.map((p) =>
      html`<li key=${p} class=${
        p === v.estado ? "aqui" : PASOS.indexOf(p) < PASOS.indexOf(v.estado) ? "hecho" : ""
      }>${palabra(p)}</li>`
    )
  }<li class="tenue">${dos("huella", "print")} <code>${v.huella.slice(0, 12)}</code></li></ol>
    ${
    v.avance === null ? null : html`
      <section class="tarjeta"
        aria-live="polite"><progress max=${v.avance.total} value=${v.avance.hechos} aria-label=${dos(
          "Avance",
          "Progress",
        )}></progress>
            ${numero(v.avance.hechos)}/${numero(v.avance.total)}${v.avance.por_segundo === null
              ? ""
              : ` · ${numero(Math.round(v.avance.por_segundo))}/s`}${v.avance.restante_s === null
              ? ""
              : ` · ${edad(v.avance.restante_s * 1_000)}`}</section>
    `
  }
    <div class="columnas">${
    v.totales.map((t) =>
      html`
        <section key=${t.moneda}
          class="tarjeta"><h2>${t.moneda}</h2><p class="grande"><${Monto} de=${t.monto} /></p><p>${numero(
            t.partners,
          )} ${dos("socios", "partners")}</p>
              <p class="tenue">${dos("No se paga", "Not paid")}: ${numero(t.excluidos)} · <${Monto} de=${t
                .excluido} /></p>
              ${t.diferencia === null
                ? null
                : html`<p class="tenue">${
                  dos("Contra la anterior", "Against the last")
                }: <${Monto} de=${t.diferencia.variacion} /> · +${numero(t.diferencia.partners_nuevos)} −${
                  numero(t.diferencia.partners_que_salen)
                }</p>`}</section>
      `
    )
  }</div>
    <p class="tenue">${
    dos("Calculada por", "Calculated by")
  } ${v.calculada.actor} <${Cuando} de=${v.calculada.fecha} />${
    v.aprobada === null ? null : html`
      · ${dos("aprobada por", "approved by")} ${v.aprobada.actor}
    `
  }</p>
    <h2>${dos("Se paga", "To be paid")}</h2>
    <${Tabla} lista=${lineas} columnas=${deLineas()} nombre=${
    dos("líneas", "lines")
  } base=${`/pagos/liquidaciones/${id}/lineas`} consulta=${NADA} vacio=${html`<${Vacio} titulo=${
    dos("Nadie", "Nobody")
  } />`} />
    <h2>${dos("No se paga, y por qué", "Not paid, and why")}</h2>
    <${Tabla} lista=${fuera} columnas=${deExclusiones()} nombre=${
    dos("exclusiones", "exclusions")
  } base=${`/pagos/liquidaciones/${id}/exclusiones`} consulta=${NADA} vacio=${html`<${Vacio} titulo=${
    dos("Nadie quedó fuera", "Nobody was left out")
  } />`} />
  </article>`;
}

const deLineas = (): readonly Columna<Linea>[] => [
  {
    titulo: dos("Socio", "Partner"),
    celda: (l) => html`<a href=${enlace(["clientes", l.partner_id])}>${l.partner_id}</a>`,
    texto: (l) => l.partner_id,
  },
  {
    titulo: dos("Monto", "Amount"),
    cifra: true,
    celda: (l) => html`<${Monto} de=${l.monto} />`,
    texto: (l) => l.monto.valor,
  },
  {
    titulo: dos("Contra la anterior", "Against the last"),
    cifra: true,
    menor: true,
    celda: (l) => html`<${Monto} de=${l.variacion} />`,
    texto: (l) => l.variacion?.valor ?? null,
  },
  {
    titulo: dos("Comisiones", "Commissions"),
    cifra: true,
    menor: true,
    celda: (l) => numero(l.transacciones),
    texto: (l) => String(l.transacciones),
  },
  {
    titulo: dos("Pago", "Payout"),
    celda: (l) =>
      l.payout_estado === null
        ? html`<span class="tenue">—</span>`
        : html`<a href=${enlace(["pagos", l.payout_id])}><${Estado} de=${l.payout_estado} /></a>`,
    texto: (l) => l.payout_id,
  },
];
const deExclusiones = (): readonly Columna<Exclusion>[] => [
  {
    titulo: dos("Socio", "Partner"),
    celda: (e) => html`<a href=${enlace(["clientes", e.partner_id])}>${e.partner_id}</a>`,
    texto: (e) => e.partner_id,
  },
  {
    titulo: dos("Monto", "Amount"),
    cifra: true,
    celda: (e) => html`<${Monto} de=${e.monto} />`,
    texto: (e) => e.monto.valor,
  },
  {
    titulo: dos("Por qué", "Why"),
    celda: (e) => html`<span title=${e.explicacion}>${e.explicacion}</span>`,
    texto: (e) => e.explicacion,
  },
];
