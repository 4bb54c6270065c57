import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Written } from "@alpes/shared/adapters/postgres/unit_of_work.ts";
import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import { vista } from "../application/comandos.ts";
import type { Escrituras } from "../application/ports.ts";
import { COLUMNAS } from "./columnas.ts";
import { borrarRastros } from "./postgres_rastros.ts";

type Guardado = NonNullable<Escrituras["cliente"]>;

/** Many rows come as one JSON parameter, which the server takes apart. */
const FILAS =
  `json_to_recordset($1::json) as n(id text, tipo_cliente text, nombre text, email text, cedula text,
  rut text, fecha_nacimiento date, telefono text, ciudad text, pais text, referencia_externa text, estado text,
  fecha_registro timestamptz, total_pagos int, ultimo_pago timestamptz, version int, borrado timestamptz,
  huella_registro text, anterior int)`;
const INSERTAR = `insert into cliente.clientes (${COLUMNAS}, huella_registro)
  select ${COLUMNAS}, huella_registro from ${FILAS}`;
const CAMBIAR = `update cliente.clientes c
  set (tipo_cliente, nombre, email, cedula, rut, fecha_nacimiento, telefono, ciudad, pais, referencia_externa, estado,
       fecha_registro, total_pagos, ultimo_pago, version, borrado, huella_registro)
    = (n.tipo_cliente, n.nombre, n.email, n.cedula, n.rut, n.fecha_nacimiento, n.telefono, n.ciudad, n.pais,
       n.referencia_externa, n.estado, n.fecha_registro, n.total_pagos, n.ultimo_pago, n.version, n.borrado,
       n.huella_registro)
  from ${FILAS} where c.id = n.id and c.version = n.anterior returning 1`;

const fila = ({ id, estado: c, anterior }: Guardado) => ({
  ...vista(id, c, anterior + 1),
  borrado: c.estado === "BORRADO" ? c.seudonimo.en : null,
  huella_registro: c.huella,
  anterior,
});

/** A statement for each table, however many commands wrote to it; none waits for another's answer. */
export async function guardar(tx: Tx, escritas: readonly Written<Escrituras>[], ahora: Date): Promise<void> {
  const clientes = escritas.flatMap((e) => e.writes.cliente ?? []);
  const nuevas = clientes.filter((c) => c.anterior === 0);
  const cambiadas = clientes.filter((c) => c.anterior > 0);
  const pagos = escritas.flatMap((e) => e.writes.pago ?? []);
  const puestos = pagos.filter((p) => p.fecha !== null);
  const quitados = pagos.filter((p) => p.fecha === null);
  const historial = escritas.flatMap(({ writes: { cliente }, context }) =>
    cliente === null || cliente.historial === null ? [] : [{
      id_cliente: cliente.id,
      version: cliente.anterior + 1,
      ...cliente.historial,
      actor: actorName(context.actor),
      correlacion: context.correlation_id,
      fecha: ahora,
    }]
  );
  const borrados = escritas.flatMap((e) => e.writes.borrar ?? []);
  for (const b of borrados) await borrarRastros(tx, b);

  const hechos: Promise<unknown>[] = [];
  const hacer = (sql: string, filas: readonly object[]) => {
    const hecho = filas.length === 0 ? Promise.resolve([]) : tx.query(sql, [JSON.stringify(filas)]);
    hechos.push(hecho);
    return hecho;
  };
  void hacer(INSERTAR, nuevas.map(fila));
  const cambio = hacer(CAMBIAR, cambiadas.map(fila));
  void hacer(
    `insert into cliente.historial (id_cliente, version, accion, motivo, actor, correlacion, fecha)
     select * from json_to_recordset($1::json)
       as t(id_cliente text, version int, accion text, motivo text, actor text, correlacion text, fecha timestamptz)`,
    historial,
  );
  void hacer(
    `insert into cliente.pagos (id_cliente, id_pago, fecha)
     select * from json_to_recordset($1::json) as t(id_cliente text, id_pago text, fecha timestamptz)`,
    puestos,
  );
  void hacer(
    `delete from cliente.pagos p using json_to_recordset($1::json) as t(id_cliente text, id_pago text)
      where p.id_cliente = t.id_cliente and p.id_pago = t.id_pago`,
    quitados,
  );
  await Promise.all(hechos);
  if ((await cambio).length !== cambiadas.length) {
    throw new ConcurrencyError("a cliente is no longer at the version that was decided on");
  }
}
