import { useState } from "preact/hooks";
import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dia, dinero, type DineroJson, instanteLargo, monto } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { Decidir, type Decision } from "../partes/decidir.ts";
import { curl } from "../partes/exportar.ts";
import { Formulario, type Valores } from "../partes/formulario.ts";
import { Cargando, Copiar, Cuando, Dato, Dialogo, Estado, Falla, Id, Monto } from "../partes/piezas.ts";
import { ComoEra } from "../partes/como_era.ts";
import { Pasos } from "../partes/saga.ts";
import { enlace, filtrar, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { CampaniaJson, EventoJson, PayoutJson, SagaJson } from "../tipos.ts";
import { Pagos } from "./cliente.ts";
import { camposDeCampania, cuerpoDeCampania } from "./campanias.ts";

interface Detalle {
  readonly mensaje: string;
  readonly detalle: CampaniaJson;
}

/** What an operator may decide, and where not, why. */
function decisiones(k: CampaniaJson): Decision[] {
  const fin = k.estado === "FINALIZADA" || k.estado === "CANCELADA";
  const estado = palabra(k.estado).toLowerCase();
  const no = (si: boolean) => si ? null : dos(`Está ${estado}.`, `It is ${estado}.`);
  const a = (que: string) => `/campanias/${k.id}/${que}`;
  const una = (
    titulo: string,
    que: string,
    efecto: string,
    si: boolean,
    mas: Partial<Decision> = {},
  ): Decision => ({
    titulo,
    efecto,
    a: a(que),
    motivo: "opcional",
    impedida: no(si),
    ...mas,
  });
  const pausada = k.estado === "PAUSADA";
  return [
    una(
      dos("Aprobar sin anticipo…", "Approve without advance…"),
      "aprobar",
      dos("Queda aprobada aunque nadie haya pagado.", "It is approved though nobody paid."),
      k.estado === "PENDIENTE",
      { cuerpo: { sin_anticipo: true } },
    ),
    pausada
      ? una(
        dos("Reanudar…", "Resume…"),
        "reanudar",
        dos("Vuelve a estar aprobada.", "It is approved again."),
        true,
      )
      : una(
        dos("Pausar…", "Pause…"),
        "pausar",
        dos("Deja de correr hasta que se reanude.", "It stops until it is resumed."),
        k.estado === "APROBADA",
      ),
    una(
      dos("Finalizar…", "Finish…"),
      "finalizar",
      dos("Nada la vuelve a abrir.", "Nothing opens it again."),
      k.estado === "APROBADA" || pausada,
    ),
    una(
      dos("Cancelar…", "Cancel…"),
      "cancelar",
      dos("Se devuelve lo pagado por ella.", "What was paid for it is given back."),
      !fin,
      {
        motivo: "obligatorio",
        grave: true,
        monto: k.anticipo,
      },
    ),
  ];
}

export function Campania({ id }: { readonly id: string }): VNode {
  const en = ruta.value.consulta.get("en") ?? "";
  const d = useDatos<Detalle>(`/api/v1/campanias/${id}`, ["campanias"]);
  const antes = useDatos<CampaniaJson>(
    en === "" ? null : `/campanias/${id}?${new URLSearchParams({ en })}`,
    [],
  );
  const eventos = useDatos<{ data: readonly EventoJson[] }>(`/campanias/${id}/eventos`, ["campanias"]);
  const saga = useDatos<SagaJson>(`/campanias/${id}/saga`, ["campanias", "pagos"]);
  const pagos = useDatos<{ data: readonly PayoutJson[] }>(`/api/v1/pagos?idCampania=${id}&per_page=5`, [
    "pagos",
  ]);
  const [editando, editar] = useState(false);
  if (d.valor === null) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  const actual = d.valor.detalle;
  const k = en === "" ? actual : antes.valor ?? actual;
  const decide = esAlgun("operador", "admin") && en === "";
  const edita = (decide || esAlgun("partner")) && en === "";
  const cerrada = actual.estado === "FINALIZADA" || actual.estado === "CANCELADA";
  return html`
    <article class="detalle">
      <p class="migas"><a href="#/campanias">${dos("Campañas", "Campaigns")}</a></p>
      <div class="titulo"><h1>${k.nombre ?? k.id}</h1><span aria-live="polite"><${Estado} de=${k
        .estado} /></span>
          <span class="acciones">${edita && !cerrada
            ? html`<button type="button" onClick=${() => editar(true)}>${dos("Editar", "Edit")}</button>`
            : null}
          ${decide
            ? decisiones(actual).map((x) => html`<${Decidir} key=${x.a} d=${x} alHacer=${d.otra} />`)
            : null}
          <a class="llano" href="/api/v1/campanias/${id}" target="_blank" rel="noopener">JSON</a><${Copiar} texto=${() =>
            curl(`/api/v1/campanias/${id}`)}>curl<//></span></div>
        ${en === ""
          ? html`<p class="tenue">${d.valor.mensaje}${
            actual.motivo === null ? "" : ` «${actual.motivo}»`
          }</p>`
          : html`<div class="advertencia" role="status"><span aria-hidden="true">⏱</span><div>
      ${
            antes.falla === null
              ? dos(`Como era el ${instanteLargo(en)}`, `As it was on ${instanteLargo(en)}`)
              : antes.falla.status === 404
              ? dos("Entonces no existía.", "It did not exist then.")
              : antes.falla.title
          }
      · <button type="button" class="llano" onClick=${() => filtrar({ en: "" })}>${
            dos("volver a ahora", "back to now")
          }</button></div></div>`}
        <div class="columnas dos">
          <section class="tarjeta"><h2>${dos("Ficha", "Record")}</h2><dl>
            <${Dato} de=${dos("Identificador", "Id")}><${Id} de=${k.id} /><//>
            <${Dato} de=${dos("Cliente", "Client")}><a href=${enlace(["clientes", k.idCliente])}>${k
              .idCliente}</a><//>
            <${Dato} de=${dos("Tipo", "Type")}>${palabra(k.tipo_campania)}<//>
            <${Dato} de=${dos("Presupuesto", "Budget")}><${Monto} de=${k.presupuesto} /><//>
            <${Dato} de=${dos("Anticipo", "Advance")}><${Monto} de=${k.anticipo} /><//>
            <${Dato} de=${dos("Gasto", "Spent")}><${Monto} de=${k.gasto} /><//>
            <${Dato} de=${dos("Fechas", "Dates")}>${dia(k.fecha_inicio)} – ${dia(k.fecha_fin)}<//>
            <${Dato} de=${dos("Aprobación", "Approved")}><${Cuando} de=${k.fecha_aprobacion} /><//>
            ${k.fecha_cancelacion === null ? null : html`
              <${Dato} de=${dos("Cancelación", "Cancelled")}>
                <${Cuando} de=${k.fecha_cancelacion} />
                <//>
            `}
          </dl></section>
          <section class="tarjeta"><h2>${dos("Pasos de la saga", "Steps of the saga")}</h2>
            ${saga.valor === null
              ? html`<p class="rancio">${saga.falla?.title ?? "…"}</p>`
              : html`<${Pasos} de=${saga.valor} />`}
            <h2>${dos(
              "Sus pagos",
              "Its payouts",
            )}</h2><${Pagos} de=${pagos.valor === null && pagos.falla === null
              ? []
              : pagos.valor?.data ?? null} />
          </section>
        </div>
        <section class="tarjeta"><div class="titulo"><h2>${dos(
          "Línea de tiempo",
          "Timeline",
        )}</h2><${ComoEra} valor=${en} /></div>
          ${eventos.valor === null
            ? html`<p class="rancio">${eventos.falla?.title ?? "…"}</p>`
            : html`<ol class="linea" reversed>${
              [...eventos.valor.data].reverse().map((e) =>
                html`<li key=${e.version}><${Cuando} de=${e.occurred_on} /> <strong>${
                  palabra(e.type.replace(/\.v\d+$/, ""))
                }</strong>
        <span class="tenue">${resumen(e.data)}</span>
        <button type="button" class="llano" onClick=${() => filtrar({ en: e.occurred_on })}>${
                  dos("ver entonces", "see it then")
                }</button></li>`
              )
            }</ol>`}</section>
        ${!editando ? null : html`
          <${Dialogo} titulo=${dos("Editar campaña", "Edit campaign")} cerrar=${() => editar(false)}>
            <${Formulario} nombre=${`campania-${id}`} campos=${camposDeCampania(
              false,
            )} a=${`/campanias/${id}`} metodo="PATCH" cabeceras=${{ "if-match": `"v${actual.version}"` }}
              enviar=${dos("Guardar", "Save")}
              inicial=${{
                nombre: actual.nombre ?? "",
                tipo_campania: actual.tipo_campania,
                moneda: actual.presupuesto?.moneda ?? actual.anticipo?.moneda ?? "COP",
                presupuesto: actual.presupuesto === null ? "" : monto(actual.presupuesto.valor),
                anticipo: actual.anticipo === null ? "" : monto(actual.anticipo.valor),
                fecha_inicio: actual.fecha_inicio ?? "",
                fecha_fin: actual.fecha_fin ?? "",
              }}
              cuerpo=${(v: Valores) => cuerpoDeCampania(v, false)} hecho=${() => {
                editar(false);
                d.otra();
              }} cancelar=${() => editar(false)} />
            <//>
        `}
      </article>
  `;
}

/** The few words of an event that tell it from its like. */
function resumen(data: Readonly<Record<string, unknown>>): string {
  const claves = ["partner_id", "motivo", "origen", "pago_asociado_id", "idPago", "nombre"];
  const textos = claves.map((c) => data[c]).filter((v) => typeof v === "string" && v !== "");
  const gasto = data.monto as DineroJson | undefined;
  return [...(gasto === undefined ? [] : [dinero(gasto)]), ...textos].join(" · ");
}
