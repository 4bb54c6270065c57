import { useState } from "preact/hooks";
import { esAlgun, pedir, type Problema, sesion } from "../api.ts";
import { useDatos, useLista } from "../datos.ts";
import { contados, type DineroJson, edad, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, type Filtro, Filtros } from "../partes/filtros.ts";
import { Decidir } from "../partes/decidir.ts";
import { Cargando, Cuando, Estado, Falla, Monto, Vacio } from "../partes/piezas.ts";
import { type Columna, deMonto, deNumero, Tabla } from "../partes/tabla.ts";
import { enlace, ir } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";

interface Quien {
  readonly actor: string;
  readonly fecha: string;
}
export interface Liquidacion {
  readonly id: string;
  readonly ciclo: string;
  readonly corte: string;
  readonly moneda: string | null;
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
  };
  /** Of one run alone: whom the run before paid and this one does not. */
  readonly salen?: readonly { readonly partner_id: string; readonly monto: DineroJson }[];
}
interface Linea {
  readonly id: string;
  readonly partner_id: string;
  readonly monto: DineroJson;
  readonly transacciones: number;
  readonly anterior: DineroJson | null;
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
const MOTIVOS: readonly (readonly [string, string, string])[] = [
  ["retenido", "en retención", "held"],
  ["bajo_minimo", "bajo el mínimo", "below the minimum"],
  ["suspendido", "suspendido o inactivo", "suspended or inactive"],
  ["sin_metodo", "sin método de pago", "no payment method"],
  ["negativo", "saldo no positivo", "balance not positive"],
  ["pago_vigente", "ya tiene un pago", "has a payout already"],
  ["fuera_de_rango", "fuera de rango", "out of range"],
];
const PASOS = ["CALCULADA", "APROBADA", "APLICANDO", "APLICADA"];

export function LiquidacionPagina({ id }: { readonly id: string }): VNode {
  const d = useDatos<Liquidacion>(`/pagos/liquidaciones/${id}`, ["pagos"], { cadaMs: 2_000 });
  const deLinea: readonly Filtro[] = [{ nombre: "partner_id", titulo: dos("Socio (id)", "Partner (id)") }];
  const filtros: readonly Filtro[] = [...deLinea, {
    nombre: "motivo",
    titulo: dos("Por qué no se paga", "Why it is not paid"),
    opciones: MOTIVOS.map(([m, es, en]) => [m, dos(es, en)] as const),
  }];
  const [qLineas, qFuera] = [consultaDe(deLinea), consultaDe(filtros)];
  const lineas = useLista<Linea>(`/pagos/liquidaciones/${id}/lineas`, qLineas, {
    modulo: "pagos",
    id: (l) => `${l.partner_id} ${l.monto.moneda}`,
  });
  const fuera = useLista<Exclusion>(`/pagos/liquidaciones/${id}/exclusiones`, qFuera, {
    modulo: "pagos",
    id: (e) => `${e.partner_id} ${e.motivo} ${e.monto.moneda}`,
  });
  const v = d.valor;
  if (v === null) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  const yo = sesion.value?.identidad;
  const suya = v.calculada.actor === `${yo?.tipo}:${yo?.id}`;
  const pagados = v.totales.filter((t) => t.partners > 0).map((t) => t.monto);
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
      totales: pagados,
      impedida: v.estado !== "CALCULADA"
        ? dos(`Está ${palabra(v.estado).toLowerCase()}.`, `It is ${palabra(v.estado).toLowerCase()}.`)
        : suya
        ? dos("Eres quien la calculó.", "You calculated it.")
        : null,
    }} />`
  }
      ${
    !esAlgun("operador", "aprobador", "admin") ? null : html`
      <${Decidir} alHacer=${d.otra} d=${{
        titulo: `${dos("Aplicar", "Apply")} ${contados(v.lineas, dos("pagos", "payouts"))}…`,
        efecto: dos(
          "Se paga exactamente lo que dice el plan; si algo cambió desde entonces, nada se paga.",
          "Exactly what the plan says is paid; if anything changed since, nothing is.",
        ),
        a: `/pagos/liquidaciones/${id}/aplicar`,
        motivo: "no",
        totales: pagados,
        remedio: (f: Problema) => f.status === 412 ? html`<${Cambio} de=${v} falla=${f} />` : null,
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
    v.estado !== "APLICANDO" && v.estado !== "APLICADA" ? null : html`
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
          class="tarjeta"><h2>${t.moneda}</h2><p class="grande"><${Monto} de=${t.monto} /></p><p>${contados(
            t.partners,
            dos("socios", "partners"),
          )}</p>
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
    ${
    (v.salen ?? []).length === 0
      ? null
      : html`<p class="tenue">${
        dos("Cobraban en la anterior y ahora no:", "Paid by the last run and not by this one:")
      } ${
        v.salen?.map((s) =>
          html`
            <a key=${s.partner_id} href=${enlace(["clientes", s.partner_id])}>${s.partner_id}</a>
          `
        )
      }</p>`
  }
    <${Filtros} de=${filtros} />
    <h2>${dos("Se paga", "To be paid")}</h2>
    <${Tabla} lista=${lineas} columnas=${deLineas()} nombre=${
    dos("líneas", "lines")
  } base=${`/pagos/liquidaciones/${id}/lineas`} consulta=${qLineas} vacio=${html`<${Vacio} titulo=${
    dos("Nadie", "Nobody")
  }>${
    dos(
      "Abajo está por qué; con otro filtro puede haber más.",
      "Why is told below; another filter may show more.",
    )
  }<//>`} />
    <h2>${dos("No se paga, y por qué", "Not paid, and why")}</h2>
    ${
    v.exclusiones === 0
      ? null
      : html`<ul class="chips">${
        MOTIVOS.map(([m]) => html`<${Motivo} key=${m} id=${id} motivo=${m} />`)
      }</ul>`
  }
    <${Tabla} lista=${fuera} columnas=${deExclusiones()} nombre=${
    dos("exclusiones", "exclusions")
  } base=${`/pagos/liquidaciones/${id}/exclusiones`} consulta=${qFuera} vacio=${html`<${Vacio} titulo=${
    dos("Nadie quedó fuera", "Nobody was left out")
  }>${dos("Quite el filtro para verlos a todos.", "Clear the filter to see all.")}<//>`} />
  </article>`;
}

/** How many were left out for one reason; a plan never changes, so it is asked once. */
function Motivo({ id, motivo }: { readonly id: string; readonly motivo: string }): VNode | null {
  const n = useDatos<{ pagination: { total: number } }>(
    `/pagos/liquidaciones/${id}/exclusiones?motivo=${motivo}&page=1&per_page=1`,
    [],
  ).valor?.pagination.total ?? 0;
  const [, es = "", en = ""] = MOTIVOS.find(([m]) => m === motivo) ?? [];
  return n === 0
    ? null
    : html`<li><a href=${enlace(["liquidaciones", id], { motivo })}><strong>${numero(n)}</strong> ${
      dos(es, en)
    }</a></li>`;
}

/** The plan is no longer true: what changed since, and the way to a new one. */
function Cambio({ de, falla }: { readonly de: Liquidacion; readonly falla: Problema }): VNode {
  const [otra, fallar] = useState<Problema | null>(null);
  const recalcular = async () => {
    const { ciclo, corte, moneda } = de;
    const r = await pedir<Liquidacion>("/pagos/liquidaciones", {
      metodo: "POST",
      cuerpo: { ciclo, corte, moneda },
    });
    if (!r.ok) return fallar(r.falla);
    await pedir(`/pagos/liquidaciones/${de.id}/descartar`, {
      metodo: "POST",
      cuerpo: { motivo: dos(`se recalculó como ${r.valor.id}`, `calculated anew as ${r.valor.id}`) },
    });
    ir(enlace(["liquidaciones", r.valor.id]));
  };
  return html`<div data-prueba="cambio"><h3>${dos("Qué cambió", "What changed")}</h3>
    <ul>${
    falla.errores.map((e) =>
      html`<li key=${e.campo}><code>${e.campo.replace(/^lineas\[(.*)\]/, "$1 ")}</code> ${e.mensaje}</li>`
    )
  }</ul>
    ${otra === null ? null : html`<${Falla} de=${otra} />`}
    <button type="button" class="primario" onClick=${recalcular}>${
    dos("Recalcular y descartar este plan", "Calculate anew and discard this plan")
  }</button></div>`;
}

/** Who gets twice what it got, or more, is worth a look before it is paid. */
function crecio(l: Linea): VNode | null {
  const [antes, ahora] = [l.anterior, l.monto].map((m) => BigInt((m?.valor ?? "0").replace(".", "")));
  if (antes === undefined || ahora === undefined || antes <= 0n || ahora < 2n * antes) return null;
  return html`
    <span class="rancio">+${numero(100n * (ahora - antes) / antes)} % ⚠</span>
  `;
}
const deLineas = (): readonly Columna<Linea>[] => [
  {
    titulo: dos("Socio", "Partner"),
    orden: "partner_id",
    celda: (l) => html`<a href=${enlace(["clientes", l.partner_id])}>${l.partner_id}</a>`,
    texto: (l) => l.partner_id,
  },
  deMonto(dos("Monto", "Amount"), (l) => l.monto, { orden: "monto" }),
  {
    titulo: dos("Contra la anterior", "Against the last"),
    cifra: true,
    menor: true,
    celda: (l) => html`<${Monto} de=${l.variacion} />${crecio(l)}`,
    texto: (l) => l.variacion?.valor ?? null,
  },
  deNumero(dos("Comisiones", "Commissions"), (l) => l.transacciones, { menor: true }),
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
    orden: "partner_id",
    celda: (e) => html`<a href=${enlace(["clientes", e.partner_id])}>${e.partner_id}</a>`,
    texto: (e) => e.partner_id,
  },
  deMonto(dos("Monto", "Amount"), (e) => e.monto, { orden: "monto" }),
  {
    titulo: dos("Por qué", "Why"),
    celda: (e) => html`<span title=${e.explicacion}>${e.explicacion}</span>`,
    texto: (e) => e.explicacion,
  },
];
