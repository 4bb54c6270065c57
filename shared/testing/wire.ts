/** An answer as it came over the wire; `ms` from the request's first byte out to the answer's last byte in. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly ms: number;
}

/** One HTTP/1.1 connection, a request at a time. Paths and headers go out exactly as given, unlike with `fetch`. */
export interface Wire extends Disposable {
  /** Rejects when the connection ends before the answer. */
  send(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<WireAnswer>;
  /** Bytes as they are, without waiting. */
  write(text: string | Uint8Array): Promise<void>;
  /** The next answer on this connection. */
  answer(): Promise<WireAnswer>;
  /** Whether another request may go out. */
  readonly open: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Connects to `http://host:port`. */
export async function wire(base: string): Promise<Wire> {
  const { hostname, port } = new URL(base);
  const conn = await Deno.connect({ hostname, port: Number(port) });
  conn.setNoDelay();
  const chunk = new Uint8Array(16_384);
  let rest = new Uint8Array(0);
  let open = true;

  async function more(): Promise<void> {
    const n = await conn.read(chunk);
    if (n === null) throw new Error("the connection ended");
    const joined = new Uint8Array(rest.length + n);
    joined.set(rest);
    joined.set(chunk.subarray(0, n), rest.length);
    rest = joined;
  }
  async function until(mark: string): Promise<string> {
    for (;;) {
      const text = decoder.decode(rest);
      const at = text.indexOf(mark);
      if (at >= 0) {
        rest = rest.slice(encoder.encode(text.slice(0, at + mark.length)).length);
        return text.slice(0, at);
      }
      await more();
    }
  }
  async function take(n: number): Promise<string> {
    while (rest.length < n) await more();
    const text = decoder.decode(rest.subarray(0, n));
    rest = rest.slice(n);
    return text;
  }
  async function chunks(): Promise<string> {
    let text = "";
    for (;;) {
      const size = parseInt(await until("\r\n"), 16);
      const piece = await take(size + 2);
      if (size === 0) return text;
      text += piece.slice(0, -2);
    }
  }

  async function write(text: string | Uint8Array): Promise<void> {
    let bytes = typeof text === "string" ? encoder.encode(text) : text;
    while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes));
  }
  async function answer(started = performance.now()): Promise<WireAnswer> {
    const [first = "", ...lines] = (await until("\r\n\r\n")).split("\r\n");
    const headers = new Map(lines.map((l) => {
      const at = l.indexOf(":");
      return [l.slice(0, at).toLowerCase(), l.slice(at + 1).trim()] as const;
    }));
    const status = Number(first.split(" ")[1]);
    const bare = status === 204 || status === 304 || status < 200;
    const body = bare
      ? ""
      : headers.get("transfer-encoding") === "chunked"
      ? await chunks()
      : await take(Number(headers.get("content-length") ?? 0));
    if (headers.get("connection") === "close") open = false;
    return { status, headers, body, ms: performance.now() - started };
  }

  return {
    async send(method, path, headers = {}, body = "") {
      const lines = Object.entries({ host: "localhost", ...headers }).map(([k, v]) => `${k}: ${v}\r\n`).join(
        "",
      );
      const length = body === "" && method === "GET"
        ? ""
        : `content-length: ${encoder.encode(body).length}\r\n`;
      const started = performance.now();
      try {
        await write(`${method} ${path} HTTP/1.1\r\n${lines}${length}\r\n${body}`);
        return await answer(started);
      } catch (e) {
        open = false;
        throw e;
      }
    },
    write,
    answer: () => answer(),
    get open() {
      return open;
    },
    [Symbol.dispose]() {
      open = false;
      try {
        conn.close();
      } catch { /* already */ }
    },
  };
}
