/**
 * Runs `work` in a span that is a child of `traceparent` (as it came with a message; null starts a new trace), and
 * hands it the traceparent that what it causes shall carry.
 */
export type Traced = <T>(
  name: string,
  traceparent: string | null,
  work: (traceparent: string | null) => Promise<T>,
  options: {
    readonly role: "producer" | "consumer";
    readonly attributes: Readonly<Record<string, string | number>>;
  },
) => Promise<T>;

/** No tracer: what came is passed on. */
export const untraced: Traced = (_name, traceparent, work) => work(traceparent);
