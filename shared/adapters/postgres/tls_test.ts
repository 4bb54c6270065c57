import assert from "node:assert/strict";
// @ts-types="@types/pg"
import pg from "pg";
import { pinnedTls } from "./tls.ts";

/** What the driver makes of an address: `false` without TLS, else the options of its TLS connection. */
function tlsOf(url: string): unknown {
  const client = new pg.Client({ connectionString: pinnedTls(url) });
  return Reflect.get(client, "ssl");
}
const at = (query: string) => `postgres://u:p@db.example:5432/alpes${query}`;

Deno.test("without a mode, or with disable, there is no TLS", () => {
  assert.equal(tlsOf(at("")), false);
  assert.equal(tlsOf(at("?sslmode=disable")), false);
});

Deno.test("every mode that asks for TLS checks certificate and name, against the root of the address", async () => {
  const ca = await Deno.makeTempFile({ suffix: ".pem" });
  try {
    await Deno.writeTextFile(ca, "-- root --");
    for (const mode of ["require", "verify-ca", "verify-full"]) {
      // Neither `rejectUnauthorized` nor a name check of its own: Node's defaults are the strict ones.
      assert.deepEqual({ ...Object(tlsOf(at(`?sslmode=${mode}`))) }, {}, mode);
      const rooted = tlsOf(at(`?application_name=x&sslmode=${mode}&sslrootcert=${encodeURIComponent(ca)}`));
      assert.deepEqual({ ...Object(rooted) }, { ca: "-- root --" }, mode);
    }
  } finally {
    await Deno.remove(ca);
  }
});

Deno.test("a root that cannot be read is a fault, not a connection without it", () => {
  assert.throws(() => tlsOf(at("?sslmode=verify-full&sslrootcert=/no/such.pem")), /ENOENT/);
});

Deno.test("nothing else of the address changes", () => {
  const same = [
    at(""),
    at("?sslmode=disable"),
    at("?sslmode=verify-full"),
    "postgres://u:sslmode=require@h/x",
  ];
  for (const url of same) assert.equal(pinnedTls(url), url);
  assert.equal(
    pinnedTls("postgresql:///x?host=/run/postgresql&sslmode=require#f"),
    "postgresql:///x?host=/run/postgresql&sslmode=verify-full#f",
  );
});
