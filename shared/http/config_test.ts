import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { z } from "zod";
import { aboutSetting, BadSettings, readConfig } from "./config.ts";
import { serviceSettings } from "./settings.ts";
import { bffSettings, serviceUrls } from "./settings_bff.ts";

const DATABASE_URL = "postgres://alpes:secreto@localhost:5432/alpes";
const AUTH_MODE = "ninguna";

function complaint(read: () => unknown): BadSettings {
  try {
    read();
  } catch (e) {
    if (e instanceof BadSettings) return e;
    throw e;
  }
  throw new Error("the settings were accepted");
}
const bad = (env: Record<string, string>) =>
  Object.fromEntries(
    complaint(() => readConfig(serviceSettings(5000), env)).settings.map((s) => [s.variable, s.why]),
  );

Deno.test("a provider that is named needs a secret, and one of some length", () => {
  const PSP_URL = "http://127.0.0.1:5005/";
  match(bad({ DATABASE_URL, AUTH_MODE, PSP_URL }).PSP_SECRET ?? "", /needed with PSP_URL/);
  match(
    bad({ DATABASE_URL, AUTH_MODE, PSP_URL, PSP_SECRET: "short" }).PSP_SECRET ?? "",
    /at least 32/,
  );
  match(bad({ DATABASE_URL, PSP_URL: "ftp://x" }).PSP_URL ?? "", /http/);
  const good = readConfig(serviceSettings(5000), {
    DATABASE_URL,
    AUTH_MODE,
    PSP_URL,
    PSP_SECRET: "x".repeat(32),
  });
  equal(good.PSP_URL, "http://127.0.0.1:5005");
});

Deno.test("settings that are not given take their documented defaults", () => {
  deepEqual(readConfig(serviceSettings(5003), { DATABASE_URL, AUTH_MODE }), {
    HOST: "127.0.0.1",
    PORT: 5003,
    DATABASE_URL,
    PULSAR_NAMESPACE: "public/default",
    SAGA_PLAZO: 15,
    LIQUIDACION_CUATRO_OJOS: true,
    RETENCION_DIAS: 0,
    AUTH_MODE: "ninguna",
    OIDC_ROLES_CLAIM: "roles",
    OIDC_CLIENTE_CLAIM: "cliente",
    OIDC_CLOCK_SKEW_S: 30,
    PSP_TIMEOUT: 2,
    RATE_LIMIT_PETICIONES: 120_000,
    RATE_LIMIT_SEGUNDOS: 60,
    LOG_LEVEL: "info",
  });
  deepEqual(readConfig(bffSettings, { AUTH_MODE }), {
    BFF_HOST: "127.0.0.1",
    BFF_PORT: 5001,
    BFF_DEBUG: false,
    BFF_HTTP_TIMEOUT: 30,
    BFF_CACHE_TTL: 5,
    BFF_CORS_ORIGINS: [],
    BFF_MAX_RETRIES: 2,
    ALPESPARTNERS_SERVICE_URL: "http://localhost:5000",
    AUTH_MODE: "ninguna",
    OIDC_SCOPE: "openid",
    OIDC_AUTHORIZE_PARAMS: "",
    LOG_LEVEL: "info",
  });
});

Deno.test("a console that leads to an issuer knows its own address, and the issuer by a way that nobody alters", () => {
  const of = (env: Record<string, string>) =>
    readConfig(bffSettings, {
      AUTH_MODE: "oidc",
      OIDC_CLIENT_ID: "c",
      OIDC_ISSUER: "https://i.example",
      BFF_URL: "https://c.example",
      ...env,
    });
  deepEqual(of({}).BFF_URL, "https://c.example");
  for (
    const env of [
      { BFF_URL: "" },
      { OIDC_ISSUER: "" },
      { BFF_URL: "http://c.example" },
      { BFF_URL: "https://c.example/x" },
      { OIDC_ISSUER: "http://i.example" },
      { OIDC_AUTHORIZE_PARAMS: "audience=a&redirect_uri=https://malo.example" },
      { OIDC_SCOPE: "profile" },
    ]
  ) throws(() => of(env), JSON.stringify(env));
});

Deno.test("every bad variable is reported at once", () => {
  const all = bad({
    AUTH_MODE,
    HOST: "0.0.0.0",
    PORT: "70000",
    DATABASE_URL: "mysql://x",
    SAGA_PLAZO: "-1",
    LIQUIDACION_CUATRO_OJOS: "quizás",
    RETENCION_DIAS: "1.5",
    LOG_LEVEL: "loud",
    LOG_FORMAT: "xml",
    PULSAR_URL: "kafka://b:9092",
    PULSAR_ADMIN_URL: "pulsar://b:6650",
  });
  deepEqual(Object.keys(all).sort(), [
    "DATABASE_URL",
    "HOST",
    "LIQUIDACION_CUATRO_OJOS",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "PORT",
    "PULSAR_ADMIN_URL",
    "PULSAR_URL",
    "RETENCION_DIAS",
    "SAGA_PLAZO",
  ]);
  deepEqual(Object.keys(bad({})).sort(), ["DATABASE_URL"]);
});

Deno.test("a complaint tells the variable, why, and a line that can be run", () => {
  const e = complaint(() => readConfig(serviceSettings(5000), { AUTH_MODE, PORT: "abc", DATABASE_URL }));
  match(e.message, /PORT\n {4}why: must be a port from 1 to 65535; it is "abc"\n {4}run: export PORT=5000\n/);
});

Deno.test("the value of a secret is never in the complaint", () => {
  const e = complaint(() =>
    readConfig(serviceSettings(5000), {
      AUTH_MODE,
      DATABASE_URL: "postgre://u:hunter2@db/x",
      PULSAR_URL: "pulsar+ssl://token:hunter2@b",
    })
  );
  match(e.message, /DATABASE_URL/);
  ok(!e.message.includes("hunter2"), e.message);
  ok(!JSON.stringify(e.settings).includes("hunter2"));
  const url = complaint(() =>
    readConfig(bffSettings, { AUTH_MODE, CLIENTE_SERVICE_URL: "ftp://u:hunter2@host" })
  );
  ok(!url.message.includes("hunter2"), url.message);
});

Deno.test("an empty variable is an unset one", () => {
  const c = readConfig(serviceSettings(5000), {
    AUTH_MODE,
    DATABASE_URL,
    PORT: "",
    PULSAR_URL: " ",
    LOG_FORMAT: "",
  });
  equal(c.PORT, 5000);
  equal(c.PULSAR_URL, undefined);
  ok("DATABASE_URL" in bad({ AUTH_MODE, DATABASE_URL: "" }));
});

Deno.test("both spellings of a PostgreSQL address are taken", () => {
  for (const url of ["postgres://h/x", "postgresql://h/x", "postgresql:///x?host=/run/postgresql"]) {
    equal(readConfig(serviceSettings(5000), { AUTH_MODE, DATABASE_URL: url }).DATABASE_URL, url);
  }
});

Deno.test("without authentication only a loopback address is listened on", () => {
  for (const HOST of ["127.0.0.1", "127.8.8.8", "localhost", "::1"]) {
    equal(readConfig(serviceSettings(5000), { AUTH_MODE, DATABASE_URL, HOST }).HOST, HOST);
  }
  for (const HOST of ["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org", "example.org"]) {
    match(bad({ AUTH_MODE, DATABASE_URL, HOST })["HOST"] ?? "", /loopback/);
    match(
      complaint(() => readConfig(bffSettings, { AUTH_MODE, BFF_HOST: HOST })).message,
      /BFF_HOST[^]*loopback/,
    );
  }
});

Deno.test("callers are recognised by key unless something else is said, and then anywhere", () => {
  for (const HOST of ["127.0.0.1", "0.0.0.0"]) {
    equal(readConfig(serviceSettings(5000), { DATABASE_URL, HOST }).AUTH_MODE, "claves");
    equal(readConfig(bffSettings, { BFF_HOST: HOST }).AUTH_MODE, "claves");
  }
  match(bad({ DATABASE_URL, AUTH_MODE: "ninguno" })["AUTH_MODE"] ?? "", /ninguna, claves or oidc/);
});

Deno.test("oidc needs to know its issuer, and its keys over a way that nobody can change", () => {
  const oidc = { DATABASE_URL, AUTH_MODE: "oidc" };
  const all = {
    OIDC_ISSUER: "https://id.example/realms/a",
    OIDC_AUDIENCE: "alpes",
    OIDC_JWKS_URL: "https://id.example/realms/a/certs",
  };
  deepEqual(Object.keys(bad(oidc)).sort(), ["OIDC_AUDIENCE", "OIDC_ISSUER", "OIDC_JWKS_URL"]);
  equal(readConfig(serviceSettings(5000), { ...oidc, ...all }).OIDC_CLOCK_SKEW_S, 30);
  const here = { ...oidc, ...all, OIDC_JWKS_URL: "http://127.0.0.1:9/jwks" };
  equal(readConfig(serviceSettings(5000), here).OIDC_JWKS_URL, "http://127.0.0.1:9/jwks");
  const wrong = {
    OIDC_JWKS_URL: "http://id.example/certs",
    OIDC_CLOCK_SKEW_S: "301",
    OIDC_ROLES_CLAIM: "a..b",
    OIDC_ISSUER: "id.example",
  };
  deepEqual(Object.keys(bad({ ...oidc, ...all, ...wrong })).sort(), Object.keys(wrong).sort());
});

Deno.test("what the BFF keeps secret is never in a complaint", () => {
  const e = complaint(() =>
    readConfig(bffSettings, { BFF_SECRET: "hunter2", BFF_CLAVE: "alp_admin_hunter2" })
  );
  deepEqual(e.settings.map((s) => s.variable).sort(), ["BFF_CLAVE", "BFF_SECRET"]);
  ok(!e.message.includes("hunter2"), e.message);
});

Deno.test("an address of the database with TLS says so in a way that cannot fall back to none", () => {
  const at = (query: string) => `postgres://u:hunter2@db.example/alpes?${query}`;
  for (
    const query of [
      "sslmode=disable",
      "sslmode=require",
      "sslmode=verify-ca&sslrootcert=/etc/ca.pem",
      "sslmode=verify-full&sslrootcert=/etc/ca.pem",
      "sslmode=verify-full&sslcert=/c.pem&sslkey=/k.pem",
    ]
  ) {
    equal(readConfig(serviceSettings(5000), { DATABASE_URL: at(query) }).DATABASE_URL, at(query));
  }
  for (
    const query of [
      "sslmode=prefer",
      "sslmode=allow",
      "sslmode=no-verify",
      "sslmode=verify_full",
      "ssl=true",
      "ssl=no-verify",
      "sslmode=require&uselibpqcompat=true",
      "sslrootcert=/etc/ca.pem",
      "sslmode=disable&sslrootcert=/etc/ca.pem",
    ]
  ) {
    const why = bad({ DATABASE_URL: at(query) })["DATABASE_URL"] ?? "";
    match(why, /ssl/, query);
    ok(!why.includes("hunter2"));
  }
});

Deno.test("a Pulsar address names its client by its scheme, and carries nothing else", () => {
  const base = { AUTH_MODE, DATABASE_URL };
  for (const PULSAR_URL of ["pulsar://b:6650", "pulsar+ssl://b:6651", "ws://b:8080", "wss://b:8443/"]) {
    equal(readConfig(serviceSettings(5000), { ...base, PULSAR_URL }).PULSAR_URL, PULSAR_URL);
  }
  for (const PULSAR_URL of ["http://b:8080", "kafka://b", "b:6650"]) {
    match(bad({ ...base, PULSAR_URL })["PULSAR_URL"] ?? "", /pulsar:\/\/ or pulsar\+ssl:/);
  }
  for (const PULSAR_URL of ["pulsar://token@b", "ws://b/ws/v2", "ws://b?token=x"]) {
    match(bad({ ...base, PULSAR_URL })["PULSAR_URL"] ?? "", /PULSAR_TOKEN/);
  }
  match(bad({ ...base, PULSAR_ADMIN_URL: "ws://b:8080" })["PULSAR_ADMIN_URL"] ?? "", /http:\/\/ or https/);
  match(bad({ ...base, PULSAR_NAMESPACE: "solo" })["PULSAR_NAMESPACE"] ?? "", /tenant\/namespace/);
});

Deno.test("the BFF reads its origins as a list, and takes no pattern for one", () => {
  const origins = (BFF_CORS_ORIGINS: string) => readConfig(bffSettings, { AUTH_MODE, BFF_CORS_ORIGINS });
  deepEqual(origins("http://localhost:3000, https://a.example").BFF_CORS_ORIGINS, [
    "http://localhost:3000",
    "https://a.example",
  ]);
  for (const wrong of ["*", "https://a.example/path", "a.example", "null"]) {
    match(complaint(() => origins(wrong)).message, /BFF_CORS_ORIGINS/);
  }
});

Deno.test("the address of one service overrides the common one", () => {
  const c = readConfig(bffSettings, {
    AUTH_MODE,
    ALPESPARTNERS_SERVICE_URL: "http://localhost:5000/",
    PAGOS_SERVICE_URL: "http://localhost:5002",
  });
  deepEqual(serviceUrls(c), {
    cliente: "http://localhost:5000",
    pagos: "http://localhost:5002",
    campanias: "http://localhost:5000",
  });
});

function exampleIsComplete<S extends z.ZodRawShape>(file: string, schema: z.ZodObject<S>): void {
  Deno.test(`${file} lists every setting with its default, and can be used as it is`, () => {
    const text = Deno.readTextFileSync(new URL(`../../${file}`, import.meta.url));
    const lines = [...text.matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)].map(([, off, name = "", value = ""]) => ({
      active: off === undefined,
      name,
      value,
    }));
    deepEqual(lines.map((l) => l.name).sort(), Object.keys(schema.shape).sort());
    const active = lines.filter((l) => l.active).map((l) => [l.name, l.value]);
    const asIs = readConfig(schema, Object.fromEntries(active));
    const written = readConfig(schema, Object.fromEntries(lines.map((l) => [l.name, l.value])));
    deepEqual(written, asIs);
    for (const [name, field] of Object.entries(schema.shape)) {
      ok(field instanceof z.ZodType && aboutSetting(field).meaning !== "", `${name} has no explanation`);
    }
  });
}
exampleIsComplete(".env.example", serviceSettings(5000));
exampleIsComplete(".env.bff.example", bffSettings);
