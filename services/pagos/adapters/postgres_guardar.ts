import type { Tx } from "@alpes/shared/adapters/postgres/database.ts";
import type { Dinero } from "@alpes/shared/seedwork/money.ts";
import { ConcurrencyError } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Escrituras } from "../application/ports.ts";
import { COLUMNAS_TRANSACCION } from "./filas_transaccion.ts";
import { guardarCondiciones } from "./postgres_condiciones.ts";
import { guardarTarifas } from "./postgres_tarifas.ts";

/** Writes what a decision changed besides its payouts and campaigns, each row only at the version that it was decided on. */
export async function guardar(tx: Tx, e: Escrituras): Promise<void> {
  await guardarTransacciones(tx, e.transacciones);
  await guardarTarifas(tx, e.tarifas);
  if (e.conciliacion !== undefined) {
    await tx.query(
      "update pagos.conciliaciones set estado = 'CARGADA' where id = $1 and estado = 'CARGANDO'",
      [
        e.conciliacion,
      ],
    );
  }
  await guardarCondiciones(tx, e);
  if (e.ciclo !== null) {
    const { id, inicio, fin, estado, creado } = e.ciclo;
    await tx.query("insert into pagos.ciclos (id, inicio, fin, estado, creado) values ($1, $2, $3, $4, $5)", [
      id,
      inicio,
      fin,
      estado,
      creado,
    ]);
  }
}

/** New ones and changed ones, a statement each, however many they are. */
async function guardarTransacciones(tx: Tx, escritas: Escrituras["transacciones"]): Promise<void> {
  const nuevas = escritas.filter((e) => e.anterior === 0).map((e) => e.transaccion);
  const cambiadas = escritas.filter((e) => e.anterior > 0);
  if (cambiadas.length > 0) {
    const hecho = await tx.query(
      `update pagos.transacciones t
          set estado = n.estado, payout_id = n.payout_id, por_pagar = n.por_pagar, motivo = n.motivo, liberada = n.liberada,
              version = t.version + 1
         from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::boolean[])
           as n(id, anterior, estado, payout_id, por_pagar, motivo, liberada)
        where t.id = n.id and t.version = n.anterior returning 1`,
      [
        cambiadas.map((e) => e.transaccion.id),
        cambiadas.map((e) => e.anterior),
        cambiadas.map((e) => e.transaccion.estado),
        cambiadas.map((e) => e.transaccion.payout_id),
        cambiadas.map((e) => e.transaccion.por_pagar),
        cambiadas.map((e) => e.transaccion.motivo),
        cambiadas.map((e) => e.transaccion.liberada),
      ],
    );
    if (hecho.length !== cambiadas.length) throw new ConcurrencyError("a transaction is at another version");
    const tomadas = cambiadas.map((e) => e.transaccion).filter((t) => t.payout_id !== null);
    if (tomadas.length > 0) {
      await tx.query(
        `insert into pagos.lineas (payout_id, transaccion_id) select * from unnest($1::text[], $2::text[])
         on conflict do nothing`,
        [tomadas.map((t) => t.payout_id), tomadas.map((t) => t.id)],
      );
    }
  }
  if (nuevas.length === 0) return;
  await tx.query(
    `insert into pagos.transacciones (${COLUMNAS_TRANSACCION})
     select *, 1 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
       $7::bigint[], $8::text[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::boolean[], $14::text[],
       $15::timestamptz[], $16::boolean[], $17::text[], $18::text[], $19::timestamptz[])`,
    [
      nuevas.map((t) => t.id),
      nuevas.map((t) => t.partner_id),
      nuevas.map((t) => t.idCampania),
      nuevas.map((t) => t.brand_id),
      nuevas.map((t) => t.event_type),
      nuevas.map((t) => t.event_timestamp),
      nuevas.map((t) => t.monto_original?.unidades ?? null),
      nuevas.map((t) => t.comision.moneda),
      nuevas.map((t) => t.comision.unidades),
      nuevas.map((t) => t.tarifa_id),
      nuevas.map((t) => t.estado),
      nuevas.map((t) => t.payout_id),
      nuevas.map((t) => t.por_pagar),
      nuevas.map((t) => t.reembolso_de),
      nuevas.map((t) => t.libera),
      nuevas.map((t) => t.liberada),
      nuevas.map((t) => t.motivo),
      nuevas.map((t) => t.huella),
      nuevas.map((t) => t.creada),
    ],
  );
}

const CAMPANIA = `id, id_cliente, estado, presupuesto, presupuesto_moneda, anticipo, anticipo_moneda, gastado,
  gastado_moneda, fondeado, fondeado_moneda, fondeos, version`;

/** The replicas that many commands changed, by id, each at the version that it was decided on. */
export async function guardarCampanias(tx: Tx, escritas: Escrituras["campanias"]): Promise<void> {
  if (escritas.length === 0) return;
  const filas = escritas.map(({ campania: c, anterior }) => ({
    id: c.idCampania,
    id_cliente: c.idCliente,
    estado: c.estado,
    presupuesto: unidades(c.presupuesto),
    presupuesto_moneda: c.presupuesto?.moneda ?? null,
    anticipo: unidades(c.anticipo),
    anticipo_moneda: c.anticipo?.moneda ?? null,
    gastado: unidades(c.gastado),
    gastado_moneda: c.gastado?.moneda ?? null,
    fondeado: unidades(c.fondeado),
    fondeado_moneda: c.fondeado?.moneda ?? null,
    fondeos: c.fondeos,
    version: anterior + 1,
  }));
  const hecho = await tx.query(
    `insert into pagos.campanias as c (${CAMPANIA})
     select ${CAMPANIA} from json_populate_recordset(null::pagos.campanias, $1::json) order by id
     on conflict (id) do update set estado = excluded.estado, presupuesto = excluded.presupuesto,
       presupuesto_moneda = excluded.presupuesto_moneda, anticipo = excluded.anticipo,
       anticipo_moneda = excluded.anticipo_moneda, gastado = excluded.gastado,
       gastado_moneda = excluded.gastado_moneda, fondeado = excluded.fondeado,
       fondeado_moneda = excluded.fondeado_moneda, fondeos = excluded.fondeos, version = excluded.version
       where c.version = excluded.version - 1 returning 1`,
    [JSON.stringify(filas)],
  );
  if (hecho.length !== filas.length) throw new ConcurrencyError("a campaign is at another version");
}

/** Minor units as text, which the server reads as the bigint that JSON has not. */
const unidades = (d: Dinero | null): string | null => d === null ? null : String(d.unidades);
