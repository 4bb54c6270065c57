import type { EmbeddedOptions } from "./embedded_postgres.ts";
import { dataHome } from "./places.ts";

/** The embedded server of all test processes of this machine: fast, with room for many pools, worth nothing. */
export const testServer = (): EmbeddedOptions => ({
  home: `${dataHome()}/pruebas`,
  port: 25433,
  throwaway: true,
  settings: ["max_connections=400", "shared_buffers=256MB", "wal_level=minimal", "max_wal_senders=0"],
});
