/** Files that must run under a seed: no clock, randomness, environment, timer, network or console of their own. */
const PURE = /\/services\/\w+\/(?:domain|application)\/(?!.*_test\.tsx?$)/;

/** Globals of which nothing may be used; what to take in their place. */
const AMBIENT: Readonly<Record<string, string>> = {
  Deno: "take what you need as an argument",
  process: "take what you need as an argument",
  console: "return it, or let the adapter log it",
  crypto: "take NewId or a port as an argument",
  performance: "take the clock as an argument",
  fetch: "take a port as an argument",
  setTimeout: "take a port as an argument",
  setInterval: "take a port as an argument",
  queueMicrotask: "await instead",
  localStorage: "take a port as an argument",
  globalThis: "name the global, so that it can be judged",
};
/** Members of globals that are pure otherwise. */
const MEMBERS: Readonly<Record<string, string>> = {
  "Date.now": "take the clock as an argument",
  "Math.random": "take NewId or a port as an argument",
};

/** The rules of the house that `deno lint` does not ship. */
const plugin: Deno.lint.Plugin = {
  name: "alpes",
  rules: {
    "no-ambient": {
      create(ctx) {
        if (!PURE.test(ctx.filename.replaceAll("\\", "/"))) return {};
        const report = (node: Deno.lint.Node, what: string, instead: string) =>
          ctx.report({ node, message: `${what} in a pure layer`, hint: instead });
        const ambient = (node: Deno.lint.Node): void => {
          if (node.type !== "Identifier") return;
          const instead = AMBIENT[node.name];
          if (instead !== undefined) report(node, node.name, instead);
        };
        return {
          MemberExpression(node) {
            ambient(node.object);
            if (node.object.type !== "Identifier") return;
            const member = node.property.type === "Identifier"
              ? node.property.name
              : node.property.type === "Literal"
              ? String(node.property.value)
              : "?";
            const name = `${node.object.name}.${member}`;
            const instead = MEMBERS[name];
            if (instead !== undefined) report(node, name, instead);
          },
          CallExpression(node) {
            ambient(node.callee);
            if (node.callee.type === "Identifier" && node.callee.name === "Date") {
              report(node, "Date()", "take the clock as an argument");
            }
          },
          NewExpression(node) {
            if (
              node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0
            ) {
              report(node, "new Date()", "take the clock as an argument");
            }
          },
          // `const { now } = Date` and `const roll = Math.random` would slip through the rules above.
          VariableDeclarator(node) {
            if (node.init?.type !== "Identifier") return;
            ambient(node.init);
            if (node.init.name === "Date" || node.init.name === "Math") {
              report(node, `${node.init.name} by another name`, "use its members where they are needed");
            }
          },
        };
      },
    },
  },
};
export default plugin;
