import { conMoneda, type MontoEntrada } from "@alpes/shared/contracts/dinero.ts";
import type { Dinero, Moneda } from "@alpes/shared/seedwork/money.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import type { Cambios, CampoInvalido, Datos, TipoCampania } from "../domain/datos.ts";

type Quizas<T> = T | null | undefined;

/** Descriptive fields as they came: `undefined` is not named, `null` is emptied; amounts may lack their currency. */
export interface Entrada {
  readonly nombre?: Quizas<string>;
  readonly tipo_campania?: Quizas<TipoCampania>;
  /** JSON texts. */
  readonly itinerario?: string | undefined;
  readonly metas?: Quizas<string>;
  readonly presupuesto?: Quizas<MontoEntrada>;
  readonly anticipo?: Quizas<MontoEntrada>;
  readonly fecha_inicio?: Quizas<string>;
  readonly fecha_fin?: Quizas<string>;
}

const POR_DEFECTO: Datos = {
  nombre: null,
  tipo_campania: "PERFORMANCE",
  itinerario: "[]",
  presupuesto: null,
  anticipo: null,
  fecha_inicio: null,
  fecha_fin: null,
  metas: null,
};

/** The currency of the fields that came, or of those that stand. */
function monedaDe(e: Entrada, antes: Datos): Moneda {
  return e.presupuesto?.moneda ?? e.anticipo?.moneda ?? antes.presupuesto?.moneda ?? antes.anticipo?.moneda ??
    "USD";
}

/** What was named, as changes; an amount that is not exact in its currency is an invalid field. */
export function cambiosDe(e: Entrada, antes: Datos): Result<Cambios, readonly CampoInvalido[]> {
  const moneda = monedaDe(e, antes);
  const malos: CampoInvalido[] = [];
  const monto = (campo: "presupuesto" | "anticipo"): { [k: string]: Dinero | null } => {
    const m = e[campo];
    if (m == null) return m === null ? { [campo]: null } : {};
    const d = conMoneda(m, moneda);
    if (d === null) malos.push({ campo, falla: "escala" });
    return { [campo]: d };
  };
  const si = <K extends keyof Datos>(k: K, v: Datos[K] | undefined) => v === undefined ? {} : { [k]: v };
  const cambios: Cambios = {
    ...si("nombre", e.nombre),
    ...si("tipo_campania", e.tipo_campania === null ? POR_DEFECTO.tipo_campania : e.tipo_campania),
    ...si("itinerario", e.itinerario),
    ...si("fecha_inicio", e.fecha_inicio),
    ...si("fecha_fin", e.fecha_fin),
    ...si("metas", e.metas),
    ...monto("presupuesto"),
    ...monto("anticipo"),
  };
  return malos.length > 0 ? err(malos) : ok(cambios);
}

/** A whole set of descriptive fields: what is missing is empty. */
export function datosDeEntrada(
  e: Entrada,
  antes: Datos = POR_DEFECTO,
): Result<Datos, readonly CampoInvalido[]> {
  const r = cambiosDe(e, antes);
  return r.ok ? ok({ ...POR_DEFECTO, ...r.value }) : r;
}
