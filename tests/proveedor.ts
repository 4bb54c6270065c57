/** @module A real OpenID provider on a free port of this machine, with its own pages; ends with its parent. */
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** `deno run -A tests/proveedor.ts <port> <redirect uri> <home url> <seconds that access tokens last>` */
const [port = "0", redirect = "", home = "", seconds = "600"] = Deno.args;
// Another name than the console's, so that browsers take it for another site.
const issuer = `http://localhost:${port}`;
const AUDIENCE = "alpespartners";

const provider = new Provider(issuer, {
  clients: [{
    client_id: "consola",
    client_secret: "un secreto de prueba de la consola",
    redirect_uris: [redirect],
    post_logout_redirect_uris: [home],
  }],
  // Who signs in as «operador», «auditor» or «admin» has that role; whatever the password.
  findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_: unknown, token: { accountId?: string }) => ({ roles: [token.accountId] }),
  ttl: { AccessToken: Number(seconds) },
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:alpes",
      useGrantedResource: () => true,
      getResourceServerInfo: (_: unknown, resource: string) => ({
        scope: "",
        audience: resource === "urn:otra" ? "otra" : AUDIENCE,
        accessTokenFormat: "jwt",
        accessTokenTTL: Number(seconds),
      }),
    },
  },
});
const server = createServer(provider.callback());
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));
const parent = Deno.ppid;
setInterval(() => {
  if (Deno.ppid !== parent) Deno.exit(0);
}, 500);
