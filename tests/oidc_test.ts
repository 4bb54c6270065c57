import assert from "node:assert/strict";
import { acceptance } from "./acceptance.ts";
import { atProvider, CLIENT_SECRET, type Jar, jar, led, startOidc } from "./oidc.ts";

const w = await startOidc();
Deno.test.afterAll(async () => {
  await w[Symbol.asyncDispose]();
});
const { bffUrl } = w.stack;
const HTML = { accept: "text/html" };

/** Begins to sign in: the address at the provider. */
const begin = async (b: Jar, query = "") =>
  await led(bffUrl, await b.go(`${bffUrl}/entrar/oidc${query}`, { headers: HTML }));
const session = async (b: Jar) => await (await b.go(`${bffUrl}/api/v1/sesion`)).json();
async function refused(b: Jar, url: string, code: string) {
  const before = b.of(bffUrl).get("alpes_sesion");
  const page = await b.go(url, { headers: HTML });
  assert.deepEqual([page.status, await led(url, page)], [303, `${bffUrl}/errores/${code}`]);
  assert.equal(b.of(bffUrl).get("alpes_sesion"), before);
}
const changed = (url: string, name: string, value: string | null) => {
  const u = new URL(url);
  if (value === null) u.searchParams.delete(name);
  else u.searchParams.set(name, value);
  return u.href;
};

acceptance("somebody is led to the provider and back, is who the provider says, and out again", async () => {
  const b = jar();
  const to = new URL(await begin(b, `?volver=${encodeURIComponent("#/clientes")}`));
  assert.equal(to.origin, w.issuer);
  const asked = Object.fromEntries(to.searchParams);
  assert.equal(asked.response_type, "code");
  assert.equal(asked.code_challenge_method, "S256");
  assert.equal(asked.redirect_uri, `${bffUrl}/entrar/oidc/vuelta`);
  for (const name of ["state", "nonce", "code_challenge"]) assert.ok((asked[name] ?? "").length >= 43, name);
  const back = await b.go(await atProvider(b, to.href, "operador"), { headers: HTML });
  assert.equal(await led(bffUrl, back), `${bffUrl}/#/clientes`);
  const cookies = back.headers.getSetCookie();
  assert.match(cookies.join("\n"), /alpes_sesion=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict/);
  assert.match(cookies.join("\n"), /alpes_ida=; Max-Age=0; Path=\/entrar\/oidc/);

  const s = await session(b);
  assert.deepEqual([s.identidad.id, s.identidad.roles, s.entrada], [
    "operador",
    ["operador"],
    "/entrar/oidc",
  ]);
  // It ends when the token does, not a working day later.
  assert.ok(Date.parse(s.hasta) - Date.now() <= 600_000);
  assert.equal((await (await b.go(`${bffUrl}/api/v1/clientes`)).json()).pagination.total, 0);
  const out = await b.go(`${bffUrl}/api/v1/sesion`, {
    method: "DELETE",
    headers: { "x-csrf-token": s.csrf },
  });
  assert.equal(out.status, 204);
  assert.equal((await session(b)).identidad, null);
  const end = new URL(await led(bffUrl, await b.go(`${bffUrl}/entrar/oidc/salida`)));
  assert.equal(end.origin, w.issuer);
  assert.equal(end.searchParams.get("post_logout_redirect_uri"), `${bffUrl}/`);
});

acceptance("a way back that this browser did not begin, or began otherwise, signs nobody in", async () => {
  const b = jar();
  const back = await atProvider(b, await begin(b), "operador");
  await refused(b, changed(back, "state", "otro"), "entrada_caducada");
  // Whatever came of it, the sign-in is spent.
  await refused(b, back, "entrada_caducada");

  // Somebody else's way back, in a browser with a sign-in of its own or with none: nobody is signed in as the attacker.
  const attacker = jar(), victim = jar();
  const theirs = await atProvider(attacker, await begin(attacker), "auditor");
  await refused(victim, theirs, "entrada_caducada");
  await begin(victim);
  await refused(victim, theirs, "entrada_caducada");
  const mine = new URL(await begin(victim)).searchParams.get("state");
  await refused(victim, changed(theirs, "state", mine), "entrada_rechazada");
});

acceptance(
  "a code is good once, and only with the verifier and the nonce of whoever asked for it",
  async () => {
    const b = jar();
    const back = await atProvider(b, await begin(b), "operador");
    const kept = b.of(bffUrl).get("alpes_ida") ?? "";
    assert.equal((await led(bffUrl, await b.go(back))).startsWith(`${bffUrl}/#`), true);
    b.of(bffUrl).set("alpes_ida", kept);
    await refused(b, back, "entrada_rechazada");
    for (
      const [name, value] of [
        ["nonce", "x".repeat(43)],
        ["nonce", null],
        ["code_challenge", "y".repeat(43)],
      ] as const
    ) {
      const other = jar();
      await refused(
        other,
        await atProvider(other, changed(await begin(other), name, value), "operador"),
        "entrada_rechazada",
      );
    }
  },
);

acceptance("an answer in another issuer's name, and a refusal of the issuer, sign nobody in", async () => {
  for (
    const [name, value] of [["iss", "https://otro.example"], ["iss", null], ["code", "x"], [
      "code",
      null,
    ]] as const
  ) {
    const b = jar();
    await refused(
      b,
      changed(await atProvider(b, await begin(b), "operador"), name, value),
      "entrada_rechazada",
    );
  }
  const b = jar();
  const state = new URL(await begin(b)).searchParams.get("state");
  const said = `${bffUrl}/entrar/oidc/vuelta?${new URLSearchParams({
    state: state ?? "",
    iss: w.issuer,
    error: "access_denied",
    error_description: "<script>alert(1)</script> ana@correo.example",
  })}`;
  const r = await b.go(said);
  assert.equal(r.status, 403);
  assert.doesNotMatch(await r.text(), /script|ana@/);
  assert.doesNotMatch(w.stack.logs(), /ana@correo|script>/);
});

acceptance("a token for somebody else is not taken, and the page says what is wrong", async () => {
  const b = jar();
  const to = changed(await begin(b), "resource", "urn:otra");
  await refused(b, await atProvider(b, to, "operador"), "entrada_no_reconocida");
  const page = await b.go(`${bffUrl}/errores/entrada_no_reconocida`, { headers: HTML });
  assert.match(await page.text(), /OIDC_AUDIENCE/);
});

acceptance("it leads back to this site only, whatever address is asked for", async () => {
  const places = [
    "https://malo.example",
    "//malo.example",
    "/\\malo.example",
    "#//malo.example\r\nx: y",
    "javascript:alert(1)",
    "#/%0d%0aSet-Cookie:x",
    "#/@malo.example",
  ];
  for (const place of places) {
    const b = jar();
    const r = await b.go(`${bffUrl}/entrar/oidc?volver=${encodeURIComponent(place)}`);
    if (r.status === 400) {
      await r.body?.cancel();
      continue;
    }
    const done = await led(bffUrl, await b.go(await atProvider(b, await led(bffUrl, r), "operador")));
    assert.equal(new URL(done).origin, bffUrl, place);
  }
  // Nor does the Host of the request decide where the provider sends the code.
  const r = await fetch(`${bffUrl}/entrar/oidc`, {
    headers: { "x-forwarded-host": "malo.example", forwarded: "host=malo.example" },
    redirect: "manual",
  });
  assert.ok(!(await led(bffUrl, r)).includes("malo.example"));
});

acceptance(
  "a session that was there before is replaced, never raised, and no secret is written",
  async () => {
    const b = jar();
    const signIn = async (login: string) =>
      await led(bffUrl, await b.go(await atProvider(b, await begin(b), login)));
    await signIn("auditor");
    const first = { cookie: b.of(bffUrl).get("alpes_sesion"), csrf: (await session(b)).csrf };
    b.of(w.issuer).clear();
    await signIn("admin");
    const second = { cookie: b.of(bffUrl).get("alpes_sesion"), csrf: (await session(b)).csrf };
    assert.notEqual(first.cookie, second.cookie);
    assert.notEqual(first.csrf, second.csrf);
    // What was planted in the browser stays what it was.
    b.of(bffUrl).set("alpes_sesion", first.cookie ?? "");
    assert.deepEqual((await session(b)).identidad.roles, ["auditor"]);
    // What was sealed for the way to the provider is no session, and the other way round.
    await begin(b);
    b.of(bffUrl).set("alpes_sesion", b.of(bffUrl).get("alpes_ida") ?? "");
    assert.equal((await session(b)).identidad, null);
    b.of(bffUrl).set("alpes_ida", second.cookie ?? "");
    await refused(b, `${bffUrl}/entrar/oidc/vuelta?code=x&state=x`, "entrada_caducada");

    const logs = w.stack.logs();
    assert.ok(!logs.includes(CLIENT_SECRET));
    assert.doesNotMatch(logs, /eyJ[\w-]+\.eyJ|code=|alpes_(ida|sesion)=/);
  },
);
