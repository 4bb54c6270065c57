import { useEffect, useState } from "preact/hooks";
import { pedir, type Problema } from "../api.ts";
import { corto } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { Advertencias, Cargando, Falla, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deTexto, TablaSimple } from "../partes/tabla.ts";
import { bajarCsv, csvDe, Llevar, MAX_FILAS } from "../partes/exportar.ts";
import { enlace } from "../ruta.ts";
import { dos } from "../textos.ts";

interface Rastro {
  readonly id: string;
  readonly modulo: string;
  readonly en: string;
  readonly actor: string;
  readonly accion: string;
  readonly recurso: { readonly tipo: string; readonly id: string } | null;
  readonly solicitud: string;
  readonly resultado: string;
}
interface Pagina {
  readonly data: readonly Rastro[];
  readonly paginas: readonly { readonly modulo: string; readonly next_cursor: string }[];
  readonly advertencias: readonly string[];
}
const SECCION: Readonly<Record<string, string>> = {
  cliente: "clientes",
  campania: "campanias",
  pago: "pagos",
  payout: "pagos",
};

export function Auditoria(): VNode {
  const filtros: readonly Filtro[] = [
    { nombre: "solicitud", titulo: dos("Solicitud (X-Request-Id)", "Request (X-Request-Id)") },
    { nombre: "actor", titulo: dos("Quién", "Who") },
    { nombre: "accion", titulo: dos("Operación", "Operation") },
    { nombre: "recurso", titulo: dos("Sobre qué (id)", "On what (id)") },
    {
      nombre: "resultado",
      titulo: dos("Resultado", "Outcome"),
      opciones: opciones(["HECHO", "DENEGADO"]),
    },
  ];
  const consulta = consultaDe(filtros);
  const clave = consulta.toString();
  const [filas, ponerFilas] = useState<readonly Rastro[] | null>(null);
  const [pagina, ponerPagina] = useState<Pagina | null>(null);
  const [falla, ponerFalla] = useState<Problema | null>(null);
  const pedirla = (mas: Readonly<Record<string, string>>) =>
    pedir<Pagina>(
      `/api/v1/auditoria?${new URLSearchParams({ ...Object.fromEntries(consulta), limit: "50", ...mas })}`,
    );
  const leer = async () => {
    const r = await pedirla({});
    if (!r.ok) return ponerFalla(r.falla);
    ponerFalla(null);
    ponerPagina(r.valor);
    ponerFilas(r.valor.data);
  };
  useEffect(() => {
    const t = setTimeout(leer, 150);
    return () => clearTimeout(t);
  }, [clave]);
  /** The next page of each module that has one, newest first behind what was there. */
  const seguir = async (
    antes: readonly Rastro[],
    p: Pagina,
  ): Promise<readonly [readonly Rastro[], Pagina]> => {
    const r = await Promise.all(
      p.paginas.map(({ modulo, next_cursor }) => pedirla({ modulo, cursor: next_cursor })),
    );
    const bien = r.flatMap((x) => x.ok ? [x.valor] : []);
    const todas = [...antes, ...bien.flatMap((x) => x.data)].sort((a, b) => a.en < b.en ? 1 : -1);
    return [todas, {
      data: [],
      paginas: bien.flatMap((x) => x.paginas),
      advertencias: bien.flatMap((x) => x.advertencias),
    }];
  };
  const mas = async () => {
    if (filas === null || pagina === null) return;
    const [todas, p] = await seguir(filas, pagina);
    ponerFilas(todas);
    ponerPagina(p);
  };
  const ruta = `/api/v1/auditoria?${clave}`;
  const csv = async () => {
    let [todas, p]: readonly [readonly Rastro[], Pagina | null] = [filas ?? [], pagina];
    while (p !== null && p.paginas.length > 0 && todas.length < MAX_FILAS) {
      [todas, p] = await seguir(todas, p);
    }
    bajarCsv("auditoria", csvDe(columnas(), todas));
  };
  return html`
    <div>
      <div
        class="titulo"><h1>${dos(
          "Auditoría",
          "Audit",
        )}</h1><${Llevar} ruta=${ruta} csv=${csv} /></div>
        <${Filtros} de=${filtros} />
        ${falla === null ? null : html`<${Falla} de=${falla} otra=${leer} />`}
        <${Advertencias} de=${pagina?.advertencias ?? []} leido=${null} />
        ${filas === null
          ? (falla === null ? html`<${Cargando} />` : null)
          : filas.length === 0
          ? html`<${Vacio} titulo=${dos("Nada coincide", "Nothing fits")}>${
            dos(
              "Quite un filtro; lo que solo lee no deja rastro.",
              "Clear a filter; what only reads leaves no trace.",
            )
          }<//>`
          : html`<${TablaSimple} nombre=${
            dos("Auditoría", "Audit")
          } filas=${filas} columnas=${columnas()} />`}
        ${(pagina?.paginas ?? []).length === 0
          ? null
          : html`<button type="button" class="mas" onClick=${mas}>${dos("Más", "More")}</button>`}
      </div>
  `;
}
const columnas = (): readonly Columna<Rastro>[] => [
  deCuando(dos("Cuándo", "When"), (r: Rastro) => r.en),
  deTexto(dos("Quién", "Who"), (r: Rastro) => r.actor),
  deTexto(dos("Qué", "What"), (r: Rastro) => r.accion),
  { titulo: dos("Sobre", "On"), celda: sobre, texto: (r: Rastro) => r.recurso?.id ?? null },
  deEstado(dos("Resultado", "Outcome"), (r: Rastro) => r.resultado),
  {
    titulo: dos("Solicitud", "Request"),
    menor: true,
    celda: (r: Rastro) =>
      html`<a href=${enlace(["auditoria"], { solicitud: r.solicitud })}><code title=${r.solicitud}>${
        corto(r.solicitud)
      }</code></a>`,
    texto: (r: Rastro) => r.solicitud,
  },
];
const sobre = (r: Rastro) => {
  if (r.recurso === null) return "—";
  const seccion = SECCION[r.recurso.tipo.toLowerCase()];
  return seccion === undefined
    ? `${r.recurso.tipo} ${r.recurso.id}`
    : html`<a href=${enlace([seccion, r.recurso.id])}>${r.recurso.id}</a>`;
};
