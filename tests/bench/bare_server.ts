import { Hono } from "hono";

/** The least that a handler can do: what the runtime and the router cost. Ends with who started it. */
const app = new Hono();
app.get("/", (c) => c.json({ estado: "bien", figuras: [1, 2, 3], nombre: "alpes" }));
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")), onListen() {} }, app.fetch);

const parent = Deno.ppid;
setInterval(() => Deno.ppid === parent || Deno.exit(0), 500);
