import { DatabaseSync } from "node:sqlite";
import type { Dinero, Moneda } from "@alpes/shared/seedwork/money.ts";

export type EstadoPsp = "PAGADO" | "NO_PAGADO" | "EN_CURSO";

/** One line of what the provider did. Times in ms since 1970. */
export interface Asiento {
  readonly clave: string;
  readonly payout_id: string;
  readonly monto: Dinero;
  readonly estado: EstadoPsp;
  readonly referencia: string;
  readonly comision: Dinero | null;
  readonly razon: string | null;
  /** When it was decided; of PAGADO possibly later than now: until then nobody knows. */
  readonly decidido: number;
  readonly devuelto: number | null;
}

/** A call to the customer that has not been taken yet. */
export interface AvisoPendiente {
  readonly id: string;
  readonly clave: string;
}

interface Fila {
  clave: string;
  payout_id: string;
  unidades: bigint;
  moneda: string;
  estado: string;
  referencia: string;
  comision: bigint | null;
  razon: string | null;
  decidido: bigint;
  devuelto: bigint | null;
}

export type Registro = ReturnType<typeof abrirRegistro>;

/** The provider's own record, in a file: what it wrote stands, whoever is killed. A key is decided once, for good. */
export function abrirRegistro(archivo: string) {
  const db = new DatabaseSync(archivo);
  // A killed process loses nothing that it wrote; only a machine that loses its power may lose the last lines.
  db.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000;
    create table if not exists pagos (clave text primary key, payout_id text not null, unidades integer not null,
      moneda text not null, estado text not null, referencia text not null, comision integer, razon text,
      decidido integer not null, devuelto integer);
    create table if not exists avisos (id text primary key, clave text not null, desde integer not null,
      intentos integer not null default 0, hecho integer not null default 0);
    create index if not exists avisos_pendientes on avisos (desde) where hecho = 0;`);
  const consulta = (sql: string) => {
    const s = db.prepare(sql);
    s.setReadBigInts(true);
    return s;
  };
  const insertar = db.prepare(
    "insert into pagos values (?, ?, ?, ?, ?, ?, ?, ?, ?, null) on conflict do nothing",
  );
  const una = consulta("select * from pagos where clave = ?");
  const todas = consulta("select * from pagos order by decidido, clave");
  const avisar = db.prepare("insert into avisos (id, clave, desde) values (?, ?, ?)");
  const debidos = db.prepare(
    "select id, clave from avisos where hecho = 0 and desde <= ? order by desde limit ?",
  );
  const hecho = db.prepare("update avisos set hecho = 1 where id = ?");
  // Tried again ever more rarely, and given up after twelve times: an hour, about.
  const aplazado = db.prepare(
    `update avisos set intentos = intentos + 1, hecho = case when intentos >= 11 then 1 else 0 end,
       desde = ? + 1000 * (1 << min(intentos, 10)) where id = ?`,
  );
  const devolucion = db.prepare(
    "update pagos set devuelto = coalesce(devuelto, ?1) where clave = ?2 and estado = 'PAGADO' and decidido <= ?1",
  );
  const cierre = db.prepare(
    "update pagos set estado = 'NO_PAGADO', razon = 'cerrado sin pagar', decidido = ? where estado = 'EN_CURSO'",
  );

  return {
    /** Writes a decision under its key, unless there is one; answers what stands, with the calls that follow from it. */
    decidir(a: Omit<Asiento, "devuelto">, avisos: readonly string[]): Asiento {
      const { changes } = insertar.run(
        a.clave,
        a.payout_id,
        a.monto.unidades,
        a.monto.moneda,
        a.estado,
        a.referencia,
        a.comision?.unidades ?? null,
        a.razon,
        a.decidido,
      );
      if (Number(changes) > 0) { for (const id of avisos) avisar.run(id, a.clave, a.decidido); }
      return this.leer(a.clave) ?? { ...a, devuelto: null };
    },
    leer(clave: string): Asiento | null {
      const f = una.get(clave);
      return f === undefined ? null : deFila(f as unknown as Fila);
    },
    devolver: (clave: string, ahora: number): boolean => Number(devolucion.run(ahora, clave).changes) > 0,
    /** What is still open is decided, for good: it was not paid and never will be. */
    cerrar: (ahora: number): number => Number(cierre.run(ahora).changes),
    *todo(): Iterable<Asiento> {
      for (const f of todas.iterate()) yield deFila(f as unknown as Fila);
    },
    avisosDebidos: (ahora: number, max: number): readonly AvisoPendiente[] =>
      debidos.all(ahora, max) as unknown as AvisoPendiente[],
    avisado: (id: string): void => void hecho.run(id),
    aplazar: (id: string, ahora: number): void => void aplazado.run(ahora, id),
    [Symbol.dispose]: () => db.close(),
  };
}

function deFila(f: Fila): Asiento {
  const moneda = f.moneda as Moneda;
  return {
    clave: f.clave,
    payout_id: f.payout_id,
    monto: { unidades: f.unidades, moneda },
    estado: f.estado as EstadoPsp,
    referencia: f.referencia,
    comision: f.comision === null ? null : { unidades: f.comision, moneda },
    razon: f.razon,
    decidido: Number(f.decidido),
    devuelto: f.devuelto === null ? null : Number(f.devuelto),
  };
}
