import type { DevKeys } from "./dev_keys.ts";

/** All that a person needs to know about a running platform; `dev` keeps it in a file for whoever asks again. */
export interface Running {
  readonly pid: number;
  /** AUTH_MODE of its processes. */
  readonly auth: string;
  readonly api: string;
  readonly services: string;
  /** Where the tables lie; `null` when the database is not ours. */
  readonly data: string | null;
  readonly psql: string;
  readonly log: string;
  /** Seconds from the command to the answer `healthy`. */
  readonly seconds: number;
}

const paint = (colour: boolean) => (code: string, s: string) => colour ? `\x1b[${code}m${s}\x1b[0m` : s;

const NOBODY_ASKED = "whoever is on this machine may do everything; --claves asks for keys";

/** At most 16 lines. `already`: somebody else started it. `keys`: only at the moment when they were made. */
export function screen(r: Running, already: boolean, colour: boolean, keys: DevKeys | null = null): string {
  const p = paint(colour);
  const row = (name: string, value: string, note = "") =>
    `  ${p("2", name.padEnd(9))} ${value}${note && p("2", `  ${note}`)}`;
  const state = already
    ? `runs already (pid ${r.pid}); nothing was started`
    : `runs, ready in ${r.seconds.toFixed(1)} s`;
  const stop = already ? `kill ${r.pid}` : "Ctrl-C";
  const space = keys === null ? [""] : [];
  const access = keys === null
    ? [
      row(
        "access",
        `AUTH_MODE=${r.auth}`,
        r.auth === "ninguna" ? NOBODY_ASKED : "keys: deno task claves --help",
      ),
    ]
    : [
      row("sign in", p("36", `${r.api}/api/v1/sesion/enlace?codigo=${keys.codigo}`)),
      ...Object.entries(keys.claves).map(([rol, key]) => row(rol, key)),
    ];
  const demo = keys === null ? "deno task demo" : "ALPES_CLAVE=<admin> deno task demo";
  return [
    `${p("1;32", "✓")} ${p("1", "Alpes Partners")} ${state}`,
    ...space,
    row("API", p("36", `${r.api}/api/v1/dashboard`), `documents ${r.api}/docs`),
    row("services", p("36", r.services), `documents ${r.services}/docs`),
    row("data", r.data ?? "in DATABASE_URL", r.data === null ? "" : "kept until deno task dev --limpio"),
    row("psql", r.psql),
    row("log", `tail -f '${r.log}'`, "warnings come here too"),
    ...access,
    ...space,
    row("next", p("1", demo), "a change of a file starts its process again"),
    row("stop", p("1", stop)),
  ].join("\n");
}
