import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { ModuleStore } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import { Cliente, type Datos, type Identidad } from "../domain/cliente.ts";
import { vista } from "../application/comandos.ts";
import { type Escrituras, type Estados, type Ids, UNICOS, type Vista } from "../application/ports.ts";
import { borrarRastros } from "./postgres_rastros.ts";

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

export const COLUMNAS =
  `id, tipo_cliente, nombre, email, cedula, rut, fecha_nacimiento, telefono, ciudad, pais,
  referencia_externa, estado, fecha_registro, total_pagos, ultimo_pago, version, borrado`;

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

  locks: (ids) => [ids.cliente],

  async load(tx, ids): Promise<Estados> {
    const u = ids.unicos;
    const filas = await tx.query<Fila>(
      `select ${COLUMNAS}, huella_registro from cliente.clientes
        where id = $1 or lower(email) = lower($2) or cedula = $3 or rut = $4 or referencia_externa = $5`,
      [ids.cliente, u?.email ?? null, u?.cedula ?? null, u?.rut ?? null, u?.referencia_externa ?? null],
    );
    const propia = filas.find((f) => f.id === ids.cliente);
    const otras = filas.filter((f) => f.id !== ids.cliente);
    const ocupados = UNICOS.filter((campo) => {
      const pedido = u?.[campo]?.toLowerCase();
      return pedido !== undefined && otras.some((f) => f[campo]?.toLowerCase() === pedido);
    });
    return {
      cliente: propia === undefined
        ? { estado: Cliente.inicial, version: 0 }
        : { version: propia.version, estado: estadoDe(propia) },
      ocupados,
      pagos: propia === undefined
        ? await pagosDe(tx, ids.cliente)
        : { total: propia.total_pagos, ultimo: propia.ultimo_pago },
      pago: ids.pago === null
        ? { vigente: false, ultimoDeOtros: null }
        : await pagoEntreOtros(tx, ids.cliente, ids.pago),
    };
  },

  async save(tx, { cliente, pago, borrar }, { ahora, context }) {
    if (borrar !== null) await borrarRastros(tx, borrar);
    if (cliente !== null) {
      await guardar(tx, cliente);
      if (cliente.historial !== null) {
        await tx.query(
          `insert into cliente.historial (id_cliente, version, accion, motivo, actor, correlacion, fecha)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [
            cliente.id,
            cliente.anterior + 1,
            cliente.historial.accion,
            cliente.historial.motivo,
            actorName(context.actor),
            context.correlation_id,
            ahora,
          ],
        );
      }
    }
    if (pago !== null && pago.fecha !== null) {
      await tx.query(
        "insert into cliente.pagos (id_cliente, id_pago, fecha) values ($1, $2, $3)",
        [pago.id_cliente, pago.id_pago, pago.fecha],
      );
    } else if (pago !== null) {
      await tx.query("delete from cliente.pagos where id_cliente = $1 and id_pago = $2", [
        pago.id_cliente,
        pago.id_pago,
      ]);
    }
  },
};

/** Only for who is not registered: a registered cliente carries its totals, whatever their number. */
async function pagosDe(tx: Tx, id: string): Promise<Estados["pagos"]> {
  const [fila] = await tx.query<{ total: number; ultimo: Date | null }>(
    "select count(*)::int as total, max(fecha) as ultimo from cliente.pagos where id_cliente = $1",
    [id],
  );
  return fila ?? { total: 0, ultimo: null };
}

/** Two index probes, however many payments there are. */
async function pagoEntreOtros(tx: Tx, id: string, pago: string): Promise<Estados["pago"]> {
  const [fila] = await tx.query<{ vigente: boolean; otros: Date | null }>(
    `select exists (select 1 from cliente.pagos where id_cliente = $1 and id_pago = $2) as vigente,
            (select fecha from cliente.pagos where id_cliente = $1 and id_pago <> $2 order by fecha desc limit 1) as otros`,
    [id, pago],
  );
  return { vigente: fila?.vigente ?? false, ultimoDeOtros: fila?.otros ?? null };
}

async function guardar(
  tx: Tx,
  { id, estado: c, anterior }: NonNullable<Escrituras["cliente"]>,
): Promise<void> {
  const d = vista(id, c, anterior + 1);
  const valores = [
    id,
    d.tipo_cliente,
    d.nombre,
    d.email,
    d.cedula,
    d.rut,
    d.fecha_nacimiento,
    d.telefono,
    d.ciudad,
    d.pais,
    d.referencia_externa,
    d.estado,
    c.fecha_registro,
    c.pagos.total,
    c.pagos.ultimo,
    anterior + 1,
    c.estado === "BORRADO" ? c.seudonimo.en : null,
    c.huella,
  ];
  if (anterior === 0) {
    await tx.query(
      `insert into cliente.clientes (${COLUMNAS}, huella_registro)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      valores,
    );
    return;
  }
  const hecho = await tx.query(
    `update cliente.clientes set (tipo_cliente, nombre, email, cedula, rut, fecha_nacimiento, telefono, ciudad, pais,
       referencia_externa, estado, fecha_registro, total_pagos, ultimo_pago, version, borrado, huella_registro)
       = ($2, $3, $4, $5, $6, $7::date, $8, $9, $10, $11, $12, $13::timestamptz, $14::int, $15::timestamptz, $16::int,
          $17::timestamptz, $18)
      where id = $1 and version = $19 returning 1`,
    [...valores, anterior],
  );
  if (hecho.length === 0) throw new ConcurrencyError(`cliente ${id} is no longer at version ${anterior}`);
}
