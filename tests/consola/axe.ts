import axe from "axe-core";
import type { Page } from "playwright-core";

/** Every rule of WCAG up to 2.2 AA, with the one that axe leaves off. */
const REGLAS = {
  runOnly: {
    type: "tag" as const,
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  },
  rules: { "target-size": { enabled: true } },
};
/** What axe finds wrong with the page as it stands, a line each. */
export async function faltas(pagina: Page): Promise<string[]> {
  await pagina.evaluate(axe.source);
  const r = await pagina.evaluate(`axe.run(document, ${JSON.stringify(REGLAS)})`) as axe.AxeResults;
  return r.violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary ?? ""}`)
  );
}
