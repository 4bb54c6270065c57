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

/** Where a service answers, without a trailing slash. */
const serviceUrl = () =>
  url(["http:", "https:"], "must be an http:// or https:// address").transform((v) => v.replace(/\/+$/, ""));

const origins = () =>
  z.string().transform((v) => v.split(",").map((o) => o.trim()).filter((o) => o !== ""))
    .refine((os) => os.every((o) => URL.canParse(o) && new URL(o).origin === o), {
      error: "must be exact origins such as https://consola.example.org, separated by commas (no *, no path)",
    });

const PAGE = "must be the page's origin, https:// (http:// only on this machine), without a path";
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
