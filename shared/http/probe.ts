/** The argument with which a binary asks its own running process how it is: an image without a shell has nothing else. */
export const PROBE = "--salud";

/** Ends with code 0 where the process on `port` of this machine says that it is ready, else with 1 and its reason. */
export async function probe(port: number): Promise<never> {
  try {
    const r = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(3_500) });
    console.log(await r.text());
    Deno.exit(r.ok ? 0 : 1);
  } catch (e) {
    console.log(e instanceof Error ? e.message : String(e));
    Deno.exit(1);
  }
}
