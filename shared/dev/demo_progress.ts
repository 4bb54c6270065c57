/** Keeps one line of a terminal up to date; an empty text clears it. Silent where the output is no terminal. */
export function progress(): (text: string) => void {
  if (!Deno.stderr.isTerminal()) return () => {};
  const encoder = new TextEncoder();
  return (text) => void Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${text}`));
}
