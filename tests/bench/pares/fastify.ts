import { fastify } from "fastify";
// @ts-types="@types/pg"
import pg from "pg";

/** The same durable job as pgbench's: a JSON body, BEGIN, two INSERTs, COMMIT, an answer; one transaction a request. */
const pool = new pg.Pool({ connectionString: Deno.env.get("DATABASE_URL"), max: 16 });
const app = fastify();
const body = {
  type: "object",
  required: ["nombre", "email"],
  properties: { nombre: { type: "string", minLength: 2 }, email: { type: "string", minLength: 3 } },
};
app.post<{ Body: { nombre: string; email: string } }>("/", { schema: { body } }, async (request, reply) => {
  const { nombre, email } = request.body;
  const db = await pool.connect();
  try {
    await db.query("begin");
    const { rows } = await db.query<{ id: string }>({
      name: "fila",
      text: "insert into banco.filas (nombre, email, en) values ($1, $2, now()) returning id",
      values: [nombre, email],
    });
    await db.query({
      name: "salida",
      text: "insert into banco.salida (topic, mensaje) values ('eventos.cliente', $1::json)",
      values: [JSON.stringify({ type: "ClienteRegistrado.v1", data: { nombre } })],
    });
    await db.query("commit");
    return await reply.code(201).send({ id: rows[0]?.id });
  } catch (e) {
    await db.query("rollback");
    throw e;
  } finally {
    db.release();
  }
});
await app.listen({ host: "127.0.0.1", port: Number(Deno.env.get("PORT")) });

const parent = Deno.ppid;
setInterval(() => Deno.ppid === parent || Deno.exit(0), 500);
