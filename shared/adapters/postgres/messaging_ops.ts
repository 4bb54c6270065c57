import { actorName } from "@alpes/shared/seedwork/actor.ts";
import { decodeMessage } from "@alpes/shared/seedwork/message_json.ts";
import {
  type DeskAnswer,
  type DeskOrder,
  type DeskRefusal,
  type MessageDesk,
  type MessagingLag,
  parkedId,
  type ParkedMessage,
  parsedParkedId,
} from "@alpes/shared/seedwork/message_desk.ts";
import type { Message } from "@alpes/shared/seedwork/messages.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Database } from "./database.ts";

type Order = (order: DeskOrder) => Promise<Result<DeskAnswer, DeskRefusal>>;
interface Row {
  readonly consumidor: string;
  readonly event_id: string;
  readonly topic: string;
  readonly clave: string;
  readonly estado: ParkedMessage["estado"];
  readonly intentos: number;
  readonly error: string | null;
  readonly mensaje: string;
  readonly orden: bigint;
  readonly recibido: Date;
  readonly actualizado: Date;
  readonly detras: bigint;
}

/** How many LISTO messages stand behind row `i`. */
const BEHIND =
  `(select count(*) from mensajeria.inbox d where d.consumidor = i.consumidor and d.clave = i.clave
  and d.estado = 'LISTO' and d.orden > i.orden)`;

/** The operator's desk over one module's inbox and outbox. `onRelease`: wake the drains of this process. */
export function postgresMessageDesk(
  db: Database,
  modulo: string,
  onRelease: () => void = () => {},
): MessageDesk {
  const own = (consumidor: string) => consumidor === modulo || consumidor.startsWith(`${modulo}.`);

  const order =
    (to: DeskAnswer["estado"], from: readonly string[]): Order =>
    async ({ id, actor, motivo, correlation_id, accion }) => {
      const parsed = parsedParkedId(id);
      if (parsed === null || !own(parsed.consumidor)) return err({ tipo: "no_existe" });
      const { consumidor, event_id } = parsed;
      const [moved] = await db.query<{ detras: bigint }>(
        `with movido as (update mensajeria.inbox i
          set estado = $3, motivo = $4, actor = $5, actualizado = clock_timestamp(),
              intentos = case when $3 = 'LISTO' then 0 else i.intentos end,
              error = case when $3 = 'LISTO' then null else i.error end
        where i.consumidor = $1 and i.event_id = $2 and i.estado = any($6::text[])
       returning ${BEHIND} as detras), rastro as (
         insert into mensajeria.auditoria (modulo, actor, accion, recurso_tipo, recurso_id, correlacion, resultado)
         select $7, $5, $8::text, 'mensaje', $9, $10::text, 'HECHO' from movido where $8::text is not null)
       select detras from movido`,
        [
          consumidor,
          event_id,
          to,
          motivo,
          actorName(actor),
          from,
          modulo,
          accion ?? null,
          id,
          correlation_id ?? "",
        ],
      );
      if (moved !== undefined) {
        onRelease();
        return ok({ id, estado: to, detras: Number(moved.detras) });
      }
      const [now] = await db.query<{ estado: string }>(
        `select estado from mensajeria.inbox where consumidor = $1 and event_id = $2
          and estado in ('APARCADO', 'APARTADO', 'LISTO', 'DESCARTADO', 'HECHO')`,
        [consumidor, event_id],
      );
      return err(
        now === undefined ? { tipo: "no_existe" } : { tipo: "no_esta_aparcado", estado: now.estado },
      );
    };

  return {
    async list(after, limit) {
      const rows = await db.query<Row>(
        `select i.consumidor, i.event_id, i.topic, i.clave, i.estado, i.intentos, i.error, i.mensaje::text as mensaje,
                i.orden, i.recibido, i.actualizado,
                case when i.estado = 'APARCADO' then ${BEHIND} else 0 end as detras
           from mensajeria.inbox i
          where i.estado in ('APARCADO', 'APARTADO') and (i.consumidor = $1 or starts_with(i.consumidor, $1 || '.'))
            and i.orden > $2::bigint
          order by i.orden limit $3`,
        [modulo, after ?? "0", limit + 1],
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { data: page.map(parked), next: rows.length > limit && last ? String(last.orden) : null };
    },
    reintentar: order("LISTO", ["APARCADO", "APARTADO"]),
    liberar: order("APARTADO", ["APARCADO"]),
    descartar: order("DESCARTADO", ["APARCADO", "APARTADO"]),
    lag: () => lag(db, modulo),
  };
}

const parked = (r: Row): ParkedMessage => {
  const mensaje = decodeMessage(r.mensaje) as Message;
  return {
    id: parkedId(r.consumidor, r.event_id),
    consumidor: r.consumidor,
    event_id: r.event_id,
    topic: r.topic,
    type: mensaje.type,
    clave: r.clave,
    estado: r.estado,
    intentos: r.intentos,
    error: r.error ?? "",
    detras: Number(r.detras),
    recibido: r.recibido,
    actualizado: r.actualizado,
    mensaje,
  };
};

/** Counts stop at 10,000: beyond it the age says more than the number. */
async function lag(db: Database, modulo: string): Promise<MessagingLag> {
  const [row] = await db.query<Record<"salida" | "entrada" | "aparcados" | "detras", bigint> & Ages>(
    `select (select count(*) from (select from mensajeria.outbox where modulo = $1 limit 10000) o) as salida,
            (select extract(epoch from clock_timestamp() - min(o.creado))::float8
               from generate_series(0, 15) as p, lateral (select creado from mensajeria.outbox
                where modulo = $1 and particion = p order by id limit 1) o) as salida_edad,
            (select count(*) from (select from mensajeria.bus_topicos t, unnest(t.grupos) as g, mensajeria.bus_entregas e
                where (g = $1 or starts_with(g, $1 || '.')) and e.topic = t.topic and e.grupo = g limit 10000) b) as entrada,
            (select extract(epoch from clock_timestamp() - min(m.publicado))::float8
               from mensajeria.bus_topicos t, unnest(t.grupos) as g, generate_series(0, 15) as p,
                    lateral (select pos from mensajeria.bus_entregas e where e.topic = t.topic and e.grupo = g
                      and e.particion = p order by pos limit 1) e
               join mensajeria.bus_mensajes m using (pos)
              where g = $1 or starts_with(g, $1 || '.')) as entrada_edad,
            (select count(*) from mensajeria.inbox where estado in ('APARCADO', 'APARTADO')
                and (consumidor = $1 or starts_with(consumidor, $1 || '.'))) as aparcados,
            (select count(*) from mensajeria.inbox where estado = 'LISTO'
                and (consumidor = $1 or starts_with(consumidor, $1 || '.'))) as detras`,
    [modulo],
  );
  if (row === undefined) throw new Error("an aggregate without a row");
  return {
    outbox: { pendientes: Number(row.salida), edad_s: seconds(row.salida_edad) },
    inbox: {
      pendientes: Number(row.entrada),
      edad_s: seconds(row.entrada_edad),
      aparcados: Number(row.aparcados),
      detras: Number(row.detras),
    },
  };
}

interface Ages {
  readonly salida_edad: number | null;
  readonly entrada_edad: number | null;
}
const seconds = (age: number | null): number => Math.max(0, Math.round((age ?? 0) * 1000) / 1000);
