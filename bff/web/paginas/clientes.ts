import { esAlgun } from "../api.ts";
import { useLista } from "../datos.ts";
import { html, type VNode } from "../html.ts";
import { consultaDe, entreDias, type Filtro, Filtros, opciones } from "../partes/filtros.ts";
import { type Campo, Formulario, type Valores } from "../partes/formulario.ts";
import { Dialogo, Vacio } from "../partes/piezas.ts";
import { type Columna, deCuando, deEstado, deNumero, deTexto, Tabla } from "../partes/tabla.ts";
import { enlace, filtrar, ir, ruta } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import { type ClienteJson, ESTADOS_CLIENTE, TIPOS_CLIENTE } from "../tipos.ts";

const columnas = (): readonly Columna<ClienteJson>[] => [
  {
    titulo: dos("Nombre", "Name"),
    orden: "nombre",
    celda: (c) => html`<a class="fila" href=${enlace(["clientes", c.id])}>${c.nombre}</a>`,
    texto: (c) => c.nombre,
  },
  deTexto(dos("Correo", "E-mail"), (c) => c.email, { menor: true }),
  {
    titulo: dos("Documento", "Document"),
    menor: true,
    celda: (c) => html`<span class="monto">${c.cedula ?? c.rut}</span>`,
    texto: (c) => c.cedula ?? c.rut,
  },
  {
    titulo: dos("Tipo", "Type"),
    menor: true,
    celda: (c) => palabra(c.tipo_cliente),
    texto: (c) => c.tipo_cliente,
  },
  deEstado(dos("Estado", "State"), (c) => c.estado),
  deNumero(dos("Pagos", "Payouts"), (c) => c.total_pagos, { menor: true }),
  deCuando(dos("Registro", "Registered"), (c) => c.fecha_registro, {
    orden: "fecha_registro",
    cifra: true,
    menor: true,
  }),
];

export function Clientes(): VNode {
  const filtros: readonly Filtro[] = [
    {
      nombre: "search",
      titulo: dos("Buscar por nombre, correo o documento", "Search by name, e-mail or document"),
      tipo: "search",
    },
    { nombre: "estado", titulo: dos("Estado", "State"), opciones: opciones(ESTADOS_CLIENTE) },
    { nombre: "tipo_cliente", titulo: dos("Tipo", "Type"), opciones: opciones(TIPOS_CLIENTE) },
    ...entreDias(),
  ];
  const consulta = consultaDe(filtros);
  const lista = useLista<ClienteJson>("/api/v1/clientes", consulta, {
    modulo: "cliente",
    una: (id) => `/cliente/${id}`,
  });
  const nuevo = ruta.value.consulta.get("nuevo") === "1";
  const puede = esAlgun("operador", "admin");
  const busca = consulta.get("search") ?? "";
  return html`<div>
    <div class="titulo"><h1>${dos("Clientes", "Clients")}</h1>
      ${
    puede
      ? html`<button type="button" class="primario" onClick=${() => filtrar({ nuevo: "1" })}>${
        dos("Registrar cliente", "Register client")
      }</button>`
      : null
  }</div>
    <${Filtros} de=${filtros} />
    <${Tabla} lista=${lista} columnas=${columnas()} nombre=${
    dos("clientes", "clients")
  } base="/api/v1/clientes" consulta=${consulta}
      vacio=${html`<${Vacio} titulo=${dos("Ningún cliente coincide", "No client fits")}>${
    busca.length >= 2
      ? html`${
        dos("La búsqueda de arriba (/) perdona erratas: ", "The search above (/) forgives misspellings: ")
      }
        <button type="button" class="llano" onClick=${() => buscarArriba(busca)}>${
        dos("buscar", "search for")
      } «${busca}»</button>`
      : dos("Quite un filtro o registre el primero.", "Clear a filter or register the first one.")
  }<//>`} />
    ${nuevo && puede ? html`<${Registrar} />` : null}
  </div>`;
}

/** Puts the text into the search of everything, which also finds what is misspelt. */
function buscarArriba(texto: string): void {
  const caja = document.getElementById("buscar");
  if (!(caja instanceof HTMLInputElement)) return;
  caja.value = texto;
  caja.dispatchEvent(new Event("input", { bubbles: true }));
  caja.focus();
}

export const campos = (): readonly Campo[] => {
  const natural = (v: Valores) => v.tipo_cliente !== "EMPRESA";
  return [
    { nombre: "tipo_cliente", titulo: dos("Tipo", "Type"), opciones: opciones(TIPOS_CLIENTE) },
    { nombre: "nombre", titulo: dos("Nombre", "Name"), obligatorio: true },
    { nombre: "email", titulo: dos("Correo", "E-mail"), tipo: "email", obligatorio: true },
    {
      nombre: "cedula",
      titulo: dos("Cédula", "Id number"),
      obligatorio: true,
      si: natural,
      ayuda: dos("De 5 a 20 cifras; los puntos se quitan.", "5 to 20 digits; dots are dropped."),
    },
    { nombre: "rut", titulo: "RUT", obligatorio: true, si: (v) => !natural(v) },
    {
      nombre: "fecha_nacimiento",
      titulo: dos("Fecha de nacimiento", "Date of birth"),
      tipo: "date",
      obligatorio: true,
      si: natural,
    },
    { nombre: "telefono", titulo: dos("Teléfono", "Phone"), tipo: "tel" },
    { nombre: "ciudad", titulo: dos("Ciudad", "City") },
    { nombre: "pais", titulo: dos("País", "Country") },
  ];
};
/** What is empty is left out; the dots of a cédula are for the eye. */
export function cuerpoDe(v: Valores, campos: readonly Campo[]): Record<string, string> {
  const visibles = campos.filter((c) => c.si === undefined || c.si(v));
  const pares = visibles.map(({ nombre }) => {
    const t = (v[nombre] ?? "").trim();
    return [nombre, nombre === "cedula" ? t.replaceAll(/[.\s]/g, "") : t] as const;
  });
  return Object.fromEntries(pares.filter(([, t]) => t !== ""));
}

function Registrar(): VNode {
  const cerrar = () => filtrar({ nuevo: "" });
  return html`
    <${Dialogo} titulo=${dos("Registrar cliente", "Register client")} cerrar=${cerrar}>
      <${Formulario} nombre="cliente" campos=${campos()} inicial=${{
        tipo_cliente: "NATURAL",
      }} a="/api/v1/clientes"
        enviar=${dos("Registrar", "Register")} cuerpo=${(v: Valores) => ({ cuerpo: cuerpoDe(v, campos()) })}
        hecho=${(c: ClienteJson) => ir(enlace(["clientes", c.id]))} cancelar=${cerrar} />
      <//>
  `;
}
