/** What every check may look at. */
export interface Setting {
  readonly root: URL;
  /** Settings of the services and of the BFF: their files under the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly bffEnv: Readonly<Record<string, string>>;
  /** The platform has to be running. */
  readonly mustRun: boolean;
}

export interface Trouble {
  readonly what: string;
  readonly why: string;
  /** One line that can be run. */
  readonly run: string;
}

/** One thing to look at. `skip`: there is nothing to look at here (and so nothing wrong). */
export interface Check {
  readonly name: string;
  look(s: Setting): Promise<Trouble | "ok" | "skip">;
}

export interface Diagnosis {
  readonly faults: readonly (Trouble & { readonly check: string })[];
  readonly skipped: readonly string[];
  readonly seconds: number;
}

/** All checks at once, each for `limitMs` at most: together they stay under three seconds. */
export async function diagnose(checks: readonly Check[], s: Setting, limitMs = 2_400): Promise<Diagnosis> {
  const began = performance.now();
  const looked = await Promise.all(checks.map(async (c) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Trouble>((resolve) => {
      const why = `it took over ${limitMs / 1_000} s`;
      timer = setTimeout(() => resolve({ what: "no answer", why, run: "deno task doctor" }), limitMs);
    });
    const verdict = await Promise.race([c.look(s).catch(unforeseen), late]);
    clearTimeout(timer);
    return { check: c.name, verdict };
  }));
  return {
    faults: looked.flatMap(({ check, verdict }) =>
      typeof verdict === "string" ? [] : [{ check, ...verdict }]
    ),
    skipped: looked.filter((l) => l.verdict === "skip").map((l) => l.check),
    seconds: (performance.now() - began) / 1_000,
  };
}

const unforeseen = (e: unknown): Trouble => ({
  what: "could not be looked at",
  why: e instanceof Error ? e.message : String(e),
  run: "deno task doctor",
});
