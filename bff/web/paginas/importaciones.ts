import { useRef, useState } from "preact/hooks";
import { mandarArchivo, type Problema } from "../api.ts";
import { edad, numero } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { bajarCsv, csvDe, descargar } from "../partes/exportar.ts";
import { Falla } from "../partes/piezas.ts";
import { type Columna, deNumero, deTexto, TablaSimple } from "../partes/tabla.ts";
import { filtrar, ruta } from "../ruta.ts";
import { dos } from "../textos.ts";

interface Rechazada {
  readonly fila: number;
  readonly codigo: string;
  readonly errores: readonly { readonly campo: string; readonly mensaje: string }[];
}
interface Cuenta {
  readonly hechas: number;
  readonly creado: number;
  readonly ya_estaba: number;
  readonly rechazado: number;
  readonly por_segundo: number;
}
interface Informe {
  readonly simulacro: boolean;
  readonly filas: number;
  readonly cuenta: Cuenta | null;
  /** The last line came: `completa`, or where it was cut short. */
  readonly fin: { readonly completa: boolean } | null;
}
type Linea =
  | Rechazada
  | { readonly progreso: Cuenta }
  | { readonly totales: Cuenta; readonly completa: boolean };

const CLASES = () =>
  [
    [
      "clientes",
      dos("Clientes", "Clients"),
      "/cliente/importaciones",
      "id, tipo_cliente, nombre*, email*, cedula, rut, fecha_nacimiento, telefono, ciudad, pais, referencia_externa",
    ],
    [
      "transacciones",
      dos("Transacciones", "Commissions"),
      "/pagos/transacciones/importaciones",
      "id*, partner_id*, event_type*, idCampania, brand_id, event_timestamp, monto_original, comision, currency",
    ],
  ] as const;
/** Refused rows that are drawn; the file to take away has them all. */
const VISTAS = 100;

/** A file's rows as they stand in it: one of a CSV goes on while its quotes are open. */
export function filasDe(texto: string, csv: boolean): string[] {
  const lineas = texto.split("\n");
  if (!csv) return lineas;
  const filas: string[] = [];
  let abierta = "";
  for (const l of lineas) {
    abierta += l;
    if ((abierta.split('"').length - 1) % 2 === 0) {
      filas.push(abierta);
      abierta = "";
    } else abierta += "\n";
  }
  return abierta === "" ? filas : [...filas, abierta];
}

/** Files of clients or commissions: tried first without effect, then for good, with what became of each row. */
export function Importaciones(): VNode {
  const clases = CLASES();
  const [clase, , a, campos] = clases.find(([c]) => c === ruta.value.consulta.get("de")) ?? clases[0];
  const [archivo, elegir] = useState<File | null>(null);
  const [informe, informar] = useState<Informe | null>(null);
  const [malas, rechazar] = useState<readonly Rechazada[]>([]);
  const [falla, fallar] = useState<Problema | null>(null);
  const corte = useRef<AbortController | null>(null);
  const [yendo, ponerYendo] = useState(false);
  const csv = archivo !== null && !/\.(ndjson|jsonl|json)$/i.test(archivo.name);

  async function mandar(simulacro: boolean): Promise<void> {
    if (archivo === null) return;
    const filas = filasDe(await archivo.text(), csv).filter((f) => f.trim() !== "").length - (csv ? 1 : 0);
    const este = corte.current = new AbortController();
    const nuevas: Rechazada[] = [];
    const hasta = (i: Partial<Informe>) => {
      rechazar([...nuevas]);
      informar((antes) => ({ ...(antes ?? { simulacro, filas, cuenta: null, fin: null }), ...i }));
    };
    informar({ simulacro, filas, cuenta: null, fin: null });
    rechazar([]);
    fallar(null);
    ponerYendo(true);
    const mal = await mandarArchivo(
      `${a}?simulacro=${simulacro}&solo_rechazadas=true`,
      archivo,
      csv ? "text/csv" : "application/x-ndjson",
      (v) => {
        const l = v as Linea;
        if ("progreso" in l) hasta({ cuenta: l.progreso });
        else if ("totales" in l) hasta({ cuenta: l.totales, fin: { completa: l.completa } });
        else nuevas.push(l);
      },
      este.signal,
    );
    ponerYendo(false);
    if (mal === null) return;
    const campos = mal.errores.map((e) => `${e.campo}: ${e.mensaje}`).join("; ");
    fallar({
      ...mal,
      detail: [este.signal.aborted ? "" : mal.detail, campos, SIGUE()].filter(Boolean).join(" "),
    });
  }
  const bajarRechazadas = async () => {
    if (archivo === null) return;
    const filas = filasDe(await archivo.text(), csv);
    const suyas = malas.map((m) => filas[m.fila - 1] ?? "");
    descargar(
      `rechazadas-${archivo.name}`,
      csv ? "text/csv;charset=utf-8" : "application/x-ndjson",
      [...(csv ? [filas[0] ?? ""] : []), ...suyas].map((f) => `${f.replace(/\r$/, "")}\n`).join(""),
    );
  };
  return html`<div>
    <div class="titulo"><h1>${dos("Importaciones", "Imports")}</h1></div>
    <section class="tarjeta"><div class="campos">
      <div class="campo"><label for="clase">${dos("Qué trae el archivo", "What the file holds")}</label>
        <select id="clase" disabled=${yendo} onChange=${(e: Event) => {
    filtrar({ de: (e.target as HTMLSelectElement).value });
    informar(null);
    rechazar([]);
  }}>${
    clases.map(([c, t]) => html`<option key=${c} value=${c} selected=${c === clase}>${t}</option>`)
  }</select></div>
      <div class="campo"><label for="archivo">${
    dos("Archivo CSV o NDJSON, hasta 64 MiB", "CSV or NDJSON file, up to 64 MiB")
  }</label>
        <input id="archivo" type="file" accept=".csv,.ndjson,.jsonl,text/csv" disabled=${yendo} onChange=${(
    e: Event,
  ) => {
    elegir((e.target as HTMLInputElement).files?.[0] ?? null);
    informar(null);
    rechazar([]);
    fallar(null);
  }} /></div></div>
      <p class="ayuda">${dos("Columnas", "Columns")}: <code>${campos}</code></p>
      <div class="acciones"><button type="button" class="primario" aria-disabled=${
    archivo === null || yendo
  } onClick=${() => !yendo && mandar(true)}>${
    dos("Ensayar sin cambiar nada", "Try it, changing nothing")
  }</button>
        <button type="button" aria-disabled=${archivo === null || yendo} onClick=${() =>
    !yendo && mandar(false)}>${dos("Importar", "Import")}</button>
        ${
    archivo === null
      ? html`<span class="porque">${dos("Elija antes un archivo.", "Choose a file first.")}</span>`
      : yendo
      ? html`<button type="button" class="llano" onClick=${() => corte.current?.abort()}>${
        dos("Detener", "Stop")
      }</button>`
      : null
  }</div></section>
    ${falla === null ? null : html`<${Falla} de=${falla} />`}
    ${informe === null ? null : html`<${Resultado} de=${informe} />`}
    ${
    malas.length === 0 ? null : html`
      <section
        class="tarjeta"><div class="titulo"><h2>${dos(
          `${numero(malas.length)} filas rechazadas`,
          `${numero(malas.length)} rows refused`,
        )}</h2><span class="acciones"><button type="button" onClick=${bajarRechazadas}>${dos(
          "Bajar esas filas para corregirlas",
          "Take those rows to mend them",
        )}</button><button type="button" class="llano" onClick=${() =>
          bajarCsv("errores", csvDe(columnas(), malas))}>${dos(
            "Errores CSV",
            "Errors CSV",
          )}</button></span></div>
            <${TablaSimple} nombre=${dos("Filas rechazadas", "Rows refused")} filas=${malas.slice(
              0,
              VISTAS,
            )} columnas=${columnas()} />
            ${malas.length > VISTAS
              ? html`<p class="tenue">${
                dos(`Se muestran las primeras ${VISTAS}.`, `The first ${VISTAS} are shown.`)
              }</p>`
              : null}</section>
    `
  }
  </div>`;
}

function Resultado({ de }: { readonly de: Informe }): VNode {
  const { cuenta: c, fin, filas } = de;
  const hechas = c?.hechas ?? 0;
  const resta = c === null || c.por_segundo === 0 ? null : (filas - hechas) / c.por_segundo * 1_000;
  return html`<section class="tarjeta" role="status" data-prueba="informe">
    <h2>${
    fin === null
      ? dos("Va…", "Under way…")
      : !fin.completa
      ? dos("Se cortó", "It was cut short")
      : de.simulacro
      ? dos("Ensayo terminado: nada cambió", "Trial done: nothing changed")
      : dos("Importación terminada", "Import done")
  }</h2>
    <progress max=${Math.max(filas, 1)} value=${fin?.completa ? Math.max(filas, 1) : hechas} aria-label=${
    dos("Avance", "Progress")
  }></progress>
    <p>${numero(hechas)}/${numero(filas)}${c === null ? "" : ` · ${numero(c.por_segundo)}/s`}${
    fin !== null || resta === null ? "" : ` · ${edad(resta)}`
  }</p>
    ${
    c === null
      ? null
      : html`<p><strong>${numero(c.creado)}</strong> ${
        de.simulacro ? dos("se crearían", "would be created") : dos("creadas", "created")
      } · <strong>${numero(c.ya_estaba)}</strong> ${dos("ya estaban", "stood already")} · <strong>${
        numero(c.rechazado)
      }</strong> ${dos("rechazadas", "refused")}</p>`
  }
    ${fin?.completa === false ? html`<p class="rancio">${SIGUE()}</p>` : null}
  </section>`;
}
const SIGUE = () =>
  dos(
    "Envíe otra vez el mismo archivo: lo hecho queda, y sigue donde estaba.",
    "Send the same file again: what is done stays, and it goes on where it was.",
  );
const columnas = (): readonly Columna<Rechazada>[] => [
  deNumero(dos("Fila", "Row"), (r) => r.fila),
  deTexto(dos("Código", "Code"), (r) => r.codigo, { menor: true }),
  {
    titulo: dos("Por qué", "Why"),
    celda: (r) =>
      html`<ul class="porques">${
        r.errores.map((e) => html`<li key=${e.campo}><strong>${e.campo}</strong> ${e.mensaje}</li>`)
      }</ul>`,
    texto: (r) => r.errores.map((e) => `${e.campo}: ${e.mensaje}`).join("; "),
  },
];
