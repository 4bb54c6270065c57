/** A line that a failure tells its reader to run, with where it is told. `X` stands for what is known only then. */
export interface Sugerencia {
  readonly archivo: string;
  readonly linea: string;
}

/** Texts that an expression of the source may be; none where only running it tells. */
function textos(n: Deno.lint.Node | null | undefined): string[] {
  switch (n?.type) {
    case "Literal":
      return typeof n.value === "string" ? [n.value] : [];
    case "TemplateLiteral":
      return [n.quasis.map((q) => q.cooked).join("X")];
    case "ConditionalExpression":
      return [...textos(n.consequent), ...textos(n.alternate)];
    case "LogicalExpression":
      return [...textos(n.left), ...textos(n.right)];
    case "BinaryExpression": {
      const [a, b] = [textos(n.left), textos(n.right)];
      return a.flatMap((x) => (b.length === 0 ? ["X"] : b).map((y) => x + y));
    }
    default:
      return [];
  }
}

/** Every line to run that the source tells with a failure: a `StartupFailure`'s third part, and each `run` of a doctor's check. */
export function sugerenciasDe(archivo: string, fuente: string): Sugerencia[] {
  const halladas: string[] = [];
  const anotar = (n: Deno.lint.Node | null | undefined) => void halladas.push(...textos(n));
  const plugin: Deno.lint.Plugin = {
    name: "sugerencias",
    rules: {
      halla: {
        create: () => ({
          NewExpression(n) {
            if (n.callee.type !== "Identifier" || n.callee.name !== "StartupFailure") return;
            const tercera = n.arguments[2];
            anotar(tercera?.type === "SpreadElement" ? null : tercera);
          },
          Property(n) {
            if (n.key.type === "Identifier" && n.key.name === "run" && n.value.type !== "AssignmentPattern") {
              anotar(n.value as Deno.lint.Expression);
            }
          },
          VariableDeclarator(n) {
            if (n.id.type === "Identifier" && n.id.name === "run") anotar(n.init);
          },
        }),
      },
    },
  };
  Deno.lint.runPlugin(plugin, archivo, fuente);
  return [...new Set(halladas)].map((linea) => ({ archivo, linea }));
}
