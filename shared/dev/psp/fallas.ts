import { conducta, digitos } from "@alpes/services/pagos/adapters/psp/conducta.ts";
import type { Random } from "../seed_random.ts";

/** What a provider can do wrong, or do that is not wanted. `sin_pagar`: nothing is recorded either. */
export const FALLAS = [
  "rechaza",
  "calla_tras_pagar",
  "calla_sin_pagar",
  "contesta_dos_veces",
  "contesta_tarde",
  "contesta_por_otro",
  "corta_tras_pagar",
  "corta_sin_pagar",
  "error_tras_pagar",
] as const;
export type Falla = (typeof FALLAS)[number] | "nunca_contesta";

/** For masks that end in these four digits, so many times. */
export interface Regla {
  readonly mascara: string;
  readonly falla: Falla;
  readonly veces: number;
}

export interface Azar {
  readonly random: Random;
  /** 0..1: how many of the calls go wrong. */
  readonly tasa: number;
}

const POR_DIGITOS = {
  paga: null,
  rechaza: "rechaza",
  nunca_contesta: "nunca_contesta",
  contesta_tarde: "contesta_tarde",
  pierde_la_respuesta: "corta_tras_pagar",
} as const satisfies Record<ReturnType<typeof conducta>, Falla | null>;

export interface Fallas {
  /** What goes wrong with this order; null: nothing. */
  deOrden(mascara: string | null): Falla | null;
  /** What goes wrong with a question about a key: only answers can. */
  deConsulta(): Falla | null;
  regla(r: Regla): void;
  azar(tasa: number): void;
}

/** Rules first, then the digits that the wire contract names, then chance. */
export function fallas(azar: Azar): Fallas {
  const reglas: { mascara: string; falla: Falla; veces: number }[] = [];
  let { tasa } = azar;
  const toca = () => azar.random.below(10_000) < tasa * 10_000;
  return {
    deOrden(mascara) {
      const r = reglas.find((x) => x.veces > 0 && x.mascara === digitos(mascara));
      if (r !== undefined) {
        r.veces--;
        return r.falla;
      }
      const fija = POR_DIGITOS[conducta(mascara)];
      return fija !== null ? fija : toca() ? azar.random.of(FALLAS) : null;
    },
    deConsulta: () => toca() ? azar.random.of(DE_RESPUESTA) : null,
    regla: (r) => void reglas.push({ ...r }),
    azar: (t) => void (tasa = t),
  };
}
const DE_RESPUESTA: readonly Falla[] = [
  "calla_tras_pagar",
  "contesta_por_otro",
  "corta_tras_pagar",
  "error_tras_pagar",
];
