import { useState } from "preact/hooks";
import { esAlgun, pedir, type Problema } from "../api.ts";
import { useLista } from "../datos.ts";
import { type DineroJson } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { Falla, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deMonto, deNumero, Tabla } from "../partes/tabla.ts";
import { enlace, ir } from "../ruta.ts";
import { dos } from "../textos.ts";

interface Conciliacion {
  readonly id: string;
  readonly estado: string;
  readonly filas: number;
  readonly coinciden: number;
  readonly solo_proveedor: number;
  readonly solo_nuestro: number;
  readonly distintos: number;
  readonly actor: string;
  readonly fecha_creacion: string;
}
interface FilaConciliada {
  readonly id: string;
  readonly n: number;
  readonly clave: string;
  readonly payout_id: string | null;
  readonly monto: DineroJson | null;
  readonly resultado: string;
  readonly diferencia: string | null;
}
const columnas = (): readonly Columna<Conciliacion>[] => [
  {
    titulo: dos("Archivo", "File"),
    celda: (c) => html`<a class="fila" href=${enlace(["conciliacion", c.id])}>${c.id}</a>`,
    texto: (c) => c.id,
  },
  deNumero(dos("Coinciden", "Matched"), (c) => c.coinciden),
  deNumero(dos("Distintos", "Different"), (c) => c.distintos),
  deNumero(dos("Solo del proveedor", "Theirs only"), (c) => c.solo_proveedor, { menor: true }),
  deNumero(dos("Solo nuestro", "Ours only"), (c) => c.solo_nuestro, { menor: true }),
  deCuando(dos("Cuándo", "When"), (c) => c.fecha_creacion, { cifra: true, menor: true }),
];

export function Conciliaciones(): VNode {
  const lista = useLista<Conciliacion>("/pagos/conciliaciones", new URLSearchParams(), { modulo: "pagos" });
  const [falla, fallar] = useState<Problema | null>(null);
  const subir = async (e: Event) => {
    const archivo = (e.target as HTMLInputElement).files?.[0];
    if (archivo === undefined) return;
    const r = await pedir<Conciliacion>("/pagos/conciliaciones", {
      metodo: "POST",
      cuerpo: await archivo.text(),
      cabeceras: { "content-type": "text/csv" },
    });
    fallar(r.ok ? null : r.falla);
    if (r.ok) ir(enlace(["conciliacion", r.valor.id]));
  };
  return html`<div><div class="titulo"><h1>${dos("Conciliación", "Reconciliation")}</h1></div>
    ${
    esAlgun("operador", "admin")
      ? html`
        <div
          class="campo"><label for="archivo">${dos(
            "Archivo de liquidación del proveedor (CSV)",
            "The provider's settlement file (CSV)",
          )}</label><input id="archivo" type="file" accept=".csv,text/csv" onChange=${subir} /></div>
      `
      : null
  }
    ${falla === null ? null : html`<${Falla} de=${falla} />`}
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("archivos", "files")
  } base="/pagos/conciliaciones" consulta=${new URLSearchParams()}
      vacio=${html`<${Vacio} titulo=${dos("Ninguno todavía", "None yet")}>${
    dos(
      "Suba el archivo del proveedor: cada línea se compara con nuestros intentos.",
      "Upload the provider's file: each line is compared with our attempts.",
    )
  }<//>`} /></div>`;
}

const deFilas = (): readonly Columna<FilaConciliada>[] => [
  { titulo: dos("Clave", "Key"), celda: (f) => html`<code>${f.clave}</code>`, texto: (f) => f.clave },
  deEstado(dos("Resultado", "Outcome"), (f) => f.resultado),
  deMonto(dos("Monto", "Amount"), (f) => f.monto),
  {
    titulo: dos("Pago", "Payout"),
    menor: true,
    celda: (f) =>
      f.payout_id === null ? "—" : html`<a href=${enlace(["pagos", f.payout_id])}>${f.payout_id}</a>`,
    texto: (f) => f.payout_id,
  },
  {
    titulo: dos("Diferencia", "Difference"),
    menor: true,
    celda: (f) => f.diferencia ?? "—",
    texto: (f) => f.diferencia,
  },
];
export function ConciliacionPagina({ id }: { readonly id: string }): VNode {
  const filtros: readonly Filtro[] = [{
    nombre: "resultado",
    titulo: dos("Resultado", "Outcome"),
    opciones: opciones(["DISTINTO", "SOLO_PROVEEDOR", "SOLO_NUESTRO", "COINCIDE"]),
  }];
  const consulta = consultaDe(filtros);
  const base = `/pagos/conciliaciones/${id}/filas`;
  const lista = useLista<FilaConciliada>(base, consulta, { modulo: "pagos", id: (f) => String(f.n) });
  return html`
    <div>
      <p class="migas"><a href="#/conciliacion">${dos("Conciliación", "Reconciliation")}</a></p>
      <div class="titulo">
        <h1>${id}</h1>
      </div>
      <${Filtros} de=${filtros} />
      <${Tabla} lista=${lista} columnas=${deFilas()} nombre=${dos(
        "líneas",
        "lines",
      )} base=${base} consulta=${consulta}
        vacio=${html`<${Vacio} titulo=${dos("Nada coincide", "Nothing fits")}>${
          dos("Quite el filtro.", "Clear the filter.")
        }<//>`} />
    </div>
  `;
}
