import { parseJson } from "./json.ts";
import { MAX_MESSAGE, type Message } from "./messages.ts";
import { MessageTooBig } from "./unit_of_work.ts";

/** A message as it is stored and sent. */
export const encodeMessage = (m: Message): string => JSON.stringify(m);

/** The same for what is about to be committed; throws `MessageTooBig` for what no bus would carry. */
export function encodeOutgoing(m: Message): string {
  const text = encodeMessage(m);
  // A character has three bytes at most: the short ones need no counting.
  const bytes = text.length * 3 <= MAX_MESSAGE ? 0 : new TextEncoder().encode(text).length;
  if (bytes > MAX_MESSAGE) {
    throw new MessageTooBig(`${m.type} of ${m.aggregate_id} has ${bytes} bytes, ${MAX_MESSAGE} are the most`);
  }
  return text;
}

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
