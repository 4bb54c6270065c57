import { z } from "zod";
import { setting } from "./config.ts";
import { isLoopback } from "./loopback.ts";

/** A decimal from `min` to `max`; `text` is what is wrong with anything else. */
export const number = (text: string, min: number, max: number) =>
  z.string().regex(/^\d{1,9}(\.\d{1,6})?$/, text).transform(Number)
    .refine((n) => n >= min && n <= max, { error: text });
/** A whole number from `min` to `max`; `text` is what is wrong with anything else. */
export const integer = (text: string, min: number, max: number) =>
  z.string().regex(/^\d{1,9}$/, text).transform(Number)
    .refine((n) => n >= min && n <= max, { error: text });
/** `true`, `false`, `1` or `0`. Not `stringbool`: its failure would silence the complaint about the loopback address. */
export const bool = () =>
  z.string().regex(/^(true|false|1|0)$/, "must be true or false").transform((v) => v === "true" || v === "1");

/** An address to listen on, without its port. */
export const host = () =>
  z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/, "must be a host name or an address, without port");
/** A port to listen on. */
export const port = (fallback: number) =>
  setting(integer("must be a port from 1 to 65535", 1, 65535).default(fallback), {
    meaning: "the port to listen on",
    example: String(fallback),
  });

/** An address of one of these protocols (`https:`); `text` is what is wrong with anything else. */
export const url = (protocols: readonly string[], text: string) =>
  z.string().refine((v) => URL.canParse(v) && protocols.includes(new URL(v).protocol), { error: text });

/** How callers are recognised, in every process alike. */
export const AUTH_MODE = setting(
  z.enum(["ninguna", "claves", "oidc"], "must be ninguna, claves or oidc").default("claves"),
  { meaning: "how callers are recognised: ninguna, claves or oidc", example: "claves" },
);
/** What is wrong with an address that anybody on the way could answer for. */
export const JWKS = "must be an https:// address (http:// only on this machine)";
/** What is wrong with AUTH_MODE=ninguna on an address that others reach. */
export const OPEN_DOOR =
  "ninguna lets anybody who reaches the port move money, so the host must be a loopback address";

/** Whether nobody on the way can answer for this address; true also of what is no address, of which another rule complains. */
export const isSafe = (v: string) =>
  !URL.canParse(v) || new URL(v).protocol === "https:" || isLoopback(new URL(v).hostname);
/** Of OIDC_ISSUER, which the services and the BFF read. */
export const OIDC_ISSUER_MEANING = "oidc: who signs the tokens, exactly as in their iss";
export const OIDC_ISSUER_EXAMPLE = "https://identidad.example.org/realms/alpes";
/** Whether the settings, valid or not, say this AUTH_MODE. */
export const modeIs = (mode: string, value: unknown): boolean =>
  Reflect.get(Object(value), "AUTH_MODE") === mode;
/** Whether the settings, valid or not, have a text of this name. */
export const hasText = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "string";

/** Settings of the log, in every process alike. */
export const LOGS = {
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
