import { z } from "zod";
import { setting } from "./config.ts";
import { isLoopback } from "./loopback.ts";

const number = (text: string, min: number, max: number) =>
  z.string().regex(/^\d{1,9}(\.\d{1,6})?$/, text).transform(Number)
    .refine((n) => n >= min && n <= max, { error: text });
const integer = (text: string, min: number, max: number) =>
  z.string().regex(/^\d{1,9}$/, text).transform(Number)
    .refine((n) => n >= min && n <= max, { error: text });
/** Not `stringbool`: its failure would silence the complaint about the loopback address. */
const bool = () =>
  z.string().regex(/^(true|false|1|0)$/, "must be true or false").transform((v) => v === "true" || v === "1");

const host = () =>
  z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, "must be a host name or an address, without port");
const port = (fallback: number) =>
  setting(integer("must be a port from 1 to 65535", 1, 65535).default(fallback), {
    meaning: "the port to listen on",
    example: String(fallback),
  });

const url = (protocols: readonly string[], text: string) =>
  z.string().refine((v) => URL.canParse(v) && protocols.includes(new URL(v).protocol), { error: text });
/**
 * What is wrong with the TLS that a database's address asks for; `null`: nothing. A mode that may go on without TLS, or
 * without knowing whom it talks to, is none.
 */
function tlsFault(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const q = new URL(address).searchParams;
  const mode = q.get("sslmode");
  if (mode !== null && !["disable", "require", "verify-ca", "verify-full"].includes(mode)) {
    return "has an sslmode other than disable, require, verify-ca and verify-full, the last three of which check the server's certificate and name";
  }
  if (q.has("ssl") || q.has("uselibpqcompat")) return "must say sslmode in place of ssl and uselibpqcompat";
  if ((mode === null || mode === "disable") && q.has("sslrootcert")) {
    return "has an sslrootcert, but no sslmode that uses it";
  }
  return null;
}

/** Where a service answers, without a trailing slash. */
const serviceUrl = () =>
  url(["http:", "https:"], "must be an http:// or https:// address").transform((v) => v.replace(/\/+$/, ""));

const AUTH_MODE = setting(
  z.enum(["ninguna", "claves", "oidc"], "must be ninguna, claves or oidc").default("claves"),
  { meaning: "how callers are recognised: ninguna, claves or oidc", example: "claves" },
);
const JWKS = "must be an https:// address (http:// only on this machine)";
const OPEN_DOOR =
  "ninguna lets anybody who reaches the port move money, so the host must be a loopback address";

const PSP = "must be an http:// or https:// address";

const OIDC_ISSUER_MEANING = "oidc: who signs the tokens, exactly as in their iss";
const OIDC_ISSUER_EXAMPLE = "https://identidad.example.org/realms/alpes";
const OIDC = {
  OIDC_ISSUER: setting(
    url(["https:", "http:"], "must be the issuer's address, as in its tokens' iss").optional(),
    {
      meaning: OIDC_ISSUER_MEANING,
      example: OIDC_ISSUER_EXAMPLE,
    },
  ),
  OIDC_AUDIENCE: setting(z.string().max(255).optional(), {
    meaning: "oidc: whom the tokens must be for (aud)",
    example: "alpespartners",
  }),
  OIDC_JWKS_URL: setting(
    // Whoever can change the keys on their way can sign anything.
    url(["https:", "http:"], JWKS).refine(
      (v) => !URL.canParse(v) || new URL(v).protocol === "https:" || isLoopback(new URL(v).hostname),
      { error: JWKS },
    ).optional(),
    {
      meaning: "oidc: where the issuer publishes its keys",
      example: "https://identidad.example.org/realms/alpes/protocol/openid-connect/certs",
    },
  ),
  OIDC_ROLES_CLAIM: setting(
    z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, "must be a claim's name, with dots into nested ones").default(
      "roles",
    ),
    { meaning: "oidc: the claim that holds the roles", example: "realm_access.roles" },
  ),
  OIDC_CLIENTE_CLAIM: setting(
    z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, "must be a claim's name, with dots into nested ones").default(
      "cliente",
    ),
    { meaning: "oidc: the claim that names the cliente a partner stands for", example: "cliente" },
  ),
  OIDC_CLOCK_SKEW_S: setting(integer("must be a whole number of seconds from 0 to 300", 0, 300).default(30), {
    meaning: "oidc: seconds by which the issuer's clock may differ",
    example: "30",
  }),
};
const needed = (name: keyof typeof OIDC) => ({
  error: "is needed with AUTH_MODE=oidc",
  path: [name],
  when: ({ value }: { value: unknown }) => modeIs("oidc", value),
});
const modeIs = (mode: string, value: unknown): boolean => Reflect.get(Object(value), "AUTH_MODE") === mode;

/** The address of the database; its TLS is checked for what it would let through. */
export const DATABASE_URL = setting(
  url(["postgres:", "postgresql:"], "must start with postgres:// or postgresql://")
    .refine((v) => tlsFault(v) === null, { error: ({ input }) => tlsFault(String(input)) ?? "" }),
  {
    meaning: "the PostgreSQL database (dev, test, demo and bench start their own)",
    example: "postgres://alpes:secret@localhost:5432/alpes",
    secret: true,
  },
);

const LOGS = {
  LOG_LEVEL: setting(
    z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error").default("info"),
    {
      meaning: "the least important line that is written",
      example: "info",
    },
  ),
  LOG_FORMAT: setting(z.enum(["pretty", "json"], "must be pretty or json").optional(), {
    meaning: "pretty or json; unset: pretty in a terminal, else json",
    example: "json",
  }),
};

/** An address of a server alone: a token in it would end in logs, and a path would be ignored. */
const origin = (protocols: readonly string[], text: string) =>
  url(protocols, text).refine(
    (v) => {
      const u = URL.parse(v);
      return u === null || (u.username + u.password + u.search + u.hash === "" && /^\/?$/.test(u.pathname));
    },
    { error: "must have nothing but host and port; a token goes into PULSAR_TOKEN" },
  );
const PULSAR_ADMIN = origin(["http:", "https:"], "must be an http:// or https:// address");

const PULSAR = {
  PULSAR_NAMESPACE: setting(
    z.string().regex(/^[\w.=:-]+\/[\w.=:-]+$/, "must be tenant/namespace").default("public/default"),
    { meaning: "Pulsar: the tenant and namespace of the topics", example: "public/default" },
  ),
  PULSAR_TOKEN: setting(z.string().regex(/^[\w.~+/=-]+$/, "must be a token, in one line").optional(), {
    meaning: "Pulsar: the token (JWT) with which we come",
    example: "eyJ…",
    secret: true,
  }),
  PULSAR_TLS_CA: setting(z.string().optional(), {
    meaning: "Pulsar: a file with the PEM certificates to trust in place of the system's",
    example: "/etc/pulsar/ca.pem",
  }),
};

/** What `deno task topics` needs. */
export const topicSettings = z.object({
  PULSAR_ADMIN_URL: setting(PULSAR_ADMIN, {
    meaning: "the Pulsar broker's admin address",
    example: "http://localhost:8080",
    secret: true,
  }),
  ...PULSAR,
});

/** The settings of the services, alone or together; `fallbackPort` is the process's own (wire contract, section 1). */
export const serviceSettings = (fallbackPort: 5000 | 5002 | 5003 | 5004) =>
  z.object({
    HOST: setting(host().default("127.0.0.1"), { meaning: "the address to listen on", example: "127.0.0.1" }),
    PORT: port(fallbackPort),
    DATABASE_URL,
    PULSAR_URL: setting(
      origin(
        ["pulsar:", "pulsar+ssl:", "ws:", "wss:"],
        "must start with pulsar:// or pulsar+ssl:// (native client), ws:// or wss:// (WebSocket)",
      ).optional(),
      {
        meaning: "the Pulsar broker; unset: the bus in PostgreSQL",
        example: "ws://localhost:8080",
        secret: true,
      },
    ),
    PULSAR_ADMIN_URL: setting(PULSAR_ADMIN.optional(), {
      meaning: "the Pulsar broker's admin address; when set, missing topics are made at start",
      example: "http://localhost:8080",
      secret: true,
    }),
    ...PULSAR,
    SAGA_PLAZO: setting(
      number("must be a number of minutes over 0, at most 43200", 0.001, 43_200).default(15),
      { meaning: "minutes after which a payment without an outcome is compensated", example: "15" },
    ),
    LIQUIDACION_CUATRO_OJOS: setting(bool().default(true), {
      meaning: "whether a payout run needs another person's approval",
      example: "true",
    }),
    RETENCION_DIAS: setting(integer("must be a whole number of days from 0 to 36500", 0, 36_500).default(0), {
      meaning:
        "days for which a commission is held before it may be paid, unless a partner's terms say otherwise",
      example: "0",
    }),
    PSP_URL: setting(url(["https:", "http:"], PSP).transform((v) => v.replace(/\/+$/, "")).optional(), {
      meaning: "where the payment provider answers; unset: one that is simulated in the process",
      example: "http://127.0.0.1:5005",
    }),
    PSP_SECRET: setting(z.string().min(32, "must have at least 32 characters, at random").optional(), {
      meaning: "shared with the provider: signs what we ask, and what it tells us",
      example: "$(openssl rand -base64 32)",
      secret: true,
    }),
    PSP_TIMEOUT: setting(number("must be a number of seconds over 0, at most 60", 0.001, 60).default(2), {
      meaning:
        "seconds that the provider may take to answer; after that nobody knows, and it is asked by key",
      example: "2",
    }),
    RATE_LIMIT_PETICIONES: setting(
      integer("must be a whole number of requests from 0 to 999999999", 0, 999_999_999).default(120_000),
      {
        meaning: "requests that one caller may make in RATE_LIMIT_SEGUNDOS; 0: any number",
        example: "120000",
      },
    ),
    RATE_LIMIT_SEGUNDOS: setting(
      integer("must be a number of seconds from 1 to 86400", 1, 86_400).default(60),
      {
        meaning: "the seconds over which a caller's requests are counted",
        example: "60",
      },
    ),
    AUTH_MODE,
    ...OIDC,
    ...LOGS,
  }).refine((c) => isLoopback(c.HOST), {
    error: OPEN_DOOR,
    path: ["HOST"],
    // Also when another variable is bad: every complaint comes at once.
    when: ({ value }) => modeIs("ninguna", value) && hasText(value, "HOST"),
  }).refine((c) => c.OIDC_ISSUER !== undefined, needed("OIDC_ISSUER"))
    .refine((c) => c.OIDC_AUDIENCE !== undefined, needed("OIDC_AUDIENCE"))
    .refine((c) => c.OIDC_JWKS_URL !== undefined, needed("OIDC_JWKS_URL"))
    .refine((c) => c.PSP_SECRET !== undefined, {
      error: "is needed with PSP_URL",
      path: ["PSP_SECRET"],
      when: ({ value }) => hasText(value, "PSP_URL"),
    });
export type ServiceConfig = z.infer<ReturnType<typeof serviceSettings>>;

const origins = () =>
  z.string().transform((v) => v.split(",").map((o) => o.trim()).filter((o) => o !== ""))
    .refine((os) => os.every((o) => URL.canParse(o) && new URL(o).origin === o), {
      error: "must be exact origins such as https://consola.example.org, separated by commas (no *, no path)",
    });

const PAGE = "must be the page's origin, https:// (http:// only on this machine), without a path";
const isSafe = (v: string) =>
  !URL.canParse(v) || new URL(v).protocol === "https:" || isLoopback(new URL(v).hostname);
const isPage = (v: string) => isSafe(v) && (!URL.canParse(v) || new URL(v).origin === v);
const OURS = /^(client_.*|redirect_uri|response_.*|scope|state|nonce|code.*|request.*)$/;
const withClient = (name: string) => ({
  error: "is needed with OIDC_CLIENT_ID",
  path: [name],
  when: ({ value }: { value: unknown }) => modeIs("oidc", value) && hasText(value, "OIDC_CLIENT_ID"),
});

const SERVICIO = "the address of one service, where it is not in the common process";

/** The settings of the BFF. The three per-service addresses fall back to ALPESPARTNERS_SERVICE_URL: see `serviceUrls`. */
export const bffSettings = z.object({
  BFF_HOST: setting(host().default("127.0.0.1"), {
    meaning: "the address to listen on",
    example: "127.0.0.1",
  }),
  BFF_PORT: port(5001),
  BFF_DEBUG: setting(bool().default(false), {
    meaning: "true writes debug lines, whatever LOG_LEVEL says",
    example: "false",
  }),
  BFF_HTTP_TIMEOUT: setting(
    number("must be a number of seconds over 0, at most 600", 0.001, 600).default(30),
    {
      meaning: "seconds that a service may take to answer",
      example: "30",
    },
  ),
  BFF_CACHE_TTL: setting(number("must be a number of seconds from 0 to 3600", 0, 3600).default(5), {
    meaning: "seconds that an answer may be reused; 0: never",
    example: "5",
  }),
  BFF_CORS_ORIGINS: setting(origins().default([]), {
    meaning: "the web origins that may call from a browser, separated by commas",
    example: "https://consola.example.org",
  }),
  BFF_MAX_RETRIES: setting(integer("must be a whole number from 0 to 10", 0, 10).default(2), {
    meaning: "how often a read that failed is asked again",
    example: "2",
  }),
  ALPESPARTNERS_SERVICE_URL: setting(serviceUrl().default("http://localhost:5000"), {
    meaning: "where the services answer",
    example: "http://localhost:5000",
  }),
  CLIENTE_SERVICE_URL: setting(serviceUrl().optional(), {
    meaning: SERVICIO,
    example: "http://localhost:5003",
  }),
  PAGOS_SERVICE_URL: setting(serviceUrl().optional(), {
    meaning: SERVICIO,
    example: "http://localhost:5002",
  }),
  CAMPANIAS_SERVICE_URL: setting(serviceUrl().optional(), {
    meaning: SERVICIO,
    example: "http://localhost:5004",
  }),
  AUTH_MODE,
  BFF_SECRET: setting(z.string().min(32, "must have at least 32 characters, at random").optional(), {
    meaning: "seals the console's sessions; unset: they end with the process, and every process has its own",
    example: "$(openssl rand -base64 32)",
    secret: true,
  }),
  BFF_URL: setting(url(["https:", "http:"], PAGE).refine(isPage, { error: PAGE }).optional(), {
    meaning:
      "the console's address as browsers see it; the issuer sends them back to it under /entrar/oidc/vuelta",
    example: "https://consola.example.org",
  }),
  OIDC_ISSUER: setting(
    // Who answers in the issuer's place signs anybody in.
    url(["https:", "http:"], JWKS).refine(isSafe, { error: JWKS }).optional(),
    { meaning: OIDC_ISSUER_MEANING, example: OIDC_ISSUER_EXAMPLE },
  ),
  OIDC_CLIENT_ID: setting(z.string().max(255).optional(), {
    meaning:
      "oidc: the console's client at the issuer; unset: people sign in with a token that was got elsewhere",
    example: "alpes-consola",
  }),
  OIDC_CLIENT_SECRET: setting(z.string().max(1_000).optional(), {
    meaning: "oidc: that client's secret; unset: a public client, which PKCE alone protects",
    example: "$(openssl rand -base64 32)",
    secret: true,
  }),
  OIDC_SCOPE: setting(
    z.string().regex(/^([!-~]+ )*openid( [!-~]+)*$/, "must be words separated by spaces, openid among them")
      .default("openid"),
    { meaning: "oidc: what the console asks the issuer for", example: "openid" },
  ),
  OIDC_AUTHORIZE_PARAMS: setting(
    z.string().max(1_000).refine((v) => ![...new URLSearchParams(v).keys()].some((k) => OURS.test(k)), {
      error:
        "must not set what the sign-in itself is made of (client_id, redirect_uri, state, nonce, code_…)",
    }).default(""),
    {
      meaning:
        "oidc: more for the issuer, as in an address, for access tokens that are JWTs for OIDC_AUDIENCE",
      example: "audience=alpespartners",
    },
  ),
  BFF_CLAVE: setting(
    z.string().regex(/^alp_servicio_\w+$/, "must be a key of role servicio (alp_servicio_…)").optional(),
    {
      meaning:
        "the BFF's own key, with which it follows the services' changes; unset: it sees them after BFF_CACHE_TTL",
      example: "alp_servicio_…",
      secret: true,
    },
  ),
  ...LOGS,
}).refine((c) => isLoopback(c.BFF_HOST), {
  error: OPEN_DOOR,
  path: ["BFF_HOST"],
  when: ({ value }) => modeIs("ninguna", value) && hasText(value, "BFF_HOST"),
}).refine((c) => c.OIDC_ISSUER !== undefined, withClient("OIDC_ISSUER"))
  .refine((c) => c.BFF_URL !== undefined, withClient("BFF_URL"));
export type BffConfig = z.infer<typeof bffSettings>;

/** The address of each service, as the BFF calls it. */
export const serviceUrls = (c: BffConfig) => ({
  cliente: c.CLIENTE_SERVICE_URL ?? c.ALPESPARTNERS_SERVICE_URL,
  pagos: c.PAGOS_SERVICE_URL ?? c.ALPESPARTNERS_SERVICE_URL,
  campanias: c.CAMPANIAS_SERVICE_URL ?? c.ALPESPARTNERS_SERVICE_URL,
});

const hasText = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "string";
