import type { MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { busContract } from "@alpes/shared/testing/bus_contract.ts";
import { freshNamespace, pulsarTest } from "@alpes/shared/testing/pulsar.ts";
import { tcpProxy } from "@alpes/shared/testing/tcp_proxy.ts";
import { webSocketBus } from "./websocket.ts";

pulsarTest("Pulsar over WebSocket", ({ url, adminUrl }) => {
  busContract("Pulsar over WebSocket", async () => {
    await using parts = new AsyncDisposableStack();
    const namespace = await freshNamespace(adminUrl);
    const processes = new Map<MessageBus, () => Promise<void>>();
    parts.defer(async () => {
      await Promise.all([...processes].map(async ([bus, cut]) => {
        await bus[Symbol.asyncDispose]();
        await cut();
      }));
    });
    const ends = parts.move();
    return {
      // Each process has its own way to the broker, which ends under it as it does when the process is killed.
      connect() {
        const way = tcpProxy(url);
        const bus = webSocketBus({ url: way.url, namespace });
        processes.set(bus, async () => await way[Symbol.asyncDispose]());
        return Promise.resolve(bus);
      },
      crash: async (bus) => await processes.get(bus)?.(),
      [Symbol.asyncDispose]: () => ends.disposeAsync(),
    };
  }, { severalProcesses: true });
});
