import assert from "node:assert/strict";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";
import { PROCESSES } from "@alpes/shared/dev/processes.ts";
import { serviceSettings, topicSettings } from "@alpes/shared/http/settings.ts";
import { bffSettings } from "@alpes/shared/http/settings_bff.ts";
import { PROBE } from "@alpes/shared/http/probe.ts";
import { dig } from "@alpes/shared/dev/demo_api.ts";

const ROOT = new URL("../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
const DOCKERFILES = ["alpespartners.Dockerfile", "bff.Dockerfile", "servicio.Dockerfile"] as const;
const compose: unknown = parse(await read("compose.yaml"), { merge: true });
const services = Object.entries(Object(dig(compose, "services")));
const environment = (s: unknown): Record<string, string> => Object(dig(s, "environment"));

/** What somebody else's image understands. */
const FOREIGN: Record<string, RegExp> = {
  postgres: /^POSTGRES_(DB|HOST_AUTH_METHOD)$/,
  pulsar: /^PULSAR_(MEM|PREFIX_\w+)$/,
  proxy: /^(PROXY_LISTEN|PROXY_HOME|BFF_ADDRESS|NGINX_ENVSUBST_\w+)$/,
};
const OWN: Record<string, readonly string[]> = {
  migrar: ["DATABASE_URL"],
  claves: ["DATABASE_URL"],
  topics: Object.keys(topicSettings.shape),
  bff: Object.keys(bffSettings.shape),
  "bff-microservicios": Object.keys(bffSettings.shape),
};
const PORTS: Record<string, number> = {
  alpespartners: 5000,
  bff: 5001,
  "bff-microservicios": 5001,
  pagos: 5002,
  cliente: 5003,
  campanias: 5004,
};

for (const file of DOCKERFILES) {
  Deno.test(`${file} passes the linter and the rules of an image`, async () => {
    const text = await read(file);
    const found = validate(text);
    assert.deepEqual(found.map((d) => `${d.range.start.line + 1}: ${d.message}`), []);

    const lines = text.split("\n");
    const froms = lines.filter((l) => l.startsWith("FROM "));
    assert.equal(froms.length, 2, "built in one image, run in another");
    for (const [, image, tag = ""] of text.matchAll(/^ARG \w+_IMAGE=([^\s:]+):?(\S*)$/gm)) {
      assert.match(tag, /\d+\.\d+/, `${image} is not pinned`);
    }
    const run = text.slice(text.lastIndexOf("\nFROM "));
    assert.match(run, /^USER [1-9]\d*:[1-9]\d*$/m, "it must not be root");
    assert.doesNotMatch(run, /^(RUN|ADD)\b/m, "nothing is installed into what runs");
    assert.match(run, new RegExp(`^HEALTHCHECK .*"/usr/local/bin/proceso", "${PROBE}"\\]$`, "m"));
    assert.match(run, /^ENTRYPOINT \["\/usr\/local\/bin\/proceso"\]$/m);
    assert.match(run, /^COPY --from=build --chmod=0555 /m);
    assert.doesNotMatch(text, /-A [^s]|--allow-all|(PASSWORD|TOKEN|SECRET|CLAVE)=/);
    for (const [, path = ""] of text.matchAll(/\b((?:shared|migrations|services)\/\S+\.ts)/g)) {
      await read(path);
    }
    const known = [...Object.keys(serviceSettings(5000).shape), ...Object.keys(bffSettings.shape)];
    for (const [, name = ""] of run.matchAll(/(?:^ENV |\s)([A-Z_]+)=/gm)) {
      assert.ok(known.includes(name), name);
    }
  });
}

Deno.test("paquete.Dockerfile runs a bundle as nobody, with the permissions of a process and no registry", async () => {
  const text = await read("paquete.Dockerfile");
  assert.deepEqual(validate(text).map((d) => `${d.range.start.line + 1}: ${d.message}`), []);
  const run = text.slice(text.lastIndexOf("\nFROM "));
  assert.match(run, /^USER [1-9]\d*:[1-9]\d*$/m);
  assert.doesNotMatch(run, /^(RUN|ADD)\b/m);
  const [, entry = ""] = /^ENTRYPOINT (\[.*\])$/m.exec(run) ?? [];
  const words: unknown = JSON.parse(entry);
  const health: unknown = JSON.parse(/^HEALTHCHECK .*CMD (\[.*\])$/m.exec(run)?.[1] ?? "[]");
  assert.ok(Array.isArray(words) && Array.isArray(health));
  assert.deepEqual(health, [...words, PROBE]);
  for (const must of ["--no-config", "--no-remote", "--no-npm", "--cached-only"]) {
    assert.ok(words.includes(must));
  }
  const given = words.filter((w) => String(w).startsWith("--allow")).map(String);
  assert.deepEqual(given, PROCESSES["alpespartners"]?.permissions);
  for (const { permissions } of Object.values(PROCESSES)) assert.deepEqual(permissions, given);
});

Deno.test("a built image holds nothing of this machine, and all that its build needs", async () => {
  const ignored = (await read(".dockerignore")).split("\n").filter((l) => l !== "" && !l.startsWith("#"));
  for (const must of [".git", ".env", ".env.*", ".datos", "**/dist"]) assert.ok(ignored.includes(must), must);
  for (const { entry } of Object.values(PROCESSES)) {
    assert.ok(!ignored.some((i) => entry.startsWith(`${i}/`)), entry);
  }
});

for (const [name, s] of services) {
  Deno.test(`compose: everything that ${name} names is there`, async () => {
    const own = dig(s, "build") !== undefined;
    for (const variable of Object.keys(environment(s))) {
      const ok = FOREIGN[name]?.test(variable) ??
        (OWN[name] ?? Object.keys(serviceSettings(5000).shape)).includes(variable);
      assert.ok(ok, `${variable} is no setting of ${name}`);
    }
    if (own) {
      const file = String(dig(s, "build.dockerfile"));
      assert.ok(DOCKERFILES.some((d) => d === file), file);
      const process = dig(s, "build.args.SERVICIO") ?? file.replace(/\.Dockerfile$/, "");
      assert.ok(Object.hasOwn(PROCESSES, String(process)), String(process));
      assert.equal(dig(s, "read_only"), true);
      assert.deepEqual(dig(s, "cap_drop"), ["ALL"]);
    }
    assert.match(String(dig(s, "image")), /:\d+\.\d+[.\d]*$/, "a tag that moves is no version");
    for (const mapping of Object.values(Object(dig(s, "ports") ?? [])).map(String)) {
      const inside = Number(mapping.split(":").at(-1));
      if (PORTS[name] !== undefined) assert.equal(inside, PORTS[name]);
      assert.match(mapping, /^(127\.0\.0\.1|\$\{PROXY_PUERTO:-127\.0\.0\.1)/, "open to nobody unless asked");
    }
    for (const volume of Object.values(Object(dig(s, "volumes") ?? [])).map(String)) {
      const [source = ""] = volume.split(":");
      if (source.startsWith("./")) await Deno.stat(new URL(source, ROOT));
      else assert.ok(Object.hasOwn(Object(dig(compose, "volumes")), source), source);
    }
    for (const other of Object.keys(Object(dig(s, "depends_on") ?? {}))) {
      assert.ok(services.some(([n]) => n === other), other);
    }
    for (const [variable, value] of Object.entries(environment(s))) {
      const to = /(?:https?|wss?|postgres):\/\/(?:\w+@)?([a-z-]+):(\d+)/.exec(String(value));
      if (to === null || to[1] === undefined) continue;
      const port = PORTS[to[1]] ?? { postgres: 5432, pulsar: 8080 }[to[1]];
      assert.equal(Number(to[2]), port, `${variable} of ${name}`);
    }
  });
}

Deno.test("in containers every caller is asked for a key, and nothing secret stands in a file", async () => {
  for (const [name, s] of services) {
    const env = environment(s);
    if ("AUTH_MODE" in env) {
      assert.match(String(env["AUTH_MODE"]), /^(claves|\$\{AUTH_MODE:-claves\})$/, name);
    }
    for (const [variable, value] of Object.entries(env)) {
      if (/TOKEN|SECRET|CLAVE|PASSWORD/.test(variable)) {
        assert.match(String(value), /^\$\{\w+:-\}$/, variable);
      }
    }
  }
  for (const [, user, password] of (await read("compose.yaml")).matchAll(/:\/\/([^\s:@/]+):([^\s@/]+)@/g)) {
    assert.fail(`${user} has the password ${password} in compose.yaml`);
  }
});

Deno.test("what compose reads from the environment is told in an example, or in compose itself", async () => {
  const text = await read("compose.yaml");
  const told = `${await read(".env.example")}\n${await read(".env.bff.example")}\n${await read(
    "docs/operar.md",
  )}`;
  for (const [, name = ""] of text.matchAll(/\$\{([A-Z_]+)/g)) {
    assert.match(told, new RegExp(`\\b${name}\\b`), name);
  }
});
