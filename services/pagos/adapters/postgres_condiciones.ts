import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Versioned } from "@alpes/shared/seedwork/decider.ts";
import { dinero, type Moneda } from "@alpes/shared/seedwork/money.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Escrituras } from "../application/ports.ts";
import type { ClienteConocido, Condiciones } from "../domain/condiciones.ts";
import type { Metodo } from "../domain/payout.ts";

interface FilaCondiciones {
  partner_id: string;
  retencion_dias: number | null;
  minimos: Partial<Record<Moneda, string>>;
  suspendido: boolean;
  metodo: Metodo | null;
  mascara: string | null;
  actualizado: Date;
  version: number;
}
const COLUMNAS = "partner_id, retencion_dias, minimos, suspendido, metodo, mascara, actualizado, version";

const deFila = (f: FilaCondiciones): Versioned<Condiciones> => ({
  estado: {
    partner_id: f.partner_id,
    retencion_dias: f.retencion_dias,
    minimos: Object.entries(f.minimos).map(([m, u]) => dinero(BigInt(u), m as Moneda))
      .sort((a, b) => a.moneda < b.moneda ? -1 : 1),
    suspendido: f.suspendido,
    metodo_pago: f.metodo === null ? null : { tipo: f.metodo, mascara: f.mascara },
    actualizado: f.actualizado,
  },
  version: f.version,
});

export async function cargarCondiciones(
  tx: Tx,
  partners: readonly string[],
): Promise<Map<string, Versioned<Condiciones>>> {
  if (partners.length === 0) return new Map();
  const filas = await tx.query<FilaCondiciones>(
    `select ${COLUMNAS} from pagos.condiciones where partner_id = any($1::text[])`,
    [partners],
  );
  return new Map(filas.map((f) => [f.partner_id, deFila(f)]));
}

export async function cargarClientes(tx: Tx, ids: readonly string[]): Promise<Map<string, ClienteConocido>> {
  if (ids.length === 0) return new Map();
  const filas = await tx.query<ClienteConocido>(
    "select id, estado, version from pagos.clientes where id = any($1::text[])",
    [ids],
  );
  return new Map(filas.map((f) => [f.id, f]));
}

export async function guardarCondiciones(
  tx: Tx,
  { condiciones }: Pick<Escrituras, "condiciones">,
): Promise<void> {
  for (const { condiciones: c, anterior } of condiciones) {
    const hecho = await tx.query(
      `insert into pagos.condiciones as c (${COLUMNAS}) values ($1, $2, $3, $4, $5, $6, $7, $8::int + 1)
       on conflict (partner_id) do update set retencion_dias = excluded.retencion_dias, minimos = excluded.minimos,
         suspendido = excluded.suspendido, metodo = excluded.metodo, mascara = excluded.mascara,
         actualizado = excluded.actualizado, version = excluded.version
         where c.version = $8 returning 1`,
      [
        c.partner_id,
        c.retencion_dias,
        JSON.stringify(Object.fromEntries(c.minimos.map((m) => [m.moneda, m.unidades.toString()]))),
        c.suspendido,
        c.metodo_pago?.tipo ?? null,
        c.metodo_pago?.mascara ?? null,
        c.actualizado,
        anterior,
      ],
    );
    if (hecho.length === 0) throw new ConcurrencyError(`terms of ${c.partner_id} are at another version`);
  }
}

/** What is known of clientes, newest first come or not; by id, as every batch writes them. */
export async function guardarClientes(tx: Tx, clientes: readonly ClienteConocido[]): Promise<void> {
  if (clientes.length === 0) return;
  await tx.query(
    `insert into pagos.clientes as c (id, estado, version)
     select * from unnest($1::text[], $2::text[], $3::int[]) as n(id, estado, version) order by n.id
     on conflict (id) do update set estado = excluded.estado, version = excluded.version
      where c.version < excluded.version`,
    [clientes.map((c) => c.id), clientes.map((c) => c.estado), clientes.map((c) => c.version)],
  );
}
