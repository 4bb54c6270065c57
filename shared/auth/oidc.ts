import {
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTVerifyGetKey,
} from "jose";
import { isRol } from "@alpes/shared/http/actor.ts";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import { ID_PATTERN } from "@alpes/shared/seedwork/ids.ts";
import { Unavailable } from "@alpes/shared/seedwork/unit_of_work.ts";
import type { Recognise } from "./keys.ts";

export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly rolesClaim: string;
  readonly clienteClaim: string;
  /** Seconds. */
  readonly clockSkew: number;
  readonly clock: Clock;
  /** After the keys were read they are not read again for so long, whatever unknown key a token names; 30 s. */
  readonly cooldownMs?: number;
}

/** Signatures by a private key that only the issuer has. Never `none`, never a secret that both sides share. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/**
 * Recognises the issuer's JWTs. The key is the one of the issuer's set that `kid` names: whatever key a token brings or
 * points at (`jwk`, `jku`, `x5c`, `x5u`) is ignored. While the set cannot be had it rejects with `Unavailable`.
 */
export function recogniseTokens(o: OidcOptions): Recognise {
  const keys = createRemoteJWKSet(new URL(o.jwksUrl), {
    cooldownDuration: o.cooldownMs ?? 30_000,
    cacheMaxAge: 600_000,
    timeoutDuration: 5_000,
    // jose leaves the body of a refusal unread, and with it the connection.
    [customFetch]: async (url, init) => {
      const res = await fetch(url, init);
      if (!res.ok) await res.body?.cancel();
      return res;
    },
  });
  /** jose gives every fault of a token a class of its own; a fault of the set or of the way to it is not the token's. */
  const key: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keys(header, token);
    } catch (e) {
      if (e instanceof errors.JWKSNoMatchingKey || e instanceof errors.JWKSMultipleMatchingKeys) throw e;
      if (e instanceof errors.JOSENotSupported) throw e;
      throw new Unavailable("the issuer's keys cannot be read", { cause: e });
    }
  };
  return async (token) => {
    try {
      const { kid } = decodeProtectedHeader(token);
      if (typeof kid !== "string" || kid === "") return null;
      const { payload } = await jwtVerify(token, key, {
        algorithms: ALGORITHMS,
        issuer: o.issuer,
        audience: o.audience,
        clockTolerance: o.clockSkew,
        currentDate: o.clock(),
        requiredClaims: ["exp", "sub"],
      });
      const id = idOf(payload.sub);
      if (id === null) return null;
      const cliente = claim(payload, o.clienteClaim);
      return {
        tipo: "persona",
        id,
        roles: rolesIn(claim(payload, o.rolesClaim)),
        cliente: typeof cliente === "string" && ID_PATTERN.test(cliente) ? cliente : null,
      };
    } catch (e) {
      if (e instanceof Unavailable) throw e;
      // Everything else, also what jose did not foresee, is a token that is not good.
      return null;
    }
  };
}

/** A claim by its name, which may hold dots itself, or by a path into nested ones. */
function claim(payload: object, name: string): unknown {
  if (Object.hasOwn(payload, name)) return Reflect.get(payload, name);
  return name.split(".").reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined,
    payload,
  );
}

/** Roles as a list, or in one text separated by spaces; what is no role of ours is left out. */
const rolesIn = (value: unknown): Rol[] => {
  const words: unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split(" ") : [];
  return [...new Set(words.filter(isRol))];
};

/** A subject as an id: other characters become `~` and the hex of their UTF-8 bytes, so that no two become one. */
function idOf(sub: string | undefined): string | null {
  const id = (sub ?? "").replaceAll(
    /[^A-Za-z0-9._:-]/gu,
    (c) => [...new TextEncoder().encode(c)].map((b) => `~${b.toString(16).padStart(2, "0")}`).join(""),
  );
  return ID_PATTERN.test(id) ? id : null;
}
