/** All that a person needs to know about a running platform; `dev` keeps it in a file for whoever asks again. */
export interface Running {
  readonly pid: number;
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

/** At most 16 lines. `already`: somebody else started it. */
export function screen(r: Running, already: boolean, colour: boolean): string {
  const p = paint(colour);
  const row = (name: string, value: string, note = "") =>
    `  ${p("2", name.padEnd(9))} ${value}${note && p("2", `  ${note}`)}`;
  const state = already
    ? `runs already (pid ${r.pid}); nothing was started`
    : `runs, ready in ${r.seconds.toFixed(1)} s`;
  const stop = already ? `kill ${r.pid}` : "Ctrl-C";
  return [
    `${p("1;32", "✓")} ${p("1", "Alpes Partners")} ${state}`,
    "",
    row("API", p("36", `${r.api}/api/v1/dashboard`), `documents ${r.api}/docs`),
    row("services", p("36", r.services), `documents ${r.services}/docs`),
    row("data", r.data ?? "in DATABASE_URL", r.data === null ? "" : "kept until deno task dev --limpio"),
    row("psql", r.psql),
    row("log", `tail -f '${r.log}'`, "warnings come here too"),
    "",
    row("next", p("1", "deno task demo"), "a change of a file starts its process again"),
    row("stop", p("1", stop)),
  ].join("\n");
}
