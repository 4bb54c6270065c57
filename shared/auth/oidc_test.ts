import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import { authApp } from "@alpes/shared/testing/auth_app.ts";
import { tokensAndServiceKeys } from "./authenticator.ts";
import { type OidcOptions, recogniseTokens } from "./oidc.ts";

const ISSUER = "https://identidad.example/realms/alpes";
const base64 = (v: unknown) =>
  new TextEncoder().encode(typeof v === "string" ? v : JSON.stringify(v))
    .toBase64({ alphabet: "base64url", omitPadding: true });
type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];
const now = () => Math.floor(Date.now() / 1_000);

const [rs, other] = await Promise.all([
  generateKeyPair("RS256", { extractable: true }),
  generateKeyPair("RS256", { extractable: true }),
]);
const es = await generateKeyPair("ES256", { extractable: true });

/** An issuer that publishes its keys on this machine; `down` makes it fail. */
function issuer() {
  const state = { asked: 0, down: false, keys: [] as object[] };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    state.asked++;
    return state.down ? new Response("no", { status: 500 }) : Response.json({ keys: state.keys });
  });
  const jwk = async (key: Key, kid: string, more: object = {}) => ({
    ...await exportJWK(key),
    kid,
    ...more,
  });
  return {
    state,
    jwk,
    url: `http://127.0.0.1:${server.addr.port}/jwks`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function open(more: Partial<OidcOptions> = {}) {
  await using parts = new AsyncDisposableStack();
  const i = parts.use(issuer());
  i.state.keys = [
    await i.jwk(rs.publicKey, "r1"),
    await i.jwk(es.publicKey, "e1", { alg: "ES256", use: "sig" }),
  ];
  const tokens = recogniseTokens({
    issuer: ISSUER,
    audience: "alpespartners",
    jwksUrl: i.url,
    rolesClaim: "realm_access.roles",
    clienteClaim: "cliente",
    clockSkew: 30,
    clock: () => new Date(),
    ...more,
  });
  const a = parts.use(await authApp((keys) => tokensAndServiceKeys(tokens, keys)));
  const all = parts.move();
  return { ...a, issuer: i, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

const CLAIMS: Record<string, unknown> = {
  sub: "ana",
  realm_access: { roles: ["operador", "aprobador", "rey"] },
};
/** A token that is good, but for what is changed. */
const token = (
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: Key = rs.privateKey,
) =>
  new SignJWT({ iss: ISSUER, aud: "alpespartners", iat: now(), exp: now() + 300, ...CLAIMS, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "r1", ...header })
    .sign(key);

Deno.test("the issuer's token says who asks, with the roles that are ours", async () => {
  await using a = await open();
  assert.deepEqual(await a.who(await token()), {
    tipo: "persona",
    id: "ana",
    roles: ["operador", "aprobador"],
    cliente: null,
  });
  const socia = await a.who(await token({ realm_access: { roles: "partner openid" }, cliente: "c-7" }));
  assert.deepEqual([socia.roles, socia.cliente], [["partner"], "c-7"]);
  assert.equal((await a.who(await token({}, { alg: "ES256", kid: "e1" }, es.privateKey))).id, "ana");
  assert.deepEqual((await a.who(await token({ realm_access: null }))).roles, []);
  assert.equal((await a.who(await token({ aud: ["otra", "alpespartners"] }))).id, "ana");
});

Deno.test("two subjects never become one id", async () => {
  await using a = await open();
  const ids = await Promise.all(
    ["auth0|7", "auth0~7c7", "auth0%7C7", "añá", "a b"].map(async (sub) =>
      (await a.who(await token({ sub }))).id
    ),
  );
  assert.deepEqual(ids, ["auth0~7c7", "auth0~7e7c7", "auth0~257C7", "a~c3~b1~c3~a1", "a~20b"]);
  assert.equal(await a.who(await token({ sub: "á".repeat(60) })), 401);
});

Deno.test("a claim whose name holds dots is read by that name", async () => {
  await using a = await open({ rolesClaim: "https://alpes.example/roles" });
  assert.deepEqual((await a.who(await token({ "https://alpes.example/roles": ["auditor"] }))).roles, [
    "auditor",
  ]);
});

Deno.test("every attack on a token is a 401", async () => {
  await using a = await open();
  const good = await token();
  const [head = "", body = "", signature = ""] = good.split(".");
  const pem = await exportSPKI(rs.publicKey);
  const jwk = await exportJWK(rs.publicKey);
  const hmac = (alg: "HS256" | "HS512", secret: string | Uint8Array, kid: string | undefined) => {
    const input = `${base64({ alg, kid })}.${body}`;
    return `${input}.${createHmac(alg.replace("HS", "sha"), secret).update(input).digest("base64url")}`;
  };
  const evil = await exportJWK(other.publicKey);
  const attacks: Record<string, string | Promise<string>> = {
    "alg none": `${base64({ alg: "none", kid: "r1" })}.${body}.`,
    "alg NoNe": `${base64({ alg: "NoNe", kid: "r1" })}.${body}.`,
    "no signature": `${head}.${body}.`,
    "no alg": `${base64({ kid: "r1" })}.${body}.${signature}`,
    "HS256 with the public key as PEM": hmac("HS256", pem, "r1"),
    "HS256 with the public key as JWK": hmac("HS256", JSON.stringify(jwk), "r1"),
    "HS512 with the modulus": hmac("HS512", jwk.n ?? "", "r1"),
    "HS256 with an empty secret": hmac("HS256", "", "r1"),
    "another key under our kid": token({}, {}, other.privateKey),
    "the kid of the other kind of key": token({}, { kid: "e1" }),
    "wrong issuer": token({ iss: "https://otro.example" }),
    "issuer with a slash more": token({ iss: `${ISSUER}/` }),
    "no issuer": token({ iss: undefined }),
    "wrong audience": token({ aud: "otra" }),
    "no audience": token({ aud: undefined }),
    expired: token({ exp: now() - 31 }),
    "no expiry": token({ exp: undefined }),
    "expiry as text": token({ exp: "9999999999" }),
    "not yet valid": token({ nbf: now() + 60 }),
    "not before as text (CVE-2026-44459)": token({ nbf: "0" }),
    "not before as a list": token({ nbf: [0] }),
    "expiry as an object": token({ exp: {} }),
    "issued at as text": token({ iat: "0" }),
    "no subject": token({ sub: undefined }),
    "empty subject": token({ sub: "" }),
    "unknown kid": token({}, { kid: "nadie" }),
    "missing kid": token({}, { kid: undefined }),
    "empty kid": token({}, { kid: "" }),
    "kid as a path": token({}, { kid: "../../../dev/null" }),
    "kid as SQL": token({}, { kid: "' or 1=1 --" }),
    "its own key in jwk": token({}, { jwk: evil }, other.privateKey),
    "its own key in jwk, no kid": token({}, { jwk: evil, kid: undefined }, other.privateKey),
    "its own keys at jku": token({}, { jku: "http://127.0.0.1:1/jwks" }, other.privateKey),
    "its own chain at x5u": token({}, { x5u: "http://127.0.0.1:1/x" }, other.privateKey),
    "its own chain in x5c": token({}, { x5c: ["MIIB"] }, other.privateKey),
    "an unknown critical extension": new SignJWT({ iss: ISSUER }).setProtectedHeader({
      alg: "RS256",
      kid: "r1",
      crit: ["exp"],
      exp: 1,
    } as never).sign(rs.privateKey, { crit: { exp: true } }).catch(() => `${head}x.${body}.${signature}`),
    "payload changed": `${head}.${
      base64({ ...CLAIMS, iss: ISSUER, aud: "alpespartners", exp: now() + 9 })
    }.${signature}`,
    "header changed": `${base64({ alg: "RS256", kid: "r1", typ: "x" })}.${body}.${signature}`,
    "signature cut": good.slice(0, -8),
    "two parts": `${head}.${body}`,
    "four parts": `${good}.x`,
    "not base64": "a.b.c",
    "no JSON": `${base64("nope")}.${base64("nope")}.${signature}`,
    huge: token({ x: "x".repeat(9_000) }),
    "larger than any header": `${good}${"a".repeat(60_000)}`,
  };
  for (const [what, attack] of Object.entries(attacks)) assert.equal(await a.who(await attack), 401, what);
  assert.equal((await a.who(good)).id, "ana");
  assert.deepEqual(a.errors, []);
});

Deno.test("the issuer's clock may differ by the skew, and no more", async () => {
  await using a = await open();
  for (const claims of [{ exp: now() - 25 }, { nbf: now() + 25 }]) {
    assert.equal((await a.who(await token(claims))).id, "ana", JSON.stringify(claims));
  }
});

Deno.test("unknown keys make us ask the issuer once in a while, not each time", async () => {
  await using a = await open({ cooldownMs: 600 });
  await a.who(await token());
  for (let i = 0; i < 20; i++) await a.who(await token({}, { kid: `k${i}` }));
  assert.equal(a.issuer.state.asked, 1);
  // A key that the issuer adds is known once that while has passed.
  a.issuer.state.keys.push(await a.issuer.jwk(other.publicKey, "r2"));
  await new Promise((r) => setTimeout(r, 700));
  assert.equal((await a.who(await token({}, { kid: "r2" }, other.privateKey))).id, "ana");
  assert.equal(a.issuer.state.asked, 2);
});

Deno.test("a shared secret among the issuer's keys signs nothing", async () => {
  await using a = await open();
  a.issuer.state.keys.push({
    kty: "oct",
    kid: "s1",
    k: base64("secreto-secreto-secreto-secreto!"),
    alg: "HS256",
  });
  const input = `${base64({ alg: "HS256", kid: "s1" })}.${(await token()).split(".")[1]}`;
  const mac = createHmac("sha256", "secreto-secreto-secreto-secreto!").update(input).digest("base64url");
  assert.equal(await a.who(`${input}.${mac}`), 401);
});

Deno.test("while the issuer's keys cannot be read nobody is told that his token is bad", async () => {
  await using a = await open();
  a.issuer.state.down = true;
  assert.equal(await a.who(await token()), 503);
  a.issuer.state.down = false;
  assert.equal((await a.who(await token())).id, "ana");
  a.issuer.state.down = true;
  assert.equal((await a.who(await token())).id, "ana");
});

Deno.test("with oidc only our own processes come by key", async () => {
  await using a = await open();
  assert.deepEqual((await a.who((await a.key(["servicio"])).clave)).roles, ["servicio"]);
  assert.equal(await a.who((await a.key(["admin"])).clave), 401);
  assert.equal(await a.who((await a.key(["servicio", "admin"])).clave), 401);
});
