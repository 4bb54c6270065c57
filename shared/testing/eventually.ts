/**
 * Looks again until `check` neither throws nor answers `false`, and gives its answer; after `ms` (5,000 unless told)
 * it throws what the last look threw. For conditions that must come, never for ones that must not.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { ms = 5_000, every = 5 }: { ms?: number; every?: number } = {},
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    let seen: unknown = new Error("answered false");
    try {
      const answer = await check();
      if (answer !== false) return answer;
    } catch (e) {
      seen = e;
    }
    if (performance.now() > end) throw new Error(`not seen within ${ms} ms`, { cause: seen });
    await new Promise((r) => setTimeout(r, every));
  }
}
