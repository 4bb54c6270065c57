import { useEffect, useRef, useState } from "preact/hooks";
import { caducada, incierta, pedir, type Problema } from "../api.ts";
import { html, type VNode } from "../html.ts";
import { dos } from "../textos.ts";
import { Falla } from "./piezas.ts";

export type Valores = Readonly<Record<string, string>>;
export interface Campo {
  readonly nombre: string;
  readonly titulo: string;
  readonly tipo?: "text" | "email" | "date" | "textarea" | "tel";
  readonly opciones?: readonly (readonly [string, string])[];
  readonly ayuda?: string;
  readonly obligatorio?: boolean;
  /** Shown only where it makes sense with what was chosen so far. */
  readonly si?: (v: Valores) => boolean;
}
interface Props {
  /** Under this name what was typed outlives a reload. */
  readonly nombre: string;
  readonly campos: readonly Campo[];
  readonly inicial: Valores;
  readonly enviar: string;
  readonly a: string;
  readonly metodo?: string;
  readonly cabeceras?: Readonly<Record<string, string>>;
  /** The body, or field errors that need no server. */
  readonly cuerpo: (v: Valores) => { readonly cuerpo: unknown } | { readonly errores: Problema["errores"] };
  readonly hecho: (valor: unknown) => void;
  readonly cancelar?: () => void;
  /** For a refusal that this form knows a way out of: what to show below it. */
  readonly remedio?: (f: Problema) => VNode | null;
}
/** Seconds that an uncertain write is repeated by itself; then the button does it, still with the same key. */
const INTENTOS = 30;

interface Borrador {
  readonly valores: Valores;
  /** The key under which the last body went out, and that body: both again, until an answer is definite. */
  readonly envio: { readonly clave: string; readonly cuerpo: string } | null;
}

/**
 * A form that loses nothing. What was typed survives a reload, an expired session and a restart of the server; the same
 * body goes with the same idempotency key until somebody has said what became of it.
 */
export function Formulario(p: Props): VNode {
  const llave = `alpes.borrador.${p.nombre}`;
  const [borrador, poner] = useState<Borrador>(() => leer(llave) ?? { valores: p.inicial, envio: null });
  const [errores, ponerErrores] = useState<Problema["errores"]>([]);
  const [falla, ponerFalla] = useState<Problema | null>(null);
  const [yendo, ponerYendo] = useState(false);
  const yo = useRef<HTMLFormElement>(null);
  const guardar = (b: Borrador) => {
    sessionStorage.setItem(llave, JSON.stringify(b));
    poner(b);
  };
  const { valores } = borrador;
  const visibles = p.campos.filter((c) => c.si === undefined || c.si(valores));

  useEffect(() => {
    yo.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errores]);

  async function mandar(): Promise<void> {
    const hecho = p.cuerpo(valores);
    ponerFalla(null);
    if ("errores" in hecho) return ponerErrores(hecho.errores);
    ponerErrores([]);
    const cuerpo = JSON.stringify(hecho.cuerpo);
    const envio = borrador.envio?.cuerpo === cuerpo ? borrador.envio : { clave: crypto.randomUUID(), cuerpo };
    guardar({ valores, envio });
    ponerYendo(true);
    const pedirla = () =>
      pedir<unknown>(p.a, {
        metodo: p.metodo ?? "POST",
        cuerpo,
        clave: envio.clave,
        ...(p.cabeceras === undefined ? {} : { cabeceras: p.cabeceras }),
      });
    let r = await pedirla();
    for (let i = 0; i < INTENTOS && !r.ok && incierta(r.falla); i++) {
      ponerFalla({
        ...r.falla,
        detail: dos(
          `${r.falla.detail} Lo escrito queda aquí y se repite solo con la misma clave: no se hará dos veces.`,
          `${r.falla.detail} What you typed stays and is sent again by itself with the same key: it will not be done twice.`,
        ),
      });
      await new Promise((s) => setTimeout(s, 1_000));
      r = await pedirla();
    }
    ponerYendo(false);
    if (r.ok) {
      sessionStorage.removeItem(llave);
      return p.hecho(r.valor);
    }
    if (r.falla.status === 401) {
      return ponerFalla({
        ...r.falla,
        detail: dos("Entre otra vez arriba; lo escrito queda.", "Sign in again above; what you typed stays."),
      });
    }
    // A definite no: another body is another request.
    guardar({ valores, envio: null });
    if (p.remedio?.(r.falla) != null) return ponerFalla(r.falla);
    const conocidos = new Set(visibles.map((c) => c.nombre));
    ponerErrores(r.falla.errores.map((e) => ({ ...e, campo: e.campo.split(".")[0] ?? e.campo })));
    const ajenos = r.falla.errores.filter((e) => !conocidos.has(e.campo.split(".")[0] ?? ""));
    if (r.falla.errores.length === 0 || ajenos.length > 0) {
      const mas = ajenos.map((e) => `${e.campo}: ${e.mensaje}`).join("; ");
      ponerFalla({ ...r.falla, detail: [r.falla.detail, mas].filter((t) => t !== "").join(" ") });
    }
  }
  // Who signed in again need not press the button again.
  const pendiente = useRef(false);
  useEffect(() => {
    const quitar = caducada.subscribe((c) => {
      if (c) pendiente.current = true;
      else if (pendiente.current) {
        pendiente.current = false;
        ponerFalla(null);
      }
    });
    return quitar;
  }, []);

  const campo = (c: Campo): VNode => {
    const id = `${p.nombre}-${c.nombre}`;
    const error = errores.find((e) => e.campo === c.nombre)?.mensaje;
    const junto = [error === undefined ? "" : `${id}-error`, c.ayuda === undefined ? "" : `${id}-ayuda`].join(
      " ",
    ).trim();
    const comun = {
      id,
      name: c.nombre,
      value: valores[c.nombre] ?? "",
      "aria-invalid": error === undefined ? undefined : "true",
      "aria-describedby": junto === "" ? undefined : junto,
      "aria-required": c.obligatorio === true ? "true" : undefined,
      onInput: (e: Event) => {
        const v = (e.target as HTMLInputElement).value;
        guardar({ ...borrador, valores: { ...valores, [c.nombre]: v } });
      },
    };
    return html`<div key=${c.nombre} class="campo ${c.tipo === "textarea" ? "ancho" : ""}">
      <label for=${id}>${c.titulo}${
      c.obligatorio === true ? html`<span aria-hidden="true" class="tenue"> *</span>` : null
    }</label>
      ${
      c.opciones !== undefined
        ? html`<select ...${comun}>${
          c.opciones.map(([v, t]) =>
            html`<option key=${v} value=${v} selected=${v === comun.value}>${t}</option>`
          )
        }</select>`
        : c.tipo === "textarea"
        ? html`<textarea rows="3" ...${comun}></textarea>`
        : html`<input type=${c.tipo ?? "text"} autocomplete="off" ...${comun} />`
    }
      ${error === undefined ? null : html`<p class="error" id="${id}-error">${error}</p>`}
      ${c.ayuda === undefined ? null : html`<p class="ayuda" id="${id}-ayuda">${c.ayuda}</p>`}
    </div>`;
  };
  return html`<form ref=${yo} class="formulario" noValidate onSubmit=${(e: Event) => {
    e.preventDefault();
    if (!yendo) void mandar();
  }}>
    <div class="campos">${visibles.map(campo)}</div>
    ${falla === null ? null : html`<${Falla} de=${falla} />${p.remedio?.(falla)}`}
    <div class="acciones">
      <button type="submit" class="primario" aria-disabled=${yendo}>${
    yendo ? dos("Enviando…", "Sending…") : p.enviar
  }</button>
      ${
    p.cancelar === undefined ? null : html`<button type="button" onClick=${() => {
      sessionStorage.removeItem(llave);
      p.cancelar?.();
    }}>${dos("Cancelar", "Cancel")}</button>`
  }
    </div>
  </form>`;
}

function leer(llave: string): Borrador | null {
  try {
    const b = JSON.parse(sessionStorage.getItem(llave) ?? "null");
    return typeof b?.valores === "object" ? b : null;
  } catch {
    return null;
  }
}
