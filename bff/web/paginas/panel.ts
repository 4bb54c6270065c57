import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { contados, dia, type DineroJson, monto, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import {
  Advertencias,
  Barras,
  Cargando,
  Cuando,
  Estado,
  Falla,
  Hace,
  Monto,
  Vacio,
} from "../partes/piezas.ts";
import { crecimiento, Tendencia } from "../partes/tendencia.ts";
import { enlace, filtrar, ruta } from "../ruta.ts";
import { dos } from "../textos.ts";
import { ESTADOS_CAMPANIA, ESTADOS_CLIENTE, ESTADOS_PAGO } from "../tipos.ts";
import type {
  ClienteJson,
  EstadisticasCampaniasJson,
  EstadisticasClientesJson,
  EstadisticasPagosJson,
  PayoutJson,
} from "../tipos.ts";

interface Dashboard {
  readonly total_clientes: number | null;
  readonly clientes_activos: number | null;
  readonly total_pagos: number | null;
  readonly campanias_activas: number | null;
  readonly monto_total_procesado: readonly DineroJson[] | null;
  readonly pagos_pendientes: number | null;
  readonly total_campanias: number | null;
  readonly campanias_completadas: number | null;
  readonly pagos_recientes: readonly PayoutJson[] | null;
  readonly clientes_recientes: readonly ClienteJson[] | null;
  readonly advertencias: readonly string[];
}

/** A figure that opens to where it comes from; what could not be read is not 0 but missing, and says so. */
const Cifra = (
  { titulo, n, a, pie }: {
    titulo: string;
    n: number | null | undefined;
    a: string;
    pie?: string | undefined;
  },
): VNode =>
  html`<a class="cifra-caja" href=${a}><span class="tenue">${titulo}</span>
    <strong>${
    n === null || n === undefined
      ? html`<span class="falta" title=${
        dos("No se pudo leer", "Could not be read")
      }>— <small>⚠</small></span>`
      : numero(n)
  }</strong>
    <span class="tenue pie">${pie ?? "\u00a0"}</span></a>`;

interface Serie {
  readonly paso: string;
  readonly cantidad: number;
  readonly anterior: number;
  readonly puntos: readonly { readonly desde: string; readonly cantidad: number }[];
}
interface Series {
  readonly pagos: {
    readonly monedas: readonly {
      readonly moneda: string;
      readonly total: string;
      readonly anterior: string;
      readonly puntos: readonly { readonly desde: string; readonly total: string }[];
    }[];
  } | null;
  readonly clientes: Serie | null;
  readonly campanias: Serie | null;
}
const PLAZOS = ["1", "7", "30", "90"];
const dosCifras = (iso: string) => iso.slice(11, 16);

/** What came in since when, as lines; the stretch stands in the address. */
function Tendencias(): VNode {
  const pedido = ruta.value.consulta.get("dias") ?? "";
  const dias = PLAZOS.includes(pedido) ? pedido : "30";
  const d = useDatos<Series>(`/api/v1/series?dias=${dias}`, ["cliente", "pagos", "campanias"]);
  const v = d.valor;
  const hoy = new Date().toISOString().slice(0, 10);
  const primero = new Date(Date.now() - (Number(dias) - 1) * 86_400_000).toISOString().slice(0, 10);
  const cuando = (iso: string) => dias === "1" ? dosCifras(iso) : dia(iso);
  const rango = (desde: string, hasta = desde, f = "") => ({ [`${f}desde`]: desde, [`${f}hasta`]: hasta });
  const cuenta = (titulo: string, seccion: string, s: Serie | null | undefined) =>
    s == null || s.puntos.length === 0
      ? null
      : html`<${Tendencia} titulo=${titulo} total=${numero(s.cantidad)} a=${
        enlace([seccion], rango(primero, hoy))
      } crece=${crecimiento(String(s.cantidad), String(s.anterior))} puntos=${
        s.puntos.map((p) => ({
          cuando: cuando(p.desde),
          a: enlace([seccion], rango(p.desde.slice(0, 10))),
          valor: p.cantidad,
          texto: numero(p.cantidad),
        }))
      } />`;
  return html`
    <section class="tarjeta tendencias" aria-labelledby="tendencias">
      <div class="titulo"><h2 id="tendencias">${dos("Tendencias", "Trends")}</h2>
        <span class="plazos" role="group" aria-label=${dos("Plazo", "Stretch")}>${PLAZOS.map((p) =>
          html`<button key=${p} type="button" aria-pressed=${p === dias} onClick=${() =>
            filtrar({ dias: p })}>${p === "1" ? dos("hoy", "today") : dos(`${p} días`, `${p} days`)}</button>`
        )}</span><span class="tenue">${dos("días y horas de UTC", "days and hours of UTC")}</span></div>
      <div class="columnas">${v === null
        ? html`<p class="rancio">${d.falla?.title ?? "…"}</p>`
        : html`${
          v.pagos === null ? html`<p class="rancio">⚠ pagos_service</p>` : v.pagos.monedas.map((m) =>
            html`
              <${Tendencia} key=${m.moneda} titulo=${dos(
                `Pagado ${m.moneda}`,
                `Paid ${m.moneda}`,
              )} total=${monto(m.total)} crece=${crecimiento(m.total, m.anterior)} a=${enlace(["pagos"], {
                estado: "EXITOSO",
                moneda: m.moneda,
                ...rango(primero, hoy, "fecha_"),
              })}
                puntos=${m.puntos.map((p) => ({
                  cuando: cuando(p.desde),
                  a: enlace(["pagos"], {
                    estado: "EXITOSO",
                    moneda: m.moneda,
                    ...rango(p.desde.slice(0, 10), undefined, "fecha_"),
                  }),
                  // Only a height on the screen: what is written is the exact text.
                  valor: Number(p.total),
                  texto: monto(p.total),
                }))} />
            `
          )
        }${cuenta(dos("Clientes nuevos", "New clients"), "clientes", v.clientes)}${
          cuenta(dos("Campañas nuevas", "New campaigns"), "campanias", v.campanias)
        }${
          v.pagos?.monedas.length === 0 && v.clientes?.cantidad === 0 && v.campanias?.cantidad === 0
            ? html`<p class="tenue">${dos("Nada en estos días.", "Nothing in these days.")}</p>`
            : null
        }`}</div>
    </section>
  `;
}

function TeEspera(): VNode | null {
  const pagos = useDatos<EstadisticasPagosJson>("/pagos/estadisticas", ["pagos"]).valor;
  const campanias = useDatos<EstadisticasCampaniasJson>("/campanias/estadisticas", ["campanias"]).valor;
  const mensajes = useDatos<{ data: readonly unknown[] }>("/api/v1/operacion/mensajes?limit=100", [
    "pagos",
    "campanias",
    "cliente",
  ], { cadaMs: 10_000 }).valor;
  const sagas =
    useDatos<{ data: readonly unknown[] }>("/api/v1/operacion/sagas?estado=REQUIERE_INTERVENCION&limit=100", [
      "campanias",
    ], { cadaMs: 10_000 }).valor;
  const planes = useDatos<{ pagination: { total: number } }>(
    "/pagos/liquidaciones?estado=CALCULADA&page=1&per_page=1",
    ["pagos"],
    { cadaMs: 10_000 },
  ).valor;
  const cosas: (readonly [number, string, string])[] = [
    [
      planes?.pagination.total ?? 0,
      dos("liquidaciones por aprobar", "payout runs to approve"),
      enlace(["liquidaciones"], { estado: "CALCULADA" }),
    ],
    [mensajes?.data.length ?? 0, dos("mensajes aparcados", "parked messages"), enlace(["operacion"])],
    [
      sagas?.data.length ?? 0,
      dos("sagas por atender", "sagas to look after"),
      enlace(["operacion"]),
    ],
    [
      pagos?.por_estado.EN_VERIFICACION ?? 0,
      dos("pagos en verificación", "payouts being verified"),
      enlace(["pagos"], { estado: "EN_VERIFICACION" }),
    ],
    [
      campanias?.por_estado.PENDIENTE ?? 0,
      dos("campañas pendientes", "campaigns pending"),
      enlace(["campanias"], { estado: "PENDIENTE" }),
    ],
  ];
  const hay = cosas.filter(([n]) => n > 0);
  const sabido = pagos !== null && campanias !== null && mensajes !== null;
  return html`<section class="espera" aria-labelledby="te-espera"><h2 id="te-espera">${
    dos("Te espera", "Waiting for you")
  }</h2>
    ${
    !sabido && hay.length === 0
      ? html`<p class="tenue">…</p>`
      : hay.length === 0
      ? html`<p class="tenue">${dos("Nada. Todo sigue solo.", "Nothing. All goes on by itself.")}</p>`
      : html`<ul>${
        hay.map(([n, t, a]) =>
          html`<li key=${t}><a href=${a}><strong>${numero(n)}</strong> ${
            contados(n, t).replace(/^\S+ /, "")
          }</a></li>`
        )
      }</ul>`
  }</section>`;
}

export function Panel(): VNode {
  const d = useDatos<Dashboard>("/api/v1/dashboard", ["cliente", "pagos", "campanias"]);
  const clientes = useDatos<EstadisticasClientesJson>("/cliente/estadisticas", ["cliente"]);
  const pagos = useDatos<EstadisticasPagosJson>("/pagos/estadisticas", ["pagos"]);
  const campanias = useDatos<EstadisticasCampaniasJson>("/campanias/estadisticas", ["campanias"]);
  const v = d.valor;
  // Figures may still be those of a moment ago while what is asked for beside them is missing already: that is named too.
  const dichas = v?.advertencias ?? [];
  const calladas = [clientes, pagos, campanias].flatMap(({ falla }) =>
    falla === null || dichas.some((a) => a.split(" ", 1)[0] === falla.detail.split(" ", 1)[0])
      ? []
      : [falla.detail]
  );
  // The states are known before their figures are: nothing moves when these come.
  const entradas = (e: Readonly<Record<string, number>> | undefined, estados: readonly string[]) =>
    Object.entries(e ?? Object.fromEntries(estados.map((x) => [x, null])));
  return html`<div class="panel">
    <div class="titulo"><h1>${dos("Panel", "Dashboard")}</h1>
      <span class="tenue">${
    d.leido === null ? null : html`${dos("leído", "read")} <${Hace} desde=${d.leido} />`
  }</span></div>
    ${d.falla === null ? null : html`<${Falla} de=${d.falla} otra=${d.otra} />`}
    <${Advertencias} de=${[...dichas, ...calladas]} leido=${d.leido} />
    ${v === null && d.falla === null ? html`<${Cargando} />` : null}
    ${
    v === null ? null : html`
      <${TeEspera} />
      <section aria-label=${dos("Cifras", "Figures")} class="cifras">
        <div class="cifra-caja dinero"><span class="tenue">${dos(
          "Pagado, por moneda",
          "Paid, by currency",
        )}</span>
          ${v.monto_total_procesado === null
            ? html`<strong class="falta">— <small>⚠</small></strong>`
            : v.monto_total_procesado.length === 0
            ? html`<strong class="tenue">—</strong>`
            : html`<ul>${
              v.monto_total_procesado.map((m) =>
                html`
                  <li
                    key=${m.moneda}><a href=${enlace(["pagos"], {
                      estado: "EXITOSO",
                      moneda: m.moneda,
                    })}><span class="moneda">${m.moneda}</span> <strong class="monto">${monto(
                      m.valor,
                    )}</strong></a></li>
                `
              )
            }</ul>`}</div>
        <${Cifra} titulo=${dos("Clientes", "Clients")} n=${v.total_clientes} a=${enlace([
          "clientes",
        ])} pie=${v.clientes_activos === null
          ? undefined
          : contados(v.clientes_activos, dos("activos", "active"))} />
        <${Cifra} titulo=${dos("Campañas aprobadas", "Approved campaigns")} n=${v
          .campanias_activas} a=${enlace(["campanias"], {
            estado: "APROBADA",
          })} pie=${v.total_campanias === null
          ? undefined
          : dos(`de ${numero(v.total_campanias)}`, `of ${numero(v.total_campanias)}`)} />
        <${Cifra} titulo=${dos("Pagos", "Payouts")} n=${v.total_pagos} a=${enlace([
          "pagos",
        ])} pie=${v.pagos_pendientes === null
          ? undefined
          : contados(v.pagos_pendientes, dos("pendientes", "pending"))} />
      </section>
      <${Tendencias} />
      <section class="columnas">
        <${Barras} titulo=${dos("Pagos por estado", "Payouts by state")} partes=${entradas(
          pagos.valor?.por_estado,
          ESTADOS_PAGO,
        )} enlace=${(e: string) => enlace(["pagos"], { estado: e })} />
        <${Barras} titulo=${dos("Campañas por estado", "Campaigns by state")} partes=${entradas(
          campanias.valor?.por_estado,
          ESTADOS_CAMPANIA,
        )} enlace=${(e: string) => enlace(["campanias"], { estado: e })} />
        <${Barras} titulo=${dos("Clientes por estado", "Clients by state")} partes=${entradas(
          clientes.valor?.por_estado,
          ESTADOS_CLIENTE,
        )} enlace=${(e: string) => enlace(["clientes"], { estado: e })} />
      </section>
      <section class="columnas dos">
        <div class="tarjeta"><h2>${dos("Últimos pagos", "Latest payouts")}</h2>
          ${v.pagos_recientes === null
            ? html`<p class="rancio">⚠ pagos_service</p>`
            : v.pagos_recientes.length === 0
            ? html`<${Vacio} titulo=${dos("Aún no hay pagos", "No payouts yet")}>${
              dos(
                "El primero nace de una campaña con anticipo.",
                "The first one comes from a campaign with an advance.",
              )
            }<//>`
            : html`<ul class="recientes">${
              v.pagos_recientes.map((p) =>
                html`
                  <li
                    key=${p.id}><a href=${enlace(["pagos", p.id])}><${Monto} de=${p
                      .monto_total} /><span class="tenue">${p.partner_id ?? p.idCampania ??
                      p.id}</span></a><${Estado} de=${p.estado} /><${Cuando} de=${p.fecha_creacion} /></li>
                `
              )
            }</ul>`}</div>
        <div class="tarjeta"><h2>${dos("Últimos clientes", "Latest clients")}</h2>
          ${v.clientes_recientes === null
            ? html`<p class="rancio">⚠ cliente_service</p>`
            : v.clientes_recientes.length === 0
            ? html`<${Vacio} titulo=${dos("Aún no hay clientes", "No clients yet")}>${
              esAlgun("operador", "admin")
                ? html`<a href="#/clientes?nuevo=1">${
                  dos("Registre el primero", "Register the first one")
                }</a>`
                : ""
            }<//>`
            : html`<ul class="recientes">${
              v.clientes_recientes.map((c) =>
                html`
                  <li
                    key=${c.id}><a href=${enlace(["clientes", c.id])}>${c.nombre}<span class="tenue">${c
                      .email}</span></a><${Estado} de=${c.estado} /><${Cuando} de=${c.fecha_registro} /></li>
                `
              )
            }</ul>`}</div>
      </section>
    `
  }</div>`;
}
