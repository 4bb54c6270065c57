import { esAlgun, socio } from "../api.ts";
import { useLista } from "../datos.ts";
import { montoEscrito } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import {
  consultaDe,
  entreDias,
  type Filtro,
  Filtros,
  MONEDAS_A_ELEGIR,
  opciones,
} from "../partes/filtros.ts";
import { type Campo, Formulario, type Valores } from "../partes/formulario.ts";
import { Dialogo, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deMonto, Tabla } from "../partes/tabla.ts";
import { enlace, filtrar, ir, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import { type CampaniaJson, ESTADOS_CAMPANIA, TIPOS_CAMPANIA } from "../tipos.ts";

const columnas = (): readonly Columna<CampaniaJson>[] => [
  {
    titulo: dos("Campaña", "Campaign"),
    orden: "nombre",
    celda: (k) => html`<a class="fila" href=${enlace(["campanias", k.id])}>${k.nombre ?? k.id}</a>`,
    texto: (k) => k.nombre ?? k.id,
  },
  {
    titulo: dos("Cliente", "Client"),
    menor: true,
    celda: (k) => k.cliente_nombre ?? html`<span class="tenue">${k.idCliente}</span>`,
    texto: (k) => k.cliente_nombre ?? k.idCliente,
  },
  {
    titulo: dos("Tipo", "Type"),
    menor: true,
    celda: (k) => palabra(k.tipo_campania),
    texto: (k) => k.tipo_campania,
  },
  deEstado(dos("Estado", "State"), (k) => k.estado),
  deMonto(dos("Presupuesto", "Budget"), (k) => k.presupuesto, { menor: true }),
  deMonto(dos("Gasto", "Spent"), (k) => k.gasto, { menor: true }),
  deCuando(dos("Creación", "Created"), (k) => k.fecha_creacion, {
    orden: "fecha_creacion",
    cifra: true,
    menor: true,
  }),
];

export function Campanias(): VNode {
  const filtros: readonly Filtro[] = [
    {
      nombre: "search",
      titulo: dos("Buscar por nombre o identificador", "Search by name or id"),
      tipo: "search",
    },
    { nombre: "estado", titulo: dos("Estado", "State"), opciones: opciones(ESTADOS_CAMPANIA) },
    { nombre: "tipo_campania", titulo: dos("Tipo", "Type"), opciones: opciones(TIPOS_CAMPANIA) },
    { nombre: "cliente_id", titulo: dos("Cliente (id)", "Client (id)") },
    ...entreDias(),
  ];
  const consulta = consultaDe(filtros);
  const lista = useLista<CampaniaJson>("/api/v1/campanias", consulta, {
    modulo: "campanias",
    una: (id) => `/campanias/${id}`,
  });
  const puede = esAlgun("operador", "admin", "partner");
  return html`<div>
    <div class="titulo"><h1>${dos("Campañas", "Campaigns")}</h1>
      ${
    puede
      ? html`<button type="button" class="primario" onClick=${() => filtrar({ nuevo: "1" })}>${
        dos("Crear campaña", "Create campaign")
      }</button>`
      : null
  }</div>
    <${Filtros} de=${filtros} />
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("campañas", "campaigns")
  } base="/api/v1/campanias" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ninguna campaña coincide", "No campaign fits")}>${
    dos("Quite un filtro o cree la primera.", "Clear a filter or create the first one.")
  }<//>`} />
    ${ruta.value.consulta.get("nuevo") === "1" && puede ? html`<${Crear} />` : null}
  </div>`;
}

/** A JSON field that was left empty, typed right, or typed wrong. */
function leerItinerario(texto: string): unknown[] | null {
  if (texto.trim() === "") return [];
  try {
    const v: unknown = JSON.parse(texto);
    return Array.isArray(v) ? v : null;
  } catch {
    // One step in each line is what people type.
    return texto.split("\n").map((l) => l.trim()).filter((l) => l !== "");
  }
}

export function camposDeCampania(nueva: boolean): readonly Campo[] {
  return [
    ...(nueva && socio() === null
      ? [{ nombre: "cliente_id", titulo: dos("Cliente (id)", "Client (id)"), obligatorio: true }]
      : []),
    { nombre: "nombre", titulo: dos("Nombre", "Name") },
    { nombre: "tipo_campania", titulo: dos("Tipo", "Type"), opciones: opciones(TIPOS_CAMPANIA) },
    { nombre: "moneda", titulo: dos("Moneda", "Currency"), opciones: MONEDAS_A_ELEGIR },
    { nombre: "presupuesto", titulo: dos("Presupuesto", "Budget") },
    {
      nombre: "anticipo",
      titulo: dos("Anticipo", "Advance"),
      ayuda: dos(
        "Con anticipo se cobra sola y se aprueba al pagarse.",
        "With an advance it is charged by itself and approved once paid.",
      ),
    },
    { nombre: "fecha_inicio", titulo: dos("Inicio", "Start"), tipo: "date" },
    { nombre: "fecha_fin", titulo: dos("Fin", "End"), tipo: "date" },
    ...(nueva
      ? [{
        nombre: "itinerario",
        titulo: dos("Itinerario", "Itinerary"),
        tipo: "textarea" as const,
        ayuda: dos("Un paso por línea, o JSON.", "One step a line, or JSON."),
      }]
      : []),
  ];
}

export function cuerpoDeCampania(v: Valores, nueva: boolean) {
  const errores: { campo: string; mensaje: string }[] = [];
  const moneda = v.moneda ?? "COP";
  const montos: Record<string, unknown> = {};
  for (const campo of ["presupuesto", "anticipo"]) {
    const t = (v[campo] ?? "").trim();
    if (t === "") {
      if (!nueva) montos[campo] = null;
      continue;
    }
    const valor = montoEscrito(t, moneda);
    if (valor === null) {
      errores.push({ campo, mensaje: dos(`No es un monto en ${moneda}.`, `Not an amount of ${moneda}.`) });
    } else montos[campo] = { valor, moneda };
  }
  const itinerario = leerItinerario(v.itinerario ?? "");
  if (itinerario === null) {
    errores.push({ campo: "itinerario", mensaje: dos("Debe ser una lista.", "Must be a list.") });
  }
  const cliente = socio() ?? (v.cliente_id ?? "").trim();
  if (nueva && cliente === "") {
    errores.push({ campo: "cliente_id", mensaje: dos("Es obligatorio.", "Is required.") });
  }
  if (errores.length > 0) return { errores };
  const texto = (n: string) => {
    const t = (v[n] ?? "").trim();
    return t === "" ? (nueva ? {} : { [n]: null }) : { [n]: t };
  };
  return {
    cuerpo: {
      ...(nueva ? { cliente_id: cliente, itinerario } : {}),
      ...texto("nombre"),
      ...texto("tipo_campania"),
      ...montos,
      ...texto("fecha_inicio"),
      ...texto("fecha_fin"),
    },
  };
}

function Crear(): VNode {
  const cerrar = () => filtrar({ nuevo: "", cliente: "" });
  return html`
    <${Dialogo} titulo=${dos("Crear campaña", "Create campaign")} cerrar=${cerrar}>
      <${Formulario} nombre="campania" campos=${camposDeCampania(true)} a="/api/v1/campanias"
        inicial=${{
          moneda: "COP",
          tipo_campania: "PERFORMANCE",
          cliente_id: ruta.value.consulta.get("cliente") ?? "",
        }}
        enviar=${dos("Crear", "Create")} cuerpo=${(v: Valores) => cuerpoDeCampania(v, true)}
        hecho=${(k: { idCampania: string }) => ir(enlace(["campanias", k.idCampania]))} cancelar=${cerrar} />
      <//>
  `;
}
