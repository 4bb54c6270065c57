import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dinero, type DineroJson, instanteLargo } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { Decidir } from "../partes/decidir.ts";
import { curl } from "../partes/exportar.ts";
import {
  Advertencias,
  Cargando,
  Copiar,
  Cuando,
  Dato,
  Estado,
  Falla,
  Hace,
  Id,
  Monto,
} from "../partes/piezas.ts";
import { type Asiento, Asientos } from "../partes/asientos.ts";
import { SumaExacta } from "../partes/suma.ts";
import { deCuando, deMonto, TablaSimple } from "../partes/tabla.ts";
import { ComoEra } from "../partes/como_era.ts";
import { enlace, filtrar, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { HistorialJson, IntentoJson, PayoutJson, TransaccionJson } from "../tipos.ts";

/** `GET /pagos/{id}/explicacion`: what the ledger has of it. */
interface Explicacion {
  readonly sumas: { readonly en_libro: DineroJson };
  readonly asientos: readonly Asiento[];
}
interface Detalle {
  readonly pago: PayoutJson;
  readonly transacciones: readonly TransaccionJson[];
  readonly auditoria: { readonly eventos: readonly HistorialJson[] } | null;
  readonly advertencias: readonly string[];
}
const FIRMES = ["EXITOSO", "FALLIDO", "RECHAZADO", "REVERTIDO"];
const CAMINO = ["PENDIENTE", "CALCULADO", "CONFIRMADO", "EN_PROCESO"];

/** Where it is on its way, each state with its mark: never ahead of what the server said. */
function Camino(
  { estado, pasados, desde }: {
    readonly estado: string;
    readonly pasados: ReadonlySet<string>;
    /** Since when it is where it is, of a state that should not last; ms since 1970. */
    readonly desde: number | null;
  },
): VNode {
  const lleva = desde === null ? null : html`
    <span class="rancio"><${Hace} desde=${desde} /></span>
  `;
  const fin = CAMINO.includes(estado) ? dos("resultado", "outcome") : null;
  return html`<ol class="camino" aria-label=${dos("Camino del pago", "Way of the payout")}>
    ${
    CAMINO.map((e) =>
      html`<li key=${e} class=${e === estado ? "aqui" : pasados.has(e) ? "hecho" : ""} aria-current=${
        e === estado ? "step" : undefined
      }>${palabra(e)}${pasados.has(e) && e !== estado ? " ✓" : ""}${e === estado ? lleva : null}</li>`
    )
  }
    <li class=${fin === null ? "aqui" : ""} aria-current=${fin === null ? "step" : undefined}>${
    fin ?? html`<${Estado} de=${estado} />${lleva}`
  }</li></ol>`;
}

/** Why it waits or failed, in one line. */
function donde(p: PayoutJson): string | null {
  if (p.reversion_pedida !== null && p.estado !== "REVERTIDO") {
    return dos(
      `Se pidió revertirlo: «${p.reversion_pedida.motivo}». Se hará en cuanto se sepa si se pagó.`,
      `Its reversal was asked for: “${p.reversion_pedida.motivo}”. It is done once it is known whether it was paid.`,
    );
  }
  if (p.estado === "EN_VERIFICACION") {
    return dos(
      "El banco no confirmó. No se sabe si se pagó: se sigue preguntando y no se paga dos veces.",
      "The bank did not confirm. Whether it was paid is unknown: it is asked again, and nothing is paid twice.",
    );
  }
  return p.failure_reason ?? p.motivo_espera;
}

export function Pago({ id }: { readonly id: string }): VNode {
  const d = useDatos<Detalle>(`/api/v1/pagos/${id}`, ["pagos"]);
  const explica = useDatos<Explicacion>(`/pagos/${id}/explicacion`, ["pagos"]);
  const v = d.valor;
  if (v === null) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  // As it was: what had happened by then, by its own history.
  const en = ruta.value.consulta.get("en") ?? "";
  const hasta = (fecha: string) => en === "" || new Date(fecha) <= new Date(en);
  const eventos = (v.auditoria?.eventos ?? []).filter((e) => hasta(e.fecha));
  const entonces = eventos.at(-1);
  const p = en === "" ? v.pago : { ...v.pago, estado: entonces?.estado_nuevo ?? "PENDIENTE" };
  const asientos = (explica.valor?.asientos ?? []).filter((a) => hasta(a.fecha));
  const intentos = p.intentos.filter((i) => hasta(i.inicio));
  const aviso = en === "" ? donde(p) : null;
  const pasados = new Set(eventos.map((e) => e.estado_nuevo));
  const espera = en === "" && !FIRMES.includes(p.estado) && entonces !== undefined;
  const impedida = p.estado === "REVERTIDO"
    ? dos("Ya está revertido.", "It is reversed already.")
    : p.estado === "FALLIDO" || p.estado === "RECHAZADO"
    ? dos("No llegó a pagarse.", "It was never paid.")
    : p.reversion_pedida !== null
    ? dos("Ya se pidió.", "It was asked for already.")
    : null;
  return html`
    <article class="detalle">
      <p class="migas"><a href="#/pagos">${dos("Pagos", "Payouts")}</a></p>
      <div
        class="titulo"><h1><span class="monto">${dinero(
          p.monto_total,
        )}</span></h1><span aria-live="polite"><${Estado} de=${p.estado} /></span>
          <span class="acciones">
            <button type="button" aria-disabled=${p.estado !== "EXITOSO"} onClick=${() =>
              p.estado === "EXITOSO" && print()}>${dos("Recibo", "Receipt")}</button>
            ${p.estado === "EXITOSO" ? null : html`
              <span class="porque">${dos(
                "Hay recibo cuando está pagado.",
                "There is a receipt once it is paid.",
              )}</span>
            `}
            ${!esAlgun("operador", "admin") || en !== "" ? null : html`<${Decidir} alHacer=${d.otra} d=${{
              titulo: dos("Revertir…", "Reverse…"),
              efecto: p.estado === "EXITOSO"
                ? dos(
                  "Se devuelve el dinero. Si pagó una campaña, la campaña se cancela.",
                  "The money is given back. If it paid for a campaign, the campaign is cancelled.",
                )
                : dos(
                  "Se recuerda, y se hace en cuanto se sepa si se pagó.",
                  "It is remembered, and done once it is known whether it was paid.",
                ),
              a: `/pagos/${id}/revertir`,
              motivo: "obligatorio",
              monto: p.monto_total,
              impedida,
              grave: true,
            }} />`}
            <a class="llano" href="/api/v1/pagos/${id}" target="_blank" rel="noopener">JSON</a><${Copiar} texto=${() =>
              curl(`/api/v1/pagos/${id}`)}>curl<//>
          </span></div>
        <${Advertencias} de=${v.advertencias} leido=${d.leido} />
        <${Camino} estado=${p.estado} pasados=${pasados} desde=${espera
          ? new Date(entonces.fecha).getTime()
          : null} />
        ${en === "" ? null : html`
          <div class="advertencia"
            role="status"><span aria-hidden="true">⏱</span><div>${entonces === undefined
              ? dos("Entonces no existía.", "It did not exist then.")
              : dos(
                `Como era el ${instanteLargo(en)}`,
                `As it was on ${instanteLargo(en)}`,
              )} · <button type="button" class="llano" onClick=${() => filtrar({ en: "" })}>${dos(
                "volver a ahora",
                "back to now",
              )}</button></div></div>
        `}
        ${aviso === null ? null : html`
          <div class="advertencia"
            role="status"><span aria-hidden="true">ℹ</span><div><strong>${dos(
              "Dónde está: ",
              "Where it is: ",
            )}</strong>${aviso}</div></div>
        `}
        <div class="columnas dos">
          <section class="tarjeta"><h2>${dos("Ficha", "Record")}</h2><dl>
            <${Dato} de="Id"><${Id} de=${p.id} /><//>
            <${Dato} de=${dos("Tipo", "Type")}>${palabra(p.tipo)}<//>
            <${Dato} de=${p.tipo === "CAMPANIA"
              ? dos("Paga", "Payer")
              : dos("Cobra", "Payee")}>${p.partner_id === null
              ? "—"
              : html`<a href=${enlace(["clientes", p.partner_id])}>${p.partner_id}</a>`}<//>
            ${p.idCampania === null
              ? html`<${Dato} de=${dos("Ciclo", "Cycle")}>${p.cycle_id}<//>`
              : html`<${Dato} de=${dos("Campaña", "Campaign")}><a href=${
                enlace(["campanias", p.idCampania])
              }>${p.idCampania}</a><//>`}
            <${Dato} de=${dos("Comisión bancaria", "Bank fee")}><${Monto} de=${p.comision_bancaria} /><//>
            <${Dato} de=${dos("Neto", "Net")}><${Monto} de=${p.neto} /><//>
            <${Dato} de=${dos("Método", "Method")}>${palabra(p.metodo_pago.tipo)} ${p.metodo_pago.mascara ??
              ""}<//>
            <${Dato} de=${dos("Confirmación", "Confirmation")}>${p.confirmation_id ??
              p.referencia_proveedor ?? "—"}<//>
            <${Dato} de=${dos("Creación", "Created")}><${Cuando} de=${p.fecha_creacion} /><//>
            <${Dato} de=${dos("Completado", "Completed")}><${Cuando} de=${p.fecha_completado} /><//>
          </dl></section>
          <section class="tarjeta no-impreso"><div class="titulo"><h2>${dos(
            "Historial",
            "History",
          )}</h2><${ComoEra} valor=${en} /></div>
            ${v.auditoria === null
              ? html`<p class="rancio">⚠ pagos_service</p>`
              : html`<ol class="linea">${
                eventos.map((e, i) =>
                  html`
                    <li
                      key=${i}><${Cuando} de=${e.fecha} /> <${Estado} de=${e
                        .estado_nuevo} />${e.motivo === null ? null : html`
                        «${e.motivo}»
                      `} <span class="tenue">${e.actor}</span></li>
                  `
                )
              }</ol>`}
            <h2>${dos("Intentos con el proveedor", "Attempts at the provider")}</h2>
            ${intentos.length === 0
              ? html`<p class="tenue">${dos("Ninguno todavía.", "None yet.")}</p>`
              : html`<ol class="linea">${intentos.map(intento)}</ol>`}
          </section>
        </div>
        <section class="tarjeta"><h2>${dos("Por qué este monto", "Why this amount")}</h2>
          ${v.transacciones.length === 0
            ? html`<p>${
              p.tipo === "CAMPANIA"
                ? dos(
                  "Es el monto que se pidió para la campaña.",
                  "It is the amount that was asked for the campaign.",
                )
                : dos(
                  "Es el monto que se pidió: el socio no tenía comisiones sin pagar en el ciclo.",
                  "It is the amount that was asked for: the partner had no unpaid commissions in the cycle.",
                )
            }</p>`
            : html`
              <${TablaSimple} nombre=${dos(
                "Comisiones de este pago",
                "Commissions of this payout",
              )} ruta=${`/api/v1/pagos/${id}`} filas=${v
                .transacciones} columnas=${[
                {
                  titulo: dos("Hecho", "Event"),
                  celda: (t: TransaccionJson) =>
                    html`<a href=${enlace(["libro", "asientos"], { transaccion_id: t.id })}>${
                      palabra(t.event_type)
                    }</a>`,
                  texto: (t: TransaccionJson) => t.event_type,
                },
                deCuando(dos("Cuándo", "When"), (t: TransaccionJson) => t.event_timestamp, { menor: true }),
                deMonto(dos("Original", "Original"), (t: TransaccionJson) => t.monto_original, {
                  menor: true,
                }),
                deMonto(dos("Comisión", "Commission"), (t: TransaccionJson) => t.comision),
              ]} />
              <${SumaExacta} lineas=${v.transacciones.map((t) => t.comision.valor)} total=${p.monto_total} />
            `}
      ${asientos.length === 0 ? null : html`
        <div class="no-impreso">
          <h2>${dos("En el libro", "In the ledger")}</h2>
          <${Asientos} de=${asientos} />
        </div>
      `}</section>
      </article>
  `;
}

const intento = (i: IntentoJson): VNode =>
  html`
    <li
      key=${i.numero}><${Cuando} de=${i.inicio} /> <${Estado} de=${i.estado} /> ${i.referencia === null
        ? null
        : html`<code>${i.referencia}</code>`} <span class="tenue">${i.error ?? ""}</span></li>
  `;
