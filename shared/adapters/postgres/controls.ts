import { bySql, type Control } from "./verify.ts";

const control = (name: string, sql: string): Control => bySql("alpes_mensajeria", name, sql);

/** What must hold in the tables that carry messages. */
export const MESSAGING_CONTROLS: readonly Control[] = [
  control(
    "what waits to be handled is there to be read",
    `select topic || ' ' || grupo || ' ' || pos as id, 'has no message' as detail from mensajeria.bus_entregas e
      where not exists (select from mensajeria.bus_mensajes m where m.pos = e.pos)`,
  ),
  control(
    "what stands behind a parked message has one before it",
    `select consumidor || ' ' || event_id as id, 'waits for its key ' || clave || ', which nothing holds back' as detail
       from mensajeria.inbox i
      where estado = 'LISTO' and actualizado < clock_timestamp() - interval '5 minutes'
        and not exists (select from mensajeria.inbox a
                         where a.consumidor = i.consumidor and a.clave = i.clave and a.estado = 'APARCADO')`,
  ),
  control(
    "a parked message can be read by who must decide about it",
    `select consumidor || ' ' || event_id as id, 'is ' || estado || ' without its text or its error' as detail
       from mensajeria.inbox where estado = 'APARCADO' and (mensaje is null or error is null)`,
  ),
  control(
    "the change feed has no gap",
    `select modulo as id, count(n) || ' lines, numbered ' || min(n) || ' to ' || max(n) as detail
       from mensajeria.cambios where n is not null group by modulo having max(n) - min(n) + 1 <> count(n)`,
  ),
];
