import { Hono } from "hono";

/** The least that a handler can do: what the runtime and the router cost. */
const app = new Hono();
app.get("/", (c) => c.json({ estado: "bien", figuras: [1, 2, 3], nombre: "alpes" }));
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")), onListen() {} }, app.fetch);
