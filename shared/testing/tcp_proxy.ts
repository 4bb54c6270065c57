/** A way to a server that can be cut, as it is when a process or a network ends. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's address, by way of us. */
  readonly url: string;
  /** Ends every connection; new ones come through. */
  cut(): void;
}

/** Passes connections of a free loopback port on to the server at `url`. Disposing it ends them and lets none in. */
export function tcpProxy(url: string): TcpProxy {
  const target = new URL(url);
  const hostname = target.hostname;
  const port = Number(target.port);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const own = new URL(url);
  own.hostname = "127.0.0.1";
  own.port = String(listener.addr.port);
  const sockets = new Set<Deno.TcpConn>();
  const running = new Set<Promise<void>>();

  async function pass(near: Deno.TcpConn): Promise<void> {
    sockets.add(near);
    let far: Deno.TcpConn | undefined;
    try {
      far = await Deno.connect({ hostname, port });
      sockets.add(far);
      await Promise.race([near.readable.pipeTo(far.writable), far.readable.pipeTo(near.writable)]);
    } catch {
      /* either end is gone */
    } finally {
      for (const s of [near, far]) if (s !== undefined) end(s);
    }
  }

  function end(s: Deno.TcpConn): void {
    sockets.delete(s);
    try {
      s.close();
    } catch { /* it was closed */ }
  }

  const accepting = (async () => {
    for await (const near of listener) {
      const run = pass(near).finally(() => running.delete(run));
      running.add(run);
    }
  })();

  const cut = () => [...sockets].forEach(end);
  let ended = false;
  return {
    url: own.href.replace(/\/$/, ""),
    cut,
    async [Symbol.asyncDispose]() {
      if (ended) return;
      ended = true;
      listener.close();
      cut();
      await accepting.catch(() => {});
      await Promise.all(running);
    },
  };
}
