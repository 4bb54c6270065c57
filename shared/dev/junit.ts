/** How a run of `deno test` went. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Counts from a `--junit-path` report. Steps belong to their test (the report lists them as tests of their own, `test >
 * step`). A run that ended badly without saying which test failed (a file that does not load, a type error) counts as one
 * failure.
 */
export function countJunit(xml: string, success: boolean): Counts {
  const cases = [
    ...xml.matchAll(/<testcase name="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g),
  ];
  const names = new Set(cases.map((c) => `${c[2]} ${c[1]}`));
  const isStep = (name = "", file = "") =>
    [...name.matchAll(/ &gt; /g)].some((m) => names.has(`${file} ${name.slice(0, m.index)}`));
  const tests = cases.filter((c) => !isStep(c[1], c[2]));
  const having = (element: RegExp) => tests.filter((c) => element.test(c[3] ?? "")).length;
  const failed = having(/<(failure|error)\b/);
  const skipped = having(/<skipped\b/);
  const passed = tests.length - failed - skipped;
  return { passed, skipped, failed: failed === 0 && !success ? 1 : failed };
}

/** The closing line, on a line of its own. */
export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
