import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { edad, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { Decidir } from "../partes/decidir.ts";
import { Advertencias, Cuando, Estado, Falla, Id, Vacio } from "../partes/piezas.ts";
import { Pasos } from "../partes/saga.ts";
import { enlace, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { SagaJson } from "../tipos.ts";
import { type Modulo, reloj } from "../vivo.ts";

interface Vista<T> {
  readonly data: readonly T[];
  readonly advertencias: readonly string[];
}
interface Mensaje {
  readonly id: string;
  readonly modulo: string;
  readonly consumidor: string;
  readonly type: string;
  readonly clave: string;
  readonly estado: string;
  readonly intentos: number;
  readonly error: string;
  readonly detras: number;
  readonly recibido: string;
  readonly mensaje: unknown;
}
interface Saga extends SagaJson {
  readonly id: string;
  readonly idCampania: string;
  readonly actualizada: string;
}
interface Proyeccion {
  readonly id: string;
  readonly modulo: string;
  readonly nombre: string;
  readonly estado: string;
  readonly total: number;
  readonly hechas: number;
}
interface Retraso {
  readonly outbox: { readonly pendientes: number; readonly edad_s: number };
  readonly inbox: {
    readonly pendientes: number;
    readonly edad_s: number;
    readonly aparcados: number;
    readonly detras: number;
  };
}
/** As high as what comes in its place where there is nothing, so that nothing below moves. */
const PENDIENTE = html`<${Vacio} titulo="…">\u00a0<//>`;
/** No feed tells of queues and parked messages. */
const CADA = { cadaMs: 3_000 };
const TODOS: readonly Modulo[] = ["cliente", "pagos", "campanias"];

/** States in which a saga is not at its end, what needs somebody first. */
const ABIERTAS = ["REQUIERE_INTERVENCION", "COMPENSANDO", "ESPERANDO_PAGO", "SIN_INICIAR"];
const MUCHAS = 50;
const deSagas = (estado: string) => `/api/v1/operacion/sagas?estado=${estado}&sort_order=asc&limit=${MUCHAS}`;

/** How many are in a state, and how long the oldest has been. */
function CuantasSagas({ estado, aqui }: { readonly estado: string; readonly aqui: boolean }): VNode {
  const d = useDatos<Vista<Saga>>(deSagas(estado), ["campanias"], { cadaMs: 10_000 }).valor?.data;
  const [vieja] = d ?? [];
  return html`<li><a href=${enlace(["operacion"], { estado })} aria-current=${
    aqui ? "true" : undefined
  }><strong>${d === undefined ? "…" : d.length < MUCHAS ? numero(d.length) : `${MUCHAS}+`}</strong> ${
    palabra(estado)
  }${vieja === undefined ? "" : ` · ${edad(reloj.value - new Date(vieja.actualizada).getTime())}`}</a></li>`;
}

export function Operacion(): VNode {
  const mensajes = useDatos<Vista<Mensaje>>("/api/v1/operacion/mensajes?limit=100", TODOS, CADA);
  const pedido = ruta.value.consulta.get("estado") ?? "";
  const cual = ABIERTAS.includes(pedido) ? pedido : "REQUIERE_INTERVENCION";
  const sagas = useDatos<Vista<Saga>>(deSagas(cual), ["campanias"], CADA);
  const proyecciones = useDatos<Vista<Proyeccion>>("/api/v1/operacion/proyecciones", TODOS, CADA);
  const puede = esAlgun("operador", "admin");
  const abiertas = sagas.valor?.data ?? [];
  return html`
    <div>
      <div class="titulo">
        <h1>${dos("Operación", "Operations")}</h1>
      </div>
      <section class="cifras" aria-label=${dos("Colas", "Queues")}>${TODOS.map((m) =>
        html`<${Colas} key=${m} modulo=${m} />`
      )}</section>
      <section class="tarjeta"><h2>${dos("Mensajes aparcados", "Parked messages")}</h2>
          <${Advertencias} de=${mensajes.valor?.advertencias ?? []} leido=${mensajes.leido} />
          ${mensajes.falla === null ? null : html`<${Falla} de=${mensajes.falla} otra=${mensajes.otra} />`}
          ${mensajes.valor === null && mensajes.falla === null ? PENDIENTE : null}
          ${mensajes.valor?.data.length === 0
            ? html`<${Vacio} titulo=${dos("Ninguno", "None")}>${
              dos(
                "Cada mensaje se atendió, o se está atendiendo.",
                "Every message was handled, or is being handled.",
              )
            }<//>`
            : null}
          <ul class="mensajes">${(mensajes.valor?.data ?? []).map((m) =>
            html`<li key=${m.id} data-mensaje=${m.id}>
        <div><strong>${m.type}</strong> <${Estado} de=${m.estado} /> <span class="tenue">${m.consumidor} · ${m.intentos} ${
              dos("intentos", "attempts")
            } · <${Cuando} de=${m.recibido} /></span></div>
        <p class="error">${m.error}</p>
        <p class="tenue">${dos("Clave", "Key")} <${Id} de=${m.clave} /> · ${
              m.detras === 0
                ? dos("nadie espera detrás", "nothing waits behind")
                : dos(`${numero(m.detras)} esperan detrás`, `${numero(m.detras)} wait behind`)
            }</p>
        <details><summary>${dos("El mensaje", "The message")}</summary><pre tabindex="0">${
              JSON.stringify(m.mensaje, null, 2)
            }</pre></details>
        ${
              !puede
                ? null
                : html`<p class="acciones">${
                  ordenes(m).map((d) => html`<${Decidir} key=${d.a} d=${d} alHacer=${mensajes.otra} />`)
                }</p>`
            }
      </li>`
          )}</ul></section>
      <section class="tarjeta"><h2>${dos("Sagas sin terminar", "Sagas under way")}</h2>
          <ul class="chips">${ABIERTAS.map((e) =>
            html`<${CuantasSagas} key=${e} estado=${e} aqui=${e === cual} />`
          )}</ul>
          ${sagas.falla === null ? null : html`<${Falla} de=${sagas.falla} otra=${sagas.otra} />`}
          ${sagas.valor === null && sagas.falla === null ? PENDIENTE : null}
          ${sagas.valor !== null && abiertas.length === 0
            ? html`<${Vacio} titulo=${dos("Ninguna", "None")}>${
              dos("Nada que hacer: cada saga sigue sola.", "Nothing to do: every saga goes on by itself.")
            }<//>`
            : null}
          <ul class="mensajes">${abiertas.map((s) =>
            html`
              <li
                key=${s.id}><details><summary><a href=${enlace(["campanias", s.idCampania])}>${s
                  .idCampania}</a> <${Estado} de=${s.estado} /> <span class="tenue">${edad(
                    reloj.value - new Date(s.actualizada).getTime(),
                  )}</span></summary><${Pasos} de=${s} /></details>
                    ${!puede || s.estado !== "REQUIERE_INTERVENCION"
                      ? null
                      : html`<${Decidir} alHacer=${sagas.otra} d=${{
                        titulo: dos("Reintentar la compensación…", "Retry the compensation…"),
                        efecto: dos(
                          "Se vuelve a pedir lo que no terminó.",
                          "What did not finish is asked for again.",
                        ),
                        a: `/api/v1/operacion/sagas/${encodeURIComponent(s.id)}/reintentar`,
                        motivo: "no",
                        impedida: null,
                      }} />`}</li>
            `
          )}</ul></section>
      <section class="tarjeta">
        <h2>${dos("Proyecciones", "Projections")}</h2>
        <ul class="mensajes">${(proyecciones.valor?.data ?? []).map((p) =>
          html`
            <li
              key=${p.id}><div><strong>${p.nombre}</strong>${p.nombre === p.modulo ? null : html`
                <span class="tenue">${p.modulo}</span>
              `} <${Estado} de=${p.estado} />
                  ${p.estado !== "RECONSTRUYENDO"
                    ? null
                    : html`<progress max=${p.total} value=${p.hechas} aria-label=${p.nombre}></progress> ${
                      numero(p.hechas)
                    }/${numero(p.total)}`}</div>
                  ${!puede ? null : html`<${Decidir} alHacer=${proyecciones.otra} d=${{
                    titulo: dos("Reconstruir…", "Rebuild…"),
                    efecto: dos(
                      "Se hace de nuevo desde los eventos mientras sirve.",
                      "It is built anew from the events while it serves.",
                    ),
                    a: `/api/v1/operacion/proyecciones/${encodeURIComponent(p.id)}/reconstruir`,
                    motivo: "no",
                    impedida: p.estado === "RECONSTRUYENDO" ? dos("Ya va.", "It is under way.") : null,
                  }} />`}</li>
          `
        )}</ul>
      </section>
    </div>
  `;
}

const ordenes = (m: Mensaje) => {
  const a = (que: string) => `/api/v1/operacion/mensajes/${encodeURIComponent(m.id)}/${que}`;
  return [
    {
      titulo: dos("Reintentar…", "Retry…"),
      efecto: dos(
        "Se atiende otra vez, y después los que esperan detrás.",
        "It is handled again, and then those that wait behind.",
      ),
      a: a("reintentar"),
      motivo: "opcional" as const,
      impedida: null,
    },
    {
      titulo: dos("Liberar…", "Release…"),
      efecto: dos(
        `Queda aparte; los ${m.detras} de detrás siguen sin él.`,
        `It is set aside; the ${m.detras} behind go on without it.`,
      ),
      a: a("liberar"),
      motivo: "opcional" as const,
      impedida: m.estado === "APARTADO" ? dos("Ya está aparte.", "It is set aside already.") : null,
    },
    {
      titulo: dos("Descartar…", "Discard…"),
      efecto: dos("No se atenderá nunca.", "It will never be handled."),
      a: a("descartar"),
      motivo: "obligatorio" as const,
      impedida: null,
      grave: true,
    },
  ];
};

function Colas({ modulo }: { readonly modulo: Modulo }): VNode {
  const r = useDatos<Retraso>(`/${modulo}/operacion/estado`, [modulo], CADA);
  const v = r.valor;
  return html`<div class="cifra-caja"><span class="tenue">${modulo}</span>
    ${
    r.falla !== null && v === null
      ? html`<strong class="falta">— <small>⚠ ${modulo}_service</small></strong>`
      : html`
        <span>outbox <strong class="medio">${v === null
          ? "…"
          : numero(v.outbox.pendientes)}</strong> <span class="tenue">${v === null
          ? ""
          : edad(v.outbox.edad_s * 1_000)}</span></span>
        <span>inbox <strong class="medio">${v === null
          ? "…"
          : numero(v.inbox.pendientes)}</strong> <span class="tenue">${v === null
          ? ""
          : edad(v.inbox.edad_s * 1_000)}</span></span>
      `
  }</div>`;
}
