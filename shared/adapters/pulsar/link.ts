import { exponential } from "@alpes/shared/seedwork/retry.ts";

/** One WebSocket that is opened again whenever it is lost. */
export interface Link extends AsyncDisposable {
  /** Sends over the connection that stands; without one it does nothing. */
  send(text: string): void;
  isOpen(): boolean;
  /** Why it could not be opened the last time; `null` while it is open, opens for the first time, or rests. */
  fault(): string | null;
  /** Opens it where it rests. */
  wake(): void;
  /** Gives this connection up, with the reason, and opens another. */
  drop(reason: string): void;
}

export interface LinkOptions {
  readonly connect: () => WebSocket;
  /** The reason in one sentence: of an HTTP status with which it was refused, or of no answer at all. */
  readonly explain: (status: number | null) => string;
  /** Whether a lost connection is opened again at once; else it rests until `wake`. */
  readonly wanted: () => boolean;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** It was lost, or could not be opened. `refused`: the broker itself said no. */
  readonly onLost: (reason: string, refused: boolean) => void;
}

/** Between attempts, ms: shorter than a broker takes to start, longer than a busy loop. */
const backoff = exponential(100, 2, 3_000);
/** A connection that lasted so long starts the back-off anew, ms. */
const STABLE_MS = 1_000;
/** How long a connection may take to open, and to close, ms. */
const OPEN_MS = 15_000;
const CLOSE_MS = 2_000;

/** Opens at the first `wake`. */
export function openLink(o: LinkOptions): Link {
  let socket: WebSocket | null = null;
  let open = false;
  let closed = false;
  let failures = 0;
  let why: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const closing = new Set<Promise<void>>();

  function connect(): void {
    if (closed || socket !== null) return;
    clearTimeout(timer);
    timer = undefined;
    let ws: WebSocket;
    try {
      ws = o.connect();
    } catch (e) {
      why = e instanceof Error ? e.message : String(e);
      return again();
    }
    socket = ws;
    let since = 0;
    let status: number | null = null;
    const slow = setTimeout(() => lose(o.explain(null), false), OPEN_MS);
    const over = Promise.withResolvers<void>();
    closing.add(over.promise);
    over.promise.then(() => closing.delete(over.promise));

    function lose(reason: string, refused: boolean): void {
      clearTimeout(slow);
      if (socket !== ws) return;
      socket = null;
      open = false;
      why = reason;
      if (since > 0 && performance.now() - since > STABLE_MS) failures = 0;
      try {
        ws.close();
      } catch { /* it never opened */ }
      o.onLost(reason, refused);
      if (o.wanted()) again();
      else if (since > 0) why = null; // an idle connection that the broker closed is no fault
    }
    ws.onopen = () => {
      if (socket !== ws) return ws.close();
      clearTimeout(slow);
      since = performance.now();
      open = true;
      why = null;
      o.onOpen();
    };
    ws.onmessage = (e) => {
      if (socket === ws && typeof e.data === "string") o.onText(e.data);
    };
    ws.onerror = (e) => {
      const said = e instanceof ErrorEvent ? /status code:? (\d{3})/.exec(e.message)?.[1] : undefined;
      if (said !== undefined) status = Number(said);
    };
    ws.onclose = (e) => {
      over.resolve();
      const reason = since > 0 && e.reason !== ""
        ? `Pulsar closed the connection (${e.code}: ${e.reason.slice(0, 120)})`
        : o.explain(status);
      lose(reason, status !== null && status >= 400 && status < 500);
    };
    live = lose;
  }
  let live: (reason: string, refused: boolean) => void = () => {};

  function again(): void {
    if (closed) return;
    timer = setTimeout(connect, backoff(++failures));
  }

  return {
    send: (text) => {
      if (open) socket?.send(text);
    },
    isOpen: () => open,
    fault: () => why,
    wake() {
      if (timer === undefined) connect();
    },
    drop(reason) {
      if (socket !== null) live(reason, false);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
      open = false;
      let late: ReturnType<typeof setTimeout> | undefined;
      const limit = new Promise<void>((r) => late = setTimeout(r, CLOSE_MS));
      await Promise.race([Promise.all(closing), limit]);
      clearTimeout(late);
    },
  };
}
