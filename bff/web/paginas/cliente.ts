import { useState } from "preact/hooks";
import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dia, type DineroJson, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { curl } from "../partes/exportar.ts";
import { PorQueNo } from "../partes/porque_no.ts";
import { Condiciones } from "../partes/condiciones.ts";
import { Decidir } from "../partes/decidir.ts";
import { Formulario, type Valores } from "../partes/formulario.ts";
import {
  Advertencias,
  Cargando,
  Copiar,
  Cuando,
  Dato,
  Dialogo,
  Estado,
  Falla,
  Id,
  Monto,
} from "../partes/piezas.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { CampaniaJson, ClienteJson, PayoutJson } from "../tipos.ts";
import { campos, cuerpoDe } from "./clientes.ts";

export interface Detalle {
  readonly cliente: ClienteJson;
  readonly estadisticas: {
    readonly total_pagos: number;
    readonly monto_total: readonly DineroJson[];
    readonly primer_pago: string | null;
    readonly ultimo_pago: string | null;
  } | null;
  readonly pagos_recientes: readonly PayoutJson[] | null;
  readonly campanias_activas: readonly CampaniaJson[] | null;
  readonly advertencias: readonly string[];
}
interface Hecho {
  readonly version: number;
  readonly accion: string;
  readonly motivo: string | null;
  readonly actor: string;
  readonly solicitud: string;
  readonly fecha: string;
}

export function Cliente({ id }: { readonly id: string }): VNode {
  const d = useDatos<Detalle>(`/api/v1/clientes/${id}`, ["cliente", "pagos", "campanias"]);
  const [editando, editar] = useState(false);
  const v = d.valor;
  if (v === null) {
    return d.falla === null ? html`<${Cargando} />` : html`<${Falla} de=${d.falla} otra=${d.otra} />`;
  }
  const c = v.cliente;
  const puede = esAlgun("operador", "admin");
  const ahora = c.estado === "ACTIVO" ? "suspender" : "reactivar";
  return html`
    <article class="detalle">
      <p class="migas"><a href="#/clientes">${dos("Clientes", "Clients")}</a></p>
      <div class="titulo"><h1>${c.nombre}</h1><${Estado} de=${c.estado} />
          <span class="acciones">
            ${!puede ? null : html`
              <button type="button" onClick=${() => editar(true)}>${dos("Editar", "Edit")}</button>
              <${Decidir} alHacer=${d.otra} d=${{
                titulo: ahora === "suspender"
                  ? dos("Suspender…", "Suspend…")
                  : dos("Reactivar…", "Reactivate…"),
                efecto: ahora === "suspender"
                  ? dos(
                    "Deja de poder recibir pagos hasta que se reactive.",
                    "It gets no payouts until it is reactivated.",
                  )
                  : dos("Vuelve a poder recibir pagos.", "It can get payouts again."),
                a: `/cliente/${id}/${ahora}`,
                motivo: "obligatorio",
                impedida: null,
              }} />
            `}
            <a class="llano" href="/api/v1/clientes/${id}" target="_blank" rel="noopener">JSON</a><${Copiar} texto=${() =>
              curl(`/api/v1/clientes/${id}`)}>curl<//>
          </span></div>
        <${Advertencias} de=${v.advertencias} leido=${d.leido} />
        <div class="columnas dos">
          <section class="tarjeta"><h2>${dos("Ficha", "Record")}</h2><dl>
            <${Dato} de=${dos("Identificador", "Id")}><${Id} de=${c.id} /><//>
            <${Dato} de=${dos("Tipo", "Type")}>${palabra(c.tipo_cliente)}<//>
            <${Dato} de=${dos("Correo", "E-mail")}>${c.email}<//>
            <${Dato} de=${c.rut === null ? dos("Cédula", "Id number") : "RUT"}>${c.cedula ?? c.rut}<//>
            ${c.fecha_nacimiento === null
              ? null
              : html`<${Dato} de=${dos("Nacimiento", "Born")}>${dia(c.fecha_nacimiento)}<//>`}
            ${c.telefono === null ? null : html`<${Dato} de=${dos("Teléfono", "Phone")}>${c.telefono}<//>`}
            ${c.ciudad === null && c.pais === null
              ? null
              : html`<${Dato} de=${dos("Lugar", "Place")}>${
                [c.ciudad, c.pais].filter(Boolean).join(", ")
              }<//>`}
            <${Dato} de=${dos("Registro", "Registered")}><${Cuando} de=${c.fecha_registro} /><//>
          </dl></section>
          <section class="tarjeta"><h2>${dos("Pagos que están en firme", "Payouts that stand")}</h2>
            <${Cobrado} de=${v.estadisticas} titulo=${dos("Cuántos", "How many")} cuantos=${(n: number) =>
              html`<a href=${enlace(["pagos"], { partner_id: id, estado: "EXITOSO" })}>${numero(n)}</a>`} />
          </section>
        </div>
        <div class="columnas dos">
          <section class="tarjeta"><h2>${dos("Pagos recientes", "Recent payouts")}</h2><${Pagos} de=${v
            .pagos_recientes} /></section>
          <section class="tarjeta"><h2>${dos("Campañas en curso", "Running campaigns")}</h2>
            ${v.campanias_activas === null
              ? html`<p class="rancio">⚠ campanias_service</p>`
              : v.campanias_activas.length === 0
              ? html`<p class="tenue">${dos("Ninguna.", "None.")} ${
                puede
                  ? html`<a href=${enlace(["campanias"], { nuevo: "1", cliente: id })}>${
                    dos("Crear una", "Create one")
                  }</a>`
                  : null
              }</p>`
              : html`<ul class="recientes">${
                v.campanias_activas.map((k) =>
                  html`
                    <li
                      key=${k.id}><a href=${enlace(["campanias", k.id])}>${k.nombre ??
                        k.id}</a><${Estado} de=${k.estado} /><${Cuando} de=${k.fecha_creacion} /></li>
                  `
                )
              }</ul>`}</section>
        </div>
        <${PorQueNo} id=${id} estado=${c.estado} />
        <${Condiciones} id=${id} />
        <${Historia} id=${id} />
        ${!editando ? null : html`
          <${Dialogo} titulo=${dos("Editar cliente", "Edit client")} cerrar=${() => editar(false)}>
            <${Formulario} nombre=${`cliente-${id}`} campos=${campos()} a=${`/cliente/${id}`} metodo="PATCH" cabeceras=${{
              "if-match": `"v${c.version}"`,
            }}
              enviar=${dos("Guardar", "Save")}
              inicial=${Object.fromEntries(
                campos().map(({ nombre }) => [nombre, String(Reflect.get(c, nombre) ?? "")]),
              )}
              cuerpo=${(x: Valores) => ({ cuerpo: cuerpoDe(x, campos()) })}
              hecho=${() => {
                editar(false);
                d.otra();
              }} cancelar=${() => editar(false)} />
            <//>
        `}
      </article>
  `;
}

/** What a party was paid; `cuantos` draws how often. */
export const Cobrado = (
  { de, titulo, cuantos }: {
    readonly de: Detalle["estadisticas"];
    readonly titulo: string;
    readonly cuantos: (n: number) => unknown;
  },
): VNode =>
  de === null ? html`<p class="rancio">⚠ pagos_service</p>` : html`
    <dl>
      <${Dato} de=${titulo}>${cuantos(de.total_pagos)}<//>
      ${de.monto_total.map((m) =>
        html`
          <${Dato} key=${m.moneda} de=${m.moneda}>
            <${Monto} de=${m} />
            <//>
        `
      )}
      <${Dato} de=${dos("Último", "Last")}><${Cuando} de=${de.ultimo_pago} /><//>
    </dl>
  `;

export const Pagos = ({ de }: { readonly de: readonly PayoutJson[] | null }): VNode =>
  de === null
    ? html`<p class="rancio">⚠ pagos_service</p>`
    : de.length === 0
    ? html`<p class="tenue">${dos("Ninguno.", "None.")}</p>`
    : html`<ul class="recientes">${
      de.map((p) =>
        html`
          <li
            key=${p.id}><a href=${enlace(["pagos", p.id])}><${Monto} de=${p
              .monto_total} /></a><${Estado} de=${p.estado} /><${Cuando} de=${p.fecha_creacion} /></li>
        `
      )
    }</ul>`;

function Historia({ id }: { readonly id: string }): VNode | null {
  const h = useDatos<{ data: readonly Hecho[] }>(`/cliente/${id}/historial`, ["cliente"], { soloId: id });
  if (h.valor === null) return null;
  return html`
    <section class="tarjeta">
      <h2>${dos("Qué pasó", "What happened")}</h2>
      <ol class="linea">${h.valor.data.map((x) =>
        html`<li key=${x.version}><${Cuando} de=${x.fecha} /> <strong>${palabra(x.accion)}</strong>${
          x.motivo === null ? null : html`
            «${x.motivo}»
          `
        }
      <span class="tenue">${x.actor}</span> ${
          esAlgun("auditor", "admin")
            ? html`<a href=${enlace(["auditoria"], { solicitud: x.solicitud })}>${
              dos("solicitud", "request")
            }</a>`
            : null
        }</li>`
      )}</ol>
    </section>
  `;
}
