import { type Authenticator, bearer, unauthenticated } from "@alpes/shared/http/actor.ts";
import { looksLikeKey } from "./key.ts";
import type { Recognise } from "./keys.ts";

/** Who a request is from, by its `Authorization: Bearer`; a 401 for anything that is nobody's. */
export const byCredential = (recognise: Recognise): Authenticator => async (c) => {
  const credential = bearer(c.req.header("authorization"));
  const actor = credential === null ? null : await recognise(credential);
  if (actor === null) throw unauthenticated();
  return actor;
};

/** AUTH_MODE=oidc: people and programs by the issuer's tokens; by key only our own processes (role `servicio`). */
export const tokensAndServiceKeys = (tokens: Recognise, keys: Recognise): Recognise => async (credential) => {
  if (!looksLikeKey(credential)) return await tokens(credential);
  const actor = await keys(credential);
  const ours = actor?.tipo === "clave" && actor.roles.every((r) => r === "servicio");
  return ours ? actor : null;
};
