import { parseJson } from "./json.ts";
import type { Message } from "./messages.ts";

/** A message as it is stored and sent. */
export const encodeMessage = (m: Message): string => JSON.stringify(m);

/**
 * Reads a stored message; a number that a double cannot hold leaves again as it came. Text that is no JSON at all
 * comes back as a string: `readEnvelope` says what is wrong with it.
 */
export function decodeMessage(text: string): unknown {
  try {
    // Only numbers of 16 digits and more, or with an exponent, can lose anything: the slow way is for them alone.
    if (/[\d.]{16}|\d[eE][-+]?\d/.test(text)) return parseJson(text);
  } catch {
    // What `parseJson` refuses (a key given twice, NUL …) was accepted by whoever sent it: read what there is.
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
