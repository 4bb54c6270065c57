import type { Locale } from "@alpes/shared/http/locale.ts";
import type { Result } from "@alpes/shared/seedwork/result.ts";
import type { Lectura, Negativa } from "../ports.ts";
import { advertencia } from "./negar.ts";

/** The parts of one composed answer. */
export interface Partes {
  /** The part's value, or `null` and a warning that names the service and the fields that are missing. */
  tomar<T>(r: Result<Lectura<T>, Negativa>, campos: readonly string[]): T | null;
  /** One line for each service and way of failing. */
  advertencias(): string[];
  /** When the oldest of the parts was read; `null` while there is none. */
  leidoEn(): Date | null;
  /** Why there is no answer at all: nothing could be read, or the caller may not; `null`: there is one. */
  fracaso(): Negativa | null;
}

export function partes(locale: Locale): Partes {
  const faltan = new Map<string, { negativa: Negativa; campos: string[] }>();
  const negativas: Negativa[] = [];
  let masViejo: Date | null = null;
  return {
    tomar(r, campos) {
      if (r.ok) {
        if (masViejo === null || r.value.leido_en < masViejo) masViejo = r.value.leido_en;
        return r.value.valor;
      }
      negativas.push(r.error);
      const clave = `${r.error.servicio} ${r.error.tipo}`;
      const ya = faltan.get(clave);
      if (ya) ya.campos.push(...campos.filter((n) => !ya.campos.includes(n)));
      else faltan.set(clave, { negativa: r.error, campos: [...campos] });
      return null;
    },
    advertencias: () =>
      [...faltan.values()].map(({ negativa, campos }) => advertencia(negativa, campos, locale)),
    leidoEn: () => masViejo,
    fracaso: () => negativas.find(deQuienPide) ?? (masViejo === null ? negativas[0] ?? null : null),
  };
}

/** Refused for who asks: an answer without that part would say less than it seems to. */
const deQuienPide = (n: Negativa) => n.tipo === "rechazo" && (n.status === 401 || n.status === 403);
