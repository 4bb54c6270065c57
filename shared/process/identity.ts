import { openDatabase, type Tx } from "@alpes/shared/adapters/postgres/database.ts";
import { byCredential, tokensAndServiceKeys } from "@alpes/shared/auth/authenticator.ts";
import { cachedKeys } from "@alpes/shared/auth/cached_keys.ts";
import { type KeyDesk, keyDesk } from "@alpes/shared/auth/key_desk.ts";
import { AVISOS_PSP } from "@alpes/shared/contracts/psp.ts";
import { KEYS_OPEN } from "@alpes/shared/auth/keys_routes.ts";
import { type Recognise, recogniseKeys } from "@alpes/shared/auth/keys.ts";
import { recogniseTokens } from "@alpes/shared/auth/oidc.ts";
import { postgresKeyStore } from "@alpes/shared/auth/postgres_key_store.ts";
import { postgresKeys } from "@alpes/shared/auth/postgres_keys.ts";
import { actorFromHeader, type Authenticator, guarded } from "@alpes/shared/http/actor.ts";
import { localized } from "@alpes/shared/http/locale.ts";
import { logger } from "@alpes/shared/http/log.ts";
import { OPEN_DOOR_NOTICE } from "@alpes/shared/http/open_door.ts";
import type { ServiceConfig } from "@alpes/shared/http/settings.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";

/** What guards itself: a code that is used once, a signature. */
const OPEN = new RegExp(`${KEYS_OPEN.source}|${AVISOS_PSP.source}`);

type AuthConfig = Pick<ServiceConfig, "AUTH_MODE" | `OIDC_${string}` & keyof ServiceConfig>;

/** How a process knows who asks, by AUTH_MODE; `notice` is what its pages must then say. */
export function identity(
  config: AuthConfig,
  db: Tx,
  clock: Clock,
  onError: (e: unknown) => void,
): { readonly actor: Authenticator; readonly notice?: string } {
  if (config.AUTH_MODE === "ninguna") {
    logger("proceso").warn(localized(OPEN_DOOR_NOTICE, "en"));
    return { actor: guarded(actorFromHeader, OPEN), notice: OPEN_DOOR_NOTICE };
  }
  const keys = recogniseKeys(cachedKeys(postgresKeys(db, onError)), clock);
  const recognise = config.AUTH_MODE === "claves" ? keys : tokensAndServiceKeys(tokens(config, clock), keys);
  return { actor: guarded(byCredential(recognise), OPEN) };
}

function tokens(config: AuthConfig, clock: Clock): Recognise {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_JWKS_URL: jwksUrl } = config;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined) {
    throw new Error("the settings let no such configuration through");
  }
  return recogniseTokens({
    issuer,
    audience,
    jwksUrl,
    rolesClaim: config.OIDC_ROLES_CLAIM,
    clienteClaim: config.OIDC_CLIENTE_CLAIM,
    clockSkew: config.OIDC_CLOCK_SKEW_S,
    clock,
  });
}

/** The desk over keys, with a small pool of its own role. */
export function openKeyDesk(
  url: string,
  name: string,
  resources: AsyncDisposableStack,
  onIdleError: (e: Error) => void,
): KeyDesk {
  const db = resources.use(openDatabase({ url, role: "alpes_seguridad", max: 2, name, onIdleError }));
  return keyDesk(postgresKeyStore(db), (n) => crypto.getRandomValues(new Uint8Array(n)));
}
