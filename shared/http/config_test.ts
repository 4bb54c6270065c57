import { deepEqual, equal, match, ok } from "node:assert/strict";
import { z } from "zod";
import { aboutSetting, BadSettings, readConfig } from "./config.ts";
import { bffSettings, serviceSettings, serviceUrls } from "./settings.ts";

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

Deno.test("settings that are not given take their documented defaults", () => {
  deepEqual(readConfig(serviceSettings(5003), { DATABASE_URL, AUTH_MODE }), {
    HOST: "127.0.0.1",
    PORT: 5003,
    DATABASE_URL,
    SAGA_PLAZO: 15,
    LIQUIDACION_CUATRO_OJOS: true,
    RETENCION_DIAS: 0,
    AUTH_MODE: "ninguna",
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
    LOG_LEVEL: "info",
  });
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
    PULSAR_URL: "pulsar://b:6650",
    PULSAR_ADMIN_URL: "http://b:8080",
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
  deepEqual(Object.keys(bad({})).sort(), ["AUTH_MODE", "DATABASE_URL"]);
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

Deno.test("an authentication that is not there yet stops the start, also as the default", () => {
  for (const env of [{}, { AUTH_MODE: "claves" }, { AUTH_MODE: "oidc" }]) {
    match(bad({ DATABASE_URL, ...env })["AUTH_MODE"] ?? "", /not in this version yet/);
    match(complaint(() => readConfig(bffSettings, env)).message, /AUTH_MODE[^]*not in this version yet/);
  }
});

Deno.test("a Pulsar address stops the start instead of being ignored", () => {
  match(
    bad({ AUTH_MODE, DATABASE_URL, PULSAR_URL: "pulsar://b:6650" })["PULSAR_URL"] ?? "",
    /Pulsar adapter is not/,
  );
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
