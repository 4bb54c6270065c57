import { useDatos } from "../datos.ts";
import { numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { Advertencias, Cargando, Estado, Falla } from "../partes/piezas.ts";
import { PorQueNo } from "../partes/porque_no.ts";
import { enlace } from "../ruta.ts";
import { dos } from "../textos.ts";
import type { Detalle } from "./cliente.ts";
import { Cobrado, Pagos } from "./cliente.ts";

/** What a partner has here: its payouts, its campaigns, what it earned, and why it was not paid. */
export function MiCuenta({ id }: { readonly id: string }): VNode {
  const d = useDatos<Detalle>(`/api/v1/clientes/${id}`, ["cliente", "pagos", "campanias"]);
  const v = d.valor;
  if (v === null && d.falla?.status !== 404) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  // Who earns need not be registered: its balance and its payouts are here all the same.
  if (v === null) {
    return html`
      <article class="detalle">
        <div class="titulo">
          <h1>${id}</h1>
        </div>
        <${PorQueNo} id=${id} estado=${null} />
      </article>
    `;
  }
  return html`
    <article class="detalle">
      <div class="titulo">
        <h1>${v.cliente.nombre}</h1>
        <${Estado} de=${v.cliente.estado} />
      </div>
      <${Advertencias} de=${v.advertencias} leido=${d.leido} />
      <${PorQueNo} id=${id} estado=${v.cliente.estado} />
      <div class="columnas dos">
        <section class="tarjeta">
          <h2>${dos("Cobrado", "Received")}</h2>
          <${Cobrado} de=${v.estadisticas} titulo=${dos("Pagos", "Payouts")} cuantos=${numero} />
        </section>
        <section class="tarjeta">
          <h2>${dos("Pagos recientes", "Recent payouts")}</h2>
          <${Pagos} de=${v.pagos_recientes} />
        </section>
      </div>
      <section class="tarjeta"><h2>${dos(
        "Campañas en curso",
        "Running campaigns",
      )}</h2>${(v.campanias_activas ?? []).length === 0
        ? html`<p class="tenue">${dos("Ninguna.", "None.")}</p>`
        : html`<ul class="recientes">${
          (v.campanias_activas ?? []).map((k) =>
            html`<li key=${k.id}><a href=${enlace(["campanias", k.id])}>${
              k.nombre ?? k.id
            }</a><${Estado} de=${k.estado} /></li>`
          )
        }</ul>`}</section>
    </article>
  `;
}
