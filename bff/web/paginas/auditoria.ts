import { useEffect, useState } from "preact/hooks";
import { pedir, type Problema } from "../api.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { Advertencias, Cargando, Copiar, Falla, Vacio } from "../partes/piezas.ts";
import { deCuando, deEstado, deTexto, TablaSimple } from "../partes/tabla.ts";
import { curl } from "../partes/exportar.ts";
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
  const leer = async () => {
    const r = await pedir<Pagina>(
      `/api/v1/auditoria?${new URLSearchParams({ ...Object.fromEntries(consulta), limit: "50" })}`,
    );
    if (!r.ok) return ponerFalla(r.falla);
    ponerFalla(null);
    ponerPagina(r.valor);
    ponerFilas(r.valor.data);
  };
  useEffect(() => {
    const t = setTimeout(leer, 150);
    return () => clearTimeout(t);
  }, [clave]);
  const mas = async () => {
    const siguientes = await Promise.all(
      (pagina?.paginas ?? []).map((p) =>
        pedir<Pagina>(
          `/api/v1/auditoria?${new URLSearchParams({
            ...Object.fromEntries(consulta),
            limit: "50",
            modulo: p.modulo,
            cursor: p.next_cursor,
          })}`,
        )
      ),
    );
    const bien = siguientes.flatMap((r) => r.ok ? [r.valor] : []);
    ponerFilas([...(filas ?? []), ...bien.flatMap((p) => p.data)].sort((a, b) => a.en < b.en ? 1 : -1));
    ponerPagina({
      data: [],
      paginas: bien.flatMap((p) => p.paginas),
      advertencias: bien.flatMap((p) => p.advertencias),
    });
  };
  const ruta = `/api/v1/auditoria?${clave}`;
  return html`
    <div>
      <div
        class="titulo"><h1>${dos(
          "Auditoría",
          "Audit",
        )}</h1><span class="acciones"><a class="llano" href=${ruta} target="_blank" rel="noopener">JSON</a><${Copiar} texto=${() =>
          curl(ruta)}>curl<//></span></div>
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
          : html`<${TablaSimple} nombre=${dos("Auditoría", "Audit")} filas=${filas} columnas=${[
            deCuando(dos("Cuándo", "When"), (r: Rastro) => r.en),
            deTexto(dos("Quién", "Who"), (r: Rastro) => r.actor),
            deTexto(dos("Qué", "What"), (r: Rastro) => r.accion),
            { titulo: dos("Sobre", "On"), celda: sobre, texto: (r: Rastro) => r.recurso?.id ?? null },
            deEstado(dos("Resultado", "Outcome"), (r: Rastro) => r.resultado),
            {
              titulo: dos("Solicitud", "Request"),
              menor: true,
              celda: (r: Rastro) =>
                html`<a href=${
                  enlace(["auditoria"], { solicitud: r.solicitud })
                }><code>${r.solicitud}</code></a>`,
              texto: (r: Rastro) => r.solicitud,
            },
          ]} />`}
        ${(pagina?.paginas ?? []).length === 0
          ? null
          : html`<button type="button" class="mas" onClick=${mas}>${dos("Más", "More")}</button>`}
      </div>
  `;
}
const sobre = (r: Rastro) => {
  if (r.recurso === null) return "—";
  const seccion = SECCION[r.recurso.tipo.toLowerCase()];
  return seccion === undefined
    ? `${r.recurso.tipo} ${r.recurso.id}`
    : html`<a href=${enlace([seccion, r.recurso.id])}>${r.recurso.id}</a>`;
};
