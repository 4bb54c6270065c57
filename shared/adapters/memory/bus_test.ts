import { busContract } from "@alpes/shared/testing/bus_contract.ts";
import { memoryBus } from "./bus.ts";

busContract("memory bus", () => {
  const bus = memoryBus();
  return Promise.resolve({
    connect: () => Promise.resolve(bus),
    crash: () => {},
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  });
}, { severalProcesses: false });
