import { inboxContract } from "@alpes/shared/testing/inbox_contract.ts";
import { memoryInbox } from "./inbox.ts";

inboxContract("memory inbox", () => {
  const inbox = memoryInbox();
  return Promise.resolve({
    inbox,
    desk: inbox,
    async effect(consumer: string, event_id: string) {
      const already = inbox.state(consumer, event_id)?.estado === "HECHO";
      await inbox.done(consumer, event_id);
      return !already;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});
