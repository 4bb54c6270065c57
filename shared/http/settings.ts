import { z } from "zod";
import { setting } from "./config.ts";
import { isLoopback } from "./loopback.ts";
import {
  AUTH_MODE,
  bool,
  hasText,
  host,
  integer,
  isSafe,
  JWKS,
  LOGS,
  modeIs,
  number,
  OIDC_ISSUER_EXAMPLE,
  OIDC_ISSUER_MEANING,
  OPEN_DOOR,
  port,
  url,
} from "./setting_kinds.ts";

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

const PSP = "must be an http:// or https:// address";

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
    url(["https:", "http:"], JWKS).refine(isSafe, { error: JWKS }).optional(),
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
