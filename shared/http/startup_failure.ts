/** A start that cannot go on, told as three things: what happened, why, and one line that can be run. */
export class StartupFailure extends Error {
  override readonly name = "StartupFailure";
  constructor(readonly what: string, readonly why: string, readonly run: string, options?: ErrorOptions) {
    super(`✗ ${what}\n  why: ${why}\n  run: ${run}`, options);
  }
}

/**
 * Runs a composition root. A `StartupFailure` is printed without its stack and ends the process with code 1; any other
 * fault keeps its stack, because it is ours.
 */
export async function orExit(main: () => Promise<unknown>): Promise<void> {
  try {
    await main();
  } catch (e) {
    console.error(e instanceof StartupFailure ? e.message : e);
    Deno.exit(1);
  }
}
