/** A W3C `traceparent` of our own span: within the caller's trace when its header is valid, else of a new trace. */
export function childTrace(header: string | undefined, random: (bytes: number) => string): string {
  const m = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header?.trim() ?? "");
  const [, version, trace = "", parent = "", flags = "01", more] = m ?? [];
  const valid = m !== null && version !== "ff" && !/^0+$/.test(trace) && !/^0+$/.test(parent) &&
    (more === undefined || version !== "00");
  return `00-${valid ? trace : random(16)}-${random(8)}-${valid ? flags : "01"}`;
}

const pool = new Uint8Array(4_096);
let used = pool.byteLength;

/** From a pool, since asking for a few bytes costs as much as asking for many. No secret: these name spans. */
export function randomHex(bytes: number): string {
  if (used + bytes > pool.byteLength) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool.subarray(used, used += bytes).toHex();
}
