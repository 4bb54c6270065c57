import { useEffect, useRef, useState } from "preact/hooks";
import { pedir } from "../api.ts";
import { dinero, type DineroJson, montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { enlace, ir } from "../ruta.ts";
import { dos } from "../textos.ts";
import { Estado } from "./piezas.ts";

interface Hallazgos {
  readonly results: {
    readonly clientes: readonly { id: string; nombre: string; email: string; estado: string }[] | null;
    readonly pagos:
      | readonly { id: string; partner_id: string | null; estado: string; monto_total: DineroJson }[]
      | null;
    readonly campanias: readonly { id: string; nombre: string | null; estado: string }[] | null;
  };
  readonly advertencias: readonly string[];
}
interface Opcion {
  readonly a: string;
  readonly titulo: string;
  readonly detalle: string;
  readonly estado: string | null;
  readonly clase: string;
}
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the text may be besides words: a request's id, an amount. A dotted cédula is searched without its dots. */
export function entender(texto: string): { readonly busca: string; readonly directas: readonly Opcion[] } {
  const t = texto.trim();
  const directas: Opcion[] = [];
  if (UUID.test(t)) {
    const titulo = dos("Qué hizo esta solicitud", "What this request did");
    directas.push({
      a: enlace(["auditoria"], { solicitud: t }),
      titulo,
      detalle: t,
      estado: null,
      clase: "→",
    });
  }
  const valor = /[.,]/.test(t) && /^[\d.,]+$/.test(t) ? montoEscrito(t, "COP") : null;
  const esCedula = /^\d{1,3}(\.\d{3})+$/.test(t);
  if (valor !== null && !esCedula) {
    const titulo = dos(`Pagos de ${t}`, `Payouts of ${t}`);
    directas.push({
      a: enlace(["pagos"], { monto_min: valor, monto_max: valor }),
      titulo,
      detalle: valor,
      estado: null,
      clase: "→",
    });
  }
  return { busca: esCedula ? t.replaceAll(".", "") : t, directas };
}

/** Searches everything from anywhere: `/` brings the focus here. */
export function Buscador(): VNode {
  const [texto, escribir] = useState("");
  const [opciones, poner] = useState<readonly Opcion[] | null>(null);
  const [aviso, avisar] = useState("");
  const [elegida, elegir] = useState(-1);
  const caja = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const { busca, directas } = entender(texto);
    if (busca.length < 2) {
      poner(null);
      return;
    }
    const corte = new AbortController();
    const t = setTimeout(async () => {
      try {
        const r = await pedir<Hallazgos>(
          `/api/v1/search?${new URLSearchParams({ q: busca.slice(0, 100) })}`,
          { corte: corte.signal },
        );
        if (!r.ok) {
          avisar(r.falla.title);
          return poner(directas);
        }
        const { clientes, pagos, campanias } = r.valor.results;
        avisar(r.valor.advertencias.join(" "));
        poner([
          ...directas,
          ...(clientes ?? []).map((c) => ({
            a: enlace(["clientes", c.id]),
            titulo: c.nombre,
            detalle: c.email,
            estado: c.estado,
            clase: dos("Cliente", "Client"),
          })),
          ...(campanias ?? []).map((k) => ({
            a: enlace(["campanias", k.id]),
            titulo: k.nombre ?? k.id,
            detalle: k.id,
            estado: k.estado,
            clase: dos("Campaña", "Campaign"),
          })),
          ...(pagos ?? []).map((p) => ({
            a: enlace(["pagos", p.id]),
            titulo: dinero(p.monto_total),
            detalle: `${p.id} · ${p.partner_id ?? "—"}`,
            estado: p.estado,
            clase: dos("Pago", "Payout"),
          })),
        ]);
        elegir(-1);
      } catch { /* the next letter came */ }
    }, 120);
    return () => {
      clearTimeout(t);
      corte.abort();
    };
  }, [texto]);
  useEffect(() => {
    const fuera = (e: Event) => {
      if (!caja.current?.contains(e.target as Node)) poner(null);
    };
    document.addEventListener("pointerdown", fuera);
    document.addEventListener("focusin", fuera);
    return () => {
      document.removeEventListener("pointerdown", fuera);
      document.removeEventListener("focusin", fuera);
    };
  }, []);

  const abrir = (o: Opcion | undefined) => {
    if (o === undefined) return;
    escribir("");
    poner(null);
    ir(o.a);
  };
  const tecla = (e: KeyboardEvent) => {
    const n = opciones?.length ?? 0;
    if (e.key === "Escape") {
      escribir("");
      poner(null);
    } else if (n === 0) return;
    else if (e.key === "ArrowDown") elegir((elegida + 1) % n);
    else if (e.key === "ArrowUp") elegir((elegida - 1 + n) % n);
    else if (e.key === "Enter") abrir(opciones?.[Math.max(0, elegida)]);
    else return;
    e.preventDefault();
  };
  const abierto = opciones !== null;
  return html`
    <div class="buscador" ref=${caja}>
      <input id="buscar" type="search" role="combobox" aria-label=${dos(
        "Buscar en todo",
        "Search everything",
      )} aria-expanded=${abierto}
        aria-controls="hallazgos" aria-autocomplete="list" aria-activedescendant=${elegida >= 0
          ? `hallazgo-${elegida}`
          : undefined}
        placeholder=${dos("Buscar  /", "Search  /")} autocomplete="off" maxlength="100" value=${texto}
        onInput=${(e: Event) => escribir((e.target as HTMLInputElement).value)} onKeyDown=${tecla} />
      <div id="hallazgos" class=${abierto ? "hallazgos" : "oculto"}>
          <ul role="listbox" aria-label=${dos("Hallazgos", "Results")}>${(opciones ?? []).map((o, i) =>
            html`<li key=${o.a} id="hallazgo-${i}" role="option" aria-selected=${
              i === elegida
            } onClick=${() => abrir(o)}>
        <span class="clase">${o.clase}</span><span class="titulo">${o.titulo}</span><span class="tenue detalle">${o.detalle}</span>
        ${o.estado === null ? null : html`<${Estado} de=${o.estado} />`}</li>`
          )}</ul>
          ${abierto && opciones?.length === 0
            ? html`<p class="tenue">${
              dos(
                "Nada coincide. Pruebe con menos letras, un correo o una cédula.",
                "Nothing fits. Try fewer letters, an e-mail or an id number.",
              )
            }</p>`
            : null}
          ${aviso === "" || !abierto ? null : html`<p class="rancio">⚠ ${aviso}</p>`}
        </div>
      <span class="oculto" role="status">${abierto
        ? dos(`${opciones?.length} hallazgos`, `${opciones?.length} results`)
        : ""}</span>
    </div>
  `;
}
