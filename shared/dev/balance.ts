/** One address for several instances of a service. */
export interface Balance extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/**
 * Passes each connection on to the next instance that takes it, byte for byte. Where none does, the connection is closed,
 * which a client sees as one that was refused. For development and tests; a deployment has its own (deploy/).
 */
export function balance(targets: readonly string[]): Balance {
  const instances = targets.map((t) => new URL(t)).map((u) => ({
    hostname: u.hostname,
    port: Number(u.port),
  }));
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const running = new Set<Promise<void>>();
  let turn = 0;

  async function dial(): Promise<Deno.TcpConn | null> {
    const first = turn++;
    for (let i = 0; i < instances.length; i++) {
      const instance = instances[(first + i) % instances.length];
      const conn = instance && await Deno.connect(instance).catch(() => null);
      if (conn) return conn;
    }
    return null;
  }

  async function pass(near: Deno.TcpConn): Promise<void> {
    open.add(near);
    const far = await dial();
    if (far !== null) open.add(far);
    try {
      if (far === null) return;
      near.setNoDelay();
      far.setNoDelay();
      // Either side's end ends both: HTTP has no use for a half-closed connection.
      await Promise.race([near.readable.pipeTo(far.writable), far.readable.pipeTo(near.writable)]);
    } catch {
      /* either end is gone */
    } finally {
      for (const c of [near, far]) if (c !== null) close(c);
    }
  }

  function close(conn: Deno.TcpConn): void {
    open.delete(conn);
    try {
      conn.close();
    } catch { /* it was closed */ }
  }

  const accepting = (async () => {
    for await (const near of listener) {
      const run = pass(near).catch(() => {}).finally(() => running.delete(run));
      running.add(run);
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const c of [...open]) close(c);
      await accepting.catch(() => {});
      await Promise.all(running);
    },
  };
}
