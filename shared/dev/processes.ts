/** One process as it is shipped: a binary, a bundle or an image. */
export interface Shipped {
  readonly entry: string;
  /** What it may do; nothing else is asked for, and nothing else is given. */
  readonly permissions: readonly string[];
  /** It needs the migrations: to apply them, or to know whether they are there. */
  readonly migrations: boolean;
  /** It serves the console, built by `deno task consola`. */
  readonly consola?: boolean;
}

const SERVICE: Omit<Shipped, "entry"> = {
  // Read: the certificates that settings name, and /proc for who holds a port. Nothing is written, started or loaded.
  permissions: ["--allow-net", "--allow-env", "--allow-read"],
  migrations: true,
};

/** Everything that a deployment runs, by the name of its binary. */
export const PROCESSES: Readonly<Record<string, Shipped>> = {
  alpespartners: { ...SERVICE, entry: "services/main.ts" },
  bff: { ...SERVICE, entry: "bff/main.ts", migrations: false, consola: true },
  cliente: { ...SERVICE, entry: "services/cliente/main.ts" },
  pagos: { ...SERVICE, entry: "services/pagos/main.ts" },
  campanias: { ...SERVICE, entry: "services/campanias/main.ts" },
  migrar: { ...SERVICE, entry: "migrations/aplicar.ts" },
  topics: { ...SERVICE, entry: "shared/dev/topics.ts", migrations: false },
  claves: { ...SERVICE, entry: "shared/auth/claves_cli.ts", migrations: false },
};
