import { canonicalJson, parseJson } from "@alpes/shared/seedwork/json.ts";
import { comparar, type Dinero, iguales } from "@alpes/shared/seedwork/money.ts";

export type TipoCampania = "PERFORMANCE" | "BRANDING" | "AWARENESS" | "CONVERSION" | "RETENTION";

/** What describes a campaign. `itinerario` and `metas` are JSON texts: they go back as they came, big numbers too. */
export interface Datos {
  readonly nombre: string | null;
  readonly tipo_campania: TipoCampania;
  readonly itinerario: string;
  readonly presupuesto: Dinero | null;
  /** What must be paid before approval. */
  readonly anticipo: Dinero | null;
  /** Days, `YYYY-MM-DD`. */
  readonly fecha_inicio: string | null;
  readonly fecha_fin: string | null;
  readonly metas: string | null;
}

export type Cambios = { readonly [K in keyof Datos]?: Datos[K] };

export type FallaDatos = "escala" | "anticipo_mayor" | "monedas_distintas" | "fin_antes_de_inicio";
export interface CampoInvalido {
  readonly campo: keyof Datos;
  readonly falla: FallaDatos;
}

/** Every rule between fields that these data break. */
export function fallas(d: Datos): readonly CampoInvalido[] {
  const malas: CampoInvalido[] = [];
  if (d.presupuesto !== null && d.anticipo !== null) {
    if (d.presupuesto.moneda !== d.anticipo.moneda) {
      malas.push({ campo: "anticipo", falla: "monedas_distintas" });
    } else if (comparar(d.anticipo, d.presupuesto) > 0) {
      malas.push({ campo: "anticipo", falla: "anticipo_mayor" });
    }
  }
  if (d.fecha_inicio !== null && d.fecha_fin !== null && d.fecha_fin < d.fecha_inicio) {
    malas.push({ campo: "fecha_fin", falla: "fin_antes_de_inicio" });
  }
  return malas;
}

/** The order of keys and the spaces between them make no difference. */
const mismoJson = (a: string, b: string): boolean =>
  a === b || canonicalJson(parseJson(a)) === canonicalJson(parseJson(b));
const mismoDinero = (a: Dinero | null, b: Dinero | null): boolean =>
  a === null || b === null ? a === b : iguales(a, b);
const mismoTexto = (a: string | null, b: string | null): boolean =>
  a === null || b === null ? a === b : mismoJson(a, b);

const IGUALDAD: { readonly [K in keyof Datos]: (a: Datos[K], b: Datos[K]) => boolean } = {
  nombre: Object.is,
  tipo_campania: Object.is,
  itinerario: mismoJson,
  presupuesto: mismoDinero,
  anticipo: mismoDinero,
  fecha_inicio: Object.is,
  fecha_fin: Object.is,
  metas: mismoTexto,
};
export const CAMPOS = Object.keys(IGUALDAD) as readonly (keyof Datos)[];

/** The part of `cambios` that is not so already. */
export function diferencia(de: Datos, cambios: Cambios): Cambios {
  const distinto = <K extends keyof Datos>(k: K): Cambios => {
    const nuevo = cambios[k];
    return nuevo === undefined || IGUALDAD[k](de[k], nuevo) ? {} : { [k]: nuevo };
  };
  return CAMPOS.reduce<Cambios>((todo, k) => ({ ...todo, ...distinto(k) }), {});
}

export const mismosDatos = (a: Datos, b: Datos): boolean => Object.keys(diferencia(a, b)).length === 0;
