import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { Cliente, type Datos, type Identidad } from "../domain/cliente.ts";
import {
  type Escrituras,
  type Estados,
  type Ids,
  type Unico,
  UNICOS,
  type Vista,
} from "../application/ports.ts";
import { COLUMNAS } from "./columnas.ts";
import { guardar } from "./postgres_guardar.ts";

/** A row of `cliente.clientes`. */
export interface Fila {
  id: string;
  tipo_cliente: "NATURAL" | "EMPRESA";
  nombre: string;
  email: string;
  cedula: string | null;
  rut: string | null;
  fecha_nacimiento: string | null;
  telefono: string | null;
  ciudad: string | null;
  pais: string | null;
  referencia_externa: string | null;
  estado: "ACTIVO" | "INACTIVO" | "SUSPENDIDO";
  fecha_registro: Date;
  total_pagos: number;
  ultimo_pago: Date | null;
  version: number;
  huella_registro: string;
  /** When its personal data was erased. */
  borrado: Date | null;
}

/** The table's checks make sure of what the cast says: a kind has its papers. */
function datos(f: Fila): Datos {
  const { tipo_cliente, cedula, rut, fecha_nacimiento } = f;
  return {
    ...({ tipo_cliente, cedula, rut, fecha_nacimiento } as Identidad),
    nombre: f.nombre,
    email: f.email,
    telefono: f.telefono,
    ciudad: f.ciudad,
    pais: f.pais,
    referencia_externa: f.referencia_externa,
  };
}

/** Of an erased row the columns say what `vista` does. */
export const vistaDeFila = (f: Fila): Vista => ({
  id: f.id,
  ...datos(f),
  estado: f.estado,
  fecha_registro: f.fecha_registro,
  total_pagos: f.total_pagos,
  ultimo_pago: f.ultimo_pago,
  version: f.version,
});

function estadoDe(f: Fila): Exclude<Cliente, { estado: "inexistente" }> {
  const comun = {
    fecha_registro: f.fecha_registro,
    huella: f.huella_registro,
    pagos: { total: f.total_pagos, ultimo: f.ultimo_pago },
  };
  if (f.borrado === null) return { ...comun, estado: f.estado, datos: datos(f) };
  const seudonimo = { email: f.email, en: f.borrado };
  return { ...comun, estado: "BORRADO", tipo_cliente: f.tipo_cliente, seudonimo };
}

/** Where clientes are kept: one row each, unique indexes behind every unique field. */
export const postgresCliente: ModuleStore<Ids, Estados, Escrituras> = {
  modulo: "cliente",

  // The unique values too: two registrations with one e-mail take turns, and two batches cannot wait for each other.
  locks: ({ cliente, unicos }) => [
    cliente,
    ...UNICOS.flatMap((campo) => {
      const valor = unicos?.[campo];
      return valor === null || valor === undefined ? [] : [`${campo}=${minusculas(campo, valor)}`];
    }),
  ],

  async load(tx, ids) {
    const valores = (campo: Unico) => ids.flatMap((i) => i.unicos?.[campo] ?? []);
    const nombrados = ids.map((i) => i.cliente);
    const conPago = ids.filter((i) => i.pago !== null);
    const [filas, pagos, entre] = await Promise.all([
      tx.query<Fila>(
        `select ${COLUMNAS}, huella_registro from cliente.clientes
          where id = any($1::text[]) or lower(email) = any(array(select lower(v) from unnest($2::text[]) v)) or cedula = any($3::text[])
             or rut = any($4::text[]) or referencia_externa = any($5::text[])`,
        [
          nombrados,
          valores("email"),
          valores("cedula"),
          valores("rut"),
          valores("referencia_externa"),
        ],
      ),
      pagosDe(tx, nombrados),
      conPago.length === 0 ? new Map<string, Estados["pago"]>() : pagosEntreOtros(tx, conPago),
    ]);
    const porId = new Map(filas.map((f) => [f.id, f]));
    const duenos = new Map(
      filas.flatMap((f) => UNICOS.map((u) => [`${u}=${minusculas(u, f[u] ?? "")}`, f.id] as const)),
    );
    return ids.map((i): Estados => {
      const propia = porId.get(i.cliente);
      const ocupados = UNICOS.filter((campo) => {
        const pedido = i.unicos?.[campo] ?? null;
        const dueno = pedido === null ? undefined : duenos.get(`${campo}=${minusculas(campo, pedido)}`);
        return dueno !== undefined && dueno !== i.cliente;
      });
      return {
        cliente: propia === undefined
          ? { estado: Cliente.inicial, version: 0 }
          : { version: propia.version, estado: estadoDe(propia) },
        ocupados,
        pagos: propia === undefined
          ? pagos.get(i.cliente) ?? { total: 0, ultimo: null }
          : { total: propia.total_pagos, ultimo: propia.ultimo_pago },
        pago: (i.pago === null ? undefined : entre.get(clavePago(i.cliente, i.pago))) ??
          { vigente: false, ultimoDeOtros: null },
      };
    });
  },

  save: (tx, escritas, ahora) => guardar(tx, escritas, ahora),
};

/** As the unique indexes compare. */
const minusculas = (campo: Unico, valor: string) => campo === "email" ? valor.toLowerCase() : valor;
const clavePago = (cliente: string, pago: string) => JSON.stringify([cliente, pago]);

/** Only for who is not registered: a registered cliente carries its totals, whatever their number. */
async function pagosDe(tx: Tx, ids: readonly string[]): Promise<Map<string, Estados["pagos"]>> {
  const filas = await tx.query<{ id: string; total: number; ultimo: Date | null }>(
    `with faltan as materialized (
       select n.id from unnest($1::text[]) as n(id) where not exists (select from cliente.clientes c where c.id = n.id))
     select p.id_cliente as id, count(*)::int as total, max(p.fecha) as ultimo
       from faltan join cliente.pagos p on p.id_cliente = faltan.id group by p.id_cliente`,
    [ids],
  );
  return new Map(filas.map(({ id, total, ultimo }) => [id, { total, ultimo }]));
}

/** Two index probes each, however many payments there are. */
async function pagosEntreOtros(tx: Tx, ids: readonly Ids[]): Promise<Map<string, Estados["pago"]>> {
  const filas = await tx.query<{ id: string; pago: string; vigente: boolean; otros: Date | null }>(
    `select n.id, n.pago,
            exists (select from cliente.pagos p where p.id_cliente = n.id and p.id_pago = n.pago) as vigente,
            (select p.fecha from cliente.pagos p where p.id_cliente = n.id and p.id_pago <> n.pago
              order by p.fecha desc limit 1) as otros
       from unnest($1::text[], $2::text[]) as n(id, pago)`,
    [ids.map((i) => i.cliente), ids.map((i) => i.pago)],
  );
  return new Map(
    filas.map((f) => [clavePago(f.id, f.pago), { vigente: f.vigente, ultimoDeOtros: f.otros }]),
  );
}
