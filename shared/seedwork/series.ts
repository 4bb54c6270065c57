/** How far back a trend goes, in days of UTC, today included. */
export const DIAS = [1, 7, 30, 90] as const;
export type Dias = (typeof DIAS)[number];

/** What a trend covers, and the same stretch before it, as much of it as has passed of this one. */
export interface Ventana {
  readonly paso: "hora" | "dia";
  readonly desde: Date;
  readonly hasta: Date;
  readonly antes: { readonly desde: Date; readonly hasta: Date };
}
export interface Medida {
  readonly cantidad: number;
  /** Minor units; 0 where what is counted is not money. */
  readonly total: bigint;
}
export interface Punto extends Medida {
  readonly desde: Date;
}
/** One line of a trend: `clave` tells it from its like (a currency; "" where there is but one). */
export interface Serie extends Medida {
  readonly clave: string;
  readonly antes: Medida;
  /** One for each hour or day that has begun, oldest first. */
  readonly puntos: readonly Punto[];
}
export interface Series {
  readonly desde: Date;
  readonly paso: Ventana["paso"];
  readonly series: readonly Serie[];
}
/** Things that happened in one hour or day, or one thing. */
export interface Cuenta extends Medida {
  readonly clave: string;
  readonly en: Date;
}

const HORA = 3_600_000;
const DIA = 24 * HORA;
const NADA: Medida = { cantidad: 0, total: 0n };
const mas = (a: Medida, b: Medida): Medida => ({
  cantidad: a.cantidad + b.cantidad,
  total: a.total + b.total,
});

export function ventana(dias: Dias, ahora: Date): Ventana {
  const hasta = ahora.getTime();
  const desde = hasta - hasta % DIA - (dias - 1) * DIA;
  return {
    paso: dias === 1 ? "hora" : "dia",
    desde: new Date(desde),
    hasta: ahora,
    antes: { desde: new Date(desde - dias * DIA), hasta: new Date(hasta - dias * DIA) },
  };
}

/** Whether it is counted at all. */
export const enVentana = (v: Ventana, en: Date): boolean =>
  en >= v.desde && en <= v.hasta || en >= v.antes.desde && en < v.antes.hasta;

/** Puts what is in the window into its hours or days, also those in which nothing happened. */
export function series(v: Ventana, cuentas: Iterable<Cuenta>): Series {
  const cada = v.paso === "hora" ? HORA : DIA;
  const inicio = v.desde.getTime();
  const cuantos = Math.floor((v.hasta.getTime() - inicio) / cada) + 1;
  const lineas = new Map<string, { antes: Medida; puntos: Medida[] }>();
  for (const c of cuentas) {
    const l = lineas.get(c.clave) ?? { antes: NADA, puntos: Array.from({ length: cuantos }, () => NADA) };
    lineas.set(c.clave, l);
    const i = Math.floor((c.en.getTime() - inicio) / cada);
    if (i < 0) l.antes = mas(l.antes, c);
    else l.puntos[i] = mas(l.puntos[i] ?? NADA, c);
  }
  return {
    desde: v.desde,
    paso: v.paso,
    series: [...lineas].sort(([a], [b]) => a < b ? -1 : 1).map(([clave, { antes, puntos }]) => ({
      clave,
      antes,
      ...puntos.reduce(mas, NADA),
      puntos: puntos.map((p, i) => ({ ...p, desde: new Date(inicio + i * cada) })),
    })),
  };
}
