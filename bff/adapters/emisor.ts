import * as oidc from "openid-client";
import { isLoopback } from "@alpes/shared/http/loopback.ts";
import { logger } from "@alpes/shared/http/log.ts";
import { err, ok } from "@alpes/shared/seedwork/result.ts";
import type { Emisor, FallaEmisor } from "../ports.ts";

export interface EmisorOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Unset: a public client, which PKCE alone protects. */
  readonly clientSecret?: string | undefined;
  readonly scope: string;
  /** More of the authorization request, e.g. `audience`. */
  readonly params: Readonly<Record<string, string>>;
  /** Exactly as it is registered with the issuer; never made of a request's `Host`. */
  readonly redirectUri: string;
  /** Where the issuer sends a browser that has signed out. */
  readonly homeUrl: string;
}

const PLAZO_S = 5;
/** What the issuer says of itself is believed for so long, ms. */
const SE_CREE_MS = 3_600_000;
/** Signatures by a private key that only the issuer has, as the services want them of the access token. */
const ALGORITMOS = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** `Emisor` by discovery. The id_token's signature is checked, though it comes over the issuer's own connection. */
export function oidcEmisor(o: EmisorOptions, ahora: () => number = () => performance.now()): Emisor {
  const log = logger("oidc");
  let conocido: { readonly config: Promise<oidc.Configuration>; readonly desde: number } | null = null;

  async function descubrir(): Promise<oidc.Configuration> {
    const insecure = isLoopback(new URL(o.issuer).hostname) ? [oidc.allowInsecureRequests] : [];
    const clave = o.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(o.clientSecret);
    const { supportsPKCE: _, ...dicho } = (await oidc.discovery(new URL(o.issuer), o.clientId, {}, clave, {
      execute: insecure,
      timeout: PLAZO_S,
    })).serverMetadata();
    const id_token_signing_alg_values_supported = (dicho.id_token_signing_alg_values_supported ?? ["RS256"])
      .filter((a) => ALGORITMOS.test(a));
    const config = new oidc.Configuration(
      { ...dicho, id_token_signing_alg_values_supported },
      o.clientId,
      {},
      clave,
    );
    config.timeout = PLAZO_S;
    for (const con of [oidc.enableNonRepudiationChecks, ...insecure]) con(config);
    return config;
  }
  function config(): Promise<oidc.Configuration> {
    if (conocido !== null && ahora() - conocido.desde < SE_CREE_MS) return conocido.config;
    const nuevo = { config: descubrir(), desde: ahora() };
    conocido = nuevo;
    // What failed is not remembered.
    nuevo.config.catch(() => {
      if (conocido === nuevo) conocido = null;
    });
    return nuevo.config;
  }
  /** By code only: what the issuer wrote could hold a name or a token. */
  function falla(e: unknown): FallaEmisor {
    const codigo = codigoDe(e);
    const tipo = ausente(e, codigo) ? "no_responde" : "rechazo";
    log.warn("a sign-in failed", { tipo, codigo });
    return tipo;
  }

  return {
    async ida() {
      try {
        const c = await config();
        const [state, nonce, verifier] = [
          oidc.randomState(),
          oidc.randomNonce(),
          oidc.randomPKCECodeVerifier(),
        ];
        const url = oidc.buildAuthorizationUrl(c, {
          ...o.params,
          redirect_uri: o.redirectUri,
          scope: o.scope,
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
        });
        return ok({ url: url.href, state, nonce, verifier });
      } catch (e) {
        log.warn("the issuer cannot be asked", { codigo: codigoDe(e) });
        return err("no_responde");
      }
    },
    async vuelta(busqueda, ida) {
      try {
        const donde = new URL(o.redirectUri);
        donde.search = busqueda;
        const t = await oidc.authorizationCodeGrant(await config(), donde, {
          expectedState: ida.state,
          expectedNonce: ida.nonce,
          pkceCodeVerifier: ida.verifier,
          idTokenExpected: true,
        });
        const dura = t.expiresIn();
        return ok({ credencial: t.access_token, duraMs: dura === undefined ? null : dura * 1_000 });
      } catch (e) {
        return err(falla(e));
      }
    },
    async salida() {
      try {
        const c = await config();
        if (c.serverMetadata().end_session_endpoint === undefined) return null;
        return oidc.buildEndSessionUrl(c, { post_logout_redirect_uri: o.homeUrl }).href;
      } catch {
        return null;
      }
    },
  };
}

function codigoDe(e: unknown): string {
  if (e instanceof oidc.AuthorizationResponseError || e instanceof oidc.ResponseBodyError) {
    return e.error.slice(0, 60);
  }
  const codigo: unknown = Reflect.get(Object(e), "code");
  return typeof codigo === "string" ? codigo : e instanceof Error ? e.name : "desconocido";
}
/** Whether nobody knows what the issuer would have said. */
const ausente = (e: unknown, codigo: string): boolean =>
  codigo === "OAUTH_TIMEOUT" || codigo === "TypeError" ||
  e instanceof oidc.ResponseBodyError && e.status >= 500;
