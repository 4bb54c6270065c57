/** One step of the README's tour: what a reader types, and the answer that the README shows for it. */
export interface Step {
  readonly script: string;
  readonly answer: string | null;
}

/** The part of a text between `<!-- tour -->` and `<!-- /tour -->`; throws where there is none. */
export function tourOf(markdown: string): string {
  const [, tour] = /<!-- tour -->([\s\S]*?)<!-- \/tour -->/.exec(markdown) ?? [];
  if (tour === undefined) throw new Error("no <!-- tour --> … <!-- /tour -->");
  return tour;
}

/** The ```sh blocks, each with the block of another kind that follows it before the next one. */
export function steps(tour: string): Step[] {
  const found: { script: string; answer: string | null }[] = [];
  for (const [, language = "", text = ""] of tour.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)) {
    const last = found.at(-1);
    if (language === "sh") found.push({ script: text, answer: null });
    else if (last !== undefined && last.answer === null) last.answer = text;
  }
  return found;
}

/** Whether the answer is what the README shows: white space aside, `…` stands for anything. */
export function fits(shown: string, got: string): boolean {
  const compact = (s: string) => s.replace(/\s+/g, "");
  const pattern = compact(shown).split("…").map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(
    "[\\s\\S]*",
  );
  return new RegExp(`^${pattern}$`).test(compact(got));
}
