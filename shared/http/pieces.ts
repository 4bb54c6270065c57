/** A stream's bytes as they come. */
export interface Pieces {
  /** `null` at the end. A piece is good until the next call only. */
  next(): Promise<Uint8Array | null>;
  /** Ends it: what waits in `next` gets `null`. */
  cancel(): void;
}

const SMALL = 512, LARGE = 65_536;

/**
 * Reads with a buffer that grows and shrinks with what comes. The stream's own takes 64 KiB for each read, also for one
 * that waits for a single byte: 300 MiB for a thousand slow senders.
 */
export function piecesOf(stream: ReadableStream<Uint8Array>): Pieces {
  const bytes = byteReader(stream);
  if (bytes === null) {
    const reader = stream.getReader();
    return {
      next: async () => (await reader.read()).value ?? null,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
  let buffer = new ArrayBuffer(SMALL);
  return {
    async next() {
      const { value } = await bytes.read(new Uint8Array(buffer));
      if (value === undefined || value.byteLength === 0) return null;
      const size = value.buffer.byteLength, filled = value.byteLength;
      if (filled === size && size < LARGE) buffer = new ArrayBuffer(size * 4);
      else if (filled < size / 8 && size > SMALL) buffer = new ArrayBuffer(SMALL);
      else buffer = value.buffer;
      return value;
    },
    cancel: () => void bytes.cancel().catch(() => {}),
  };
}

/** What comes over a socket is a byte stream; what a test or a transformation makes may be none. */
function byteReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (e) {
    if (e instanceof TypeError && !stream.locked) return null;
    throw e;
  }
}
