import { HTTPException } from "hono/http-exception";
import {
  ConcurrencyError,
  KeyReused,
  MessageTooBig,
  StillRunning,
  Unavailable,
  UnknownOutcome,
} from "@alpes/shared/seedwork/unit_of_work.ts";
import { BASE } from "./catalogue.ts";
import { Problem } from "./problem.ts";

/** The problem that an exception means to the caller; what we do not know is `interno`. */
export function problemOf(e: Error): Problem {
  if (e instanceof Problem) return e;
  if (e instanceof StillRunning) return new Problem("en_curso");
  if (e instanceof KeyReused) return new Problem("clave_reutilizada");
  if (e instanceof MessageTooBig) return new Problem("cuerpo_muy_grande");
  if (e instanceof UnknownOutcome) return new Problem("resultado_desconocido");
  // Too many conflicting writes: nothing stands, and a moment later it may go through.
  if (e instanceof Unavailable || e instanceof ConcurrencyError) return new Problem("no_disponible");
  if (e instanceof HTTPException) {
    const [codigo] = Object.entries(BASE).find(([, f]) => f.status === e.status) ?? [];
    if (codigo !== undefined) return new Problem(codigo);
  }
  return new Problem("interno");
}
