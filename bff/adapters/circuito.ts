import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
} from "cockatiel";
import { FallaHttp, type OpcionesServidor } from "./falla.ts";

/** Runs one request, or throws `circuito_abierto` at once while the service is left alone. */
export type ConCircuito = <T>(hacer: () => Promise<T>) => Promise<T>;

/** Opens after failures in a row that were the service's own; then one request tries, and its outcome decides. */
export function cortacircuitos({ servicio, circuito: ajustes }: OpcionesServidor): ConCircuito {
  const { fallas, pausaMs } = ajustes ?? { fallas: 5, pausaMs: 1_000 };
  const circuito = circuitBreaker(handleWhen((e) => e instanceof FallaHttp && e.suya), {
    halfOpenAfter: pausaMs,
    breaker: new ConsecutiveBreaker(fallas),
  });
  const abierto = () => new FallaHttp({ tipo: "circuito_abierto", servicio });
  return async (hacer) => {
    // While that one request is out, the others are told at once instead of waiting for its outcome.
    if (circuito.state === CircuitState.HalfOpen) throw abierto();
    try {
      return await circuito.execute(hacer);
    } catch (e) {
      throw isBrokenCircuitError(e) ? abierto() : e;
    }
  };
}
