import { effect, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import {
  caducada,
  entrar,
  esAlgun,
  pedir,
  type Problema,
  reconocido,
  salir,
  sesion,
  sigue,
  socio,
} from "../api.ts";
import { edad, ZONA } from "../formato.ts";
import { type ComponentChildren, html, type VNode } from "../html.ts";
import { enlace, ir, ruta } from "../ruta.ts";
import { dos, elegirIdioma, idioma } from "../textos.ts";
import { type Modulo, reloj, vivo } from "../vivo.ts";
import { Buscador } from "./buscador.ts";
import { Dialogo, Falla } from "./piezas.ts";

const TEMA = "alpes.tema";
const tema = signal(localStorage.getItem(TEMA));
effect(() => {
  if (tema.value === null) delete document.documentElement.dataset.tema;
  else document.documentElement.dataset.tema = tema.value;
});
const oscuro = () =>
  tema.value === null ? matchMedia("(prefers-color-scheme: dark)").matches : tema.value === "oscuro";
const ATAJOS = "alpes.atajos";
const atajos = signal(localStorage.getItem(ATAJOS) !== "no");
const ayuda = signal(false);

interface Seccion {
  readonly parte: string;
  readonly titulo: string;
  readonly tecla: string;
  readonly para: readonly string[];
  /** Hidden where this is not answered well: the service behind may be older than the console. */
  readonly sonda?: string;
}
/** The probes that were answered well; `null`: not known yet, and then everything is shown, so that nothing moves. */
const hay = signal<ReadonlySet<string> | null>(null);
async function sondear(): Promise<void> {
  const sondas = secciones().flatMap((s) => s.sonda !== undefined && esAlgun(...s.para) ? [s.sonda] : []);
  const r = await Promise.all(sondas.map(async (s) => [s, (await pedir(s)).ok] as const));
  hay.value = new Set(r.flatMap(([s, ok]) => ok ? [s] : []));
}
const visibles = () =>
  secciones().filter((s) =>
    esAlgun(...s.para) && (s.sonda === undefined || hay.value === null || hay.value.has(s.sonda))
  );
const CUALQUIERA = ["partner", "operador", "aprobador", "auditor", "admin"];
const INTERNOS = ["operador", "aprobador", "auditor", "admin"];
/** The pages, in the order of a working day. */
export const secciones = (): readonly Seccion[] => [
  {
    parte: "",
    titulo: socio() === null ? dos("Panel", "Dashboard") : dos("Mi cuenta", "My account"),
    tecla: "p",
    para: CUALQUIERA,
  },
  { parte: "clientes", titulo: dos("Clientes", "Clients"), tecla: "c", para: INTERNOS },
  { parte: "campanias", titulo: dos("Campañas", "Campaigns"), tecla: "k", para: CUALQUIERA },
  { parte: "pagos", titulo: dos("Pagos", "Payouts"), tecla: "g", para: CUALQUIERA },
  { parte: "transacciones", titulo: dos("Transacciones", "Commissions"), tecla: "t", para: CUALQUIERA },
  {
    parte: "liquidaciones",
    titulo: dos("Liquidaciones", "Payout runs"),
    tecla: "l",
    para: INTERNOS,
    sonda: "/pagos/liquidaciones?limit=1",
  },
  {
    parte: "libro",
    titulo: dos("Libro", "Ledger"),
    tecla: "b",
    para: CUALQUIERA,
    sonda: "/pagos/libro/cuentas?limit=1",
  },
  {
    parte: "estado-de-cuenta",
    titulo: dos("Estado de cuenta", "Statement"),
    tecla: "e",
    para: CUALQUIERA,
    sonda: "/pagos/libro/cuentas?limit=1",
  },
  {
    parte: "conciliacion",
    titulo: dos("Conciliación", "Reconciliation"),
    tecla: "n",
    para: INTERNOS,
    sonda: "/pagos/conciliaciones?limit=1",
  },
  {
    parte: "importaciones",
    titulo: dos("Importaciones", "Imports"),
    tecla: "i",
    para: ["operador", "admin"],
  },
  { parte: "operacion", titulo: dos("Operación", "Operations"), tecla: "o", para: INTERNOS },
  { parte: "auditoria", titulo: dos("Auditoría", "Audit"), tecla: "a", para: ["auditor", "admin"] },
];

/** Letters do nothing while somebody types, and nothing at all where they were switched off. */
function escucharTeclas(): () => void {
  let tras = false;
  const oir = (e: KeyboardEvent) => {
    const t = e.target as HTMLElement;
    if (
      !atajos.peek() || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") !== null
    ) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)) return;
    if (tras) {
      tras = false;
      const s = visibles().find((s) => s.tecla === e.key);
      if (s !== undefined) ir(enlace(s.parte === "" ? [] : [s.parte]));
      return;
    }
    if (e.key === "/") document.getElementById("buscar")?.focus();
    else if (e.key === "?") ayuda.value = true;
    else if (e.key === "g") tras = true;
    else return;
    e.preventDefault();
  };
  addEventListener("keydown", oir);
  return () => removeEventListener("keydown", oir);
}

const NOMBRES: readonly Modulo[] = ["cliente", "pagos", "campanias"];
/** Whether what is shown is what is: of each service, by name, where it is not. */
function Pulso(): VNode {
  const { oido, seguidos } = vivo.value;
  const faltan = NOMBRES.filter((m) => !seguidos[m]);
  const viejo = oido === null || reloj.value - oido > 25_000;
  const mal = viejo || faltan.length > 0;
  const texto = viejo
    ? oido === null
      ? dos("sin conexión viva", "not live")
      : dos(`sin noticias hace ${edad(reloj.value - oido)}`, `no news for ${edad(reloj.value - oido)}`)
    : faltan.length > 0
    ? `⚠ ${faltan.map((m) => `${m}_service`).join(", ")}`
    : dos("vivo", "live");
  if (!esAlgun(...INTERNOS)) return html`<span class="pulso tenue">${dos("cada 10 s", "every 10 s")}</span>`;
  return html`<span class="pulso ${
    mal ? "mal" : "bien"
  }" role="status" data-prueba="pulso"><i aria-hidden="true"></i>${texto}</span>`;
}

/** Where somebody is, without what he searches for, which is nobody else's business. */
const lugar = () => enlace(ruta.value.partes);

/** The way in, as a page or, where a session ended under somebody's hands, above what he was doing. */
export function Entrar({ encima }: { readonly encima?: boolean }): VNode {
  const [clave, escribir] = useState("");
  const [falla, poner] = useState<Problema | null>(null);
  const mandar = async (e: Event) => {
    e.preventDefault();
    const f = await entrar(clave.trim());
    poner(f);
    if (f === null) escribir("");
  };
  const entrada = sesion.value?.entrada ?? null;
  useEffect(() => {
    if (entrada === null || !encima) return;
    addEventListener("focus", sigue);
    return () => removeEventListener("focus", sigue);
  }, [entrada, encima]);
  return html`<form class="entrar ${encima ? "encima" : ""}" onSubmit=${mandar}>
    <h1>${encima ? dos("La sesión terminó", "The session ended") : dos("Entrar", "Sign in")}</h1>
    <p>${
    encima
      ? dos(
        "Entre otra vez: lo que estaba escribiendo sigue abajo.",
        "Sign in again: what you were typing is still below.",
      )
      : dos(
        "Con la clave que le dio un administrador, o con el enlace que imprime deno task dev --claves.",
        "With the key that an administrator gave you, or with the link that deno task dev --claves prints.",
      )
  }</p>
    ${
    entrada === null
      ? null
      : html`<p><button type="button" class="primario" onClick=${() =>
        open(`${entrada}?volver=${encodeURIComponent(lugar())}`, encima ? "_blank" : "_self")}>${
        dos("Entrar con su cuenta", "Sign in with your account")
      }</button></p>`
  }
    <div class="campo"><label for="clave">${dos("Clave", "Key")}</label>
      <input id="clave" type="password" autocomplete="current-password" required value=${clave} placeholder="alp_…"
        aria-invalid=${falla !== null} onInput=${(e: Event) =>
    escribir((e.target as HTMLInputElement).value)} /></div>
    ${falla === null ? null : html`<${Falla} de=${falla} />`}
    <button type="submit" class="primario">${dos("Entrar", "Sign in")}</button>
  </form>`;
}

function Ayuda(): VNode {
  const filas = [
    ["/", dos("Buscar en todo", "Search everything")],
    ["?", dos("Esta ayuda", "This help")],
    ...visibles().map((s) => [`g ${s.tecla}`, s.titulo]),
  ];
  return html`
    <${Dialogo} titulo=${dos("Atajos", "Shortcuts")} cerrar=${() => ayuda.value = false}>
      <table class="atajos">
        <tbody>${filas.map(([k, t]) =>
          html`
            <tr key=${k}>
              <th scope="row"><kbd>${k}</kbd></th>
              <td>${t}</td>
            </tr>
          `
        )}</tbody>
      </table>
      <label class="opcion"><input type="checkbox" checked=${atajos.value} onChange=${(e: Event) => {
        atajos.value = (e.target as HTMLInputElement).checked;
        localStorage.setItem(ATAJOS, atajos.value ? "si" : "no");
      }} /> ${dos("Atajos de una letra activos", "Single-letter shortcuts are on")}</label>
      <p class="tenue">${dos(
        `Las horas se muestran en ${ZONA}; los días, tal como se escribieron.`,
        `Times are shown in ${ZONA}; days as they were written.`,
      )}</p>
      <//>
  `;
}

export function Marco(
  { aviso, children }: { readonly aviso: string | null; readonly children?: ComponentChildren },
): VNode {
  useEffect(escucharTeclas, []);
  const s = sesion.value;
  const dentro = reconocido(s);
  useEffect(() => {
    if (dentro) void sondear();
  }, [dentro]);
  const parte = ruta.value.partes[0] ?? "";
  const i = s?.identidad;
  return html`<div class="marco">
    <a class="salto" href="#contenido" onClick=${(e: Event) => {
    e.preventDefault();
    document.getElementById("contenido")?.focus();
  }}>${dos("Ir al contenido", "Skip to content")}</a>
    ${
    aviso === null
      ? null
      : html`<aside class="puerta" aria-label=${dos("Aviso", "Notice")}>⚠ ${
        s?.modo === "ninguna" || s === null ? AVISO() : aviso
      }</aside>`
  }
    <header class="cabeza">
      <a class="marca" href="#/">Alpes Partners</a>
      ${dentro ? html`<${Buscador} />` : html`<span></span>`}
      <div class="mandos">
        ${dentro ? html`<${Pulso} />` : null}
        <button type="button" class="icono" lang=${idioma.value === "es" ? "en" : "es"} onClick=${() =>
    elegirIdioma(idioma.value === "es" ? "en" : "es")}>${
    idioma.value === "es" ? "EN" : "ES"
  }<span class="oculto"> ${idioma.value === "es" ? "English" : "Español"}</span></button>
        <button type="button" class="icono" aria-label=${
    oscuro() ? dos("Tema claro", "Light theme") : dos("Tema oscuro", "Dark theme")
  } onClick=${() => {
    const nuevo = oscuro() ? "claro" : "oscuro";
    localStorage.setItem(TEMA, nuevo);
    tema.value = nuevo;
  }}>${oscuro() ? "☀" : "☾"}</button>
        ${
    dentro
      ? html`<button type="button" class="icono" aria-label=${
        dos("Atajos y ayuda", "Shortcuts and help")
      } onClick=${() => ayuda.value = true}>?</button>`
      : null
  }
        ${dentro ? html`<span class="quien" title=${(i?.roles ?? []).join(", ")}>${i?.id}</span>` : null}
        ${
    dentro && s?.modo !== "ninguna"
      ? html`<button type="button" onClick=${salir}>${dos("Salir", "Sign out")}</button>`
      : null
  }
      </div>
    </header>
    ${
    !dentro ? null : html`
      <nav class="lados" aria-label=${dos("Secciones", "Sections")}>
        <ul>${visibles().map((x) =>
          html`<li key=${x.parte}><a href=${enlace(x.parte === "" ? [] : [x.parte])} aria-current=${
            parte === x.parte ? "page" : undefined
          }>${x.titulo}</a></li>`
        )}</ul>
      </nav>
    `
  }
    <main id="contenido" tabindex="-1">
      ${caducada.value && dentro ? html`<${Entrar} encima=${true} />` : null}
      ${s === null ? null : dentro ? children : html`<${Entrar} />`}
    </main>
    ${ayuda.value ? html`<${Ayuda} />` : null}
  </div>`;
}
const AVISO = () =>
  dos(
    "AUTH_MODE=ninguna: quien llegue a este puerto puede hacerlo todo, también mover dinero.",
    "AUTH_MODE=ninguna: whoever reaches this port may do anything, also move money.",
  );
