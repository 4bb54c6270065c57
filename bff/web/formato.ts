import { esMoneda, leerMonto, montoTexto } from "@alpes/shared/seedwork/money.ts";
import { dos, idioma } from "./textos.ts";

export interface DineroJson {
  readonly valor: string;
  readonly moneda: string;
}

const marcas = () => idioma.value === "en" ? { miles: ",", decimal: "." } : { miles: ".", decimal: "," };
const agrupar = (enteros: string) => enteros.replace(/\B(?=(\d{3})+$)/g, marcas().miles);

/** A decimal string with the reader's separators and every digit that it came with: never by way of a float. */
export function monto(valor: string): string {
  const m = /^(-?)(\d+)(?:\.(\d+))?$/.exec(valor);
  if (m === null) return valor;
  const fraccion = m[3] === undefined ? "" : marcas().decimal + m[3];
  return (m[1] === "-" ? "−" : "") + agrupar(m[2] ?? "") + fraccion;
}
export const dinero = (d: DineroJson): string => `${d.moneda} ${monto(d.valor)}`;
export const numero = (n: number | bigint): string => monto(String(n));
/** "1 pago", "2 pagos": the words are given in the plural of either language. */
export const contados = (n: number, plural: string): string =>
  `${numero(n)} ${
    n === 1
      ? plural.replace(/iones\b/g, "ión").replace(/ies\b/g, "y").replace(/(?<=[a-zñ])s(?= |$)/g, "")
      : plural
  }`;

/** What a person types as an amount, in either notation, as the wire's decimal string; `null`: not an amount. */
export function montoEscrito(texto: string, moneda: string): string | null {
  if (!esMoneda(moneda)) return null;
  const limpio = texto.trim().replaceAll(/\s/g, "");
  const ultimo = Math.max(limpio.lastIndexOf(","), limpio.lastIndexOf("."));
  const cola = ultimo < 0 ? "" : limpio.slice(ultimo + 1);
  const marca = limpio.charAt(ultimo);
  // A mark that stands once, with other than three digits behind it or with another mark before it, is the decimal one.
  const unica = ultimo >= 0 && limpio.indexOf(marca) === ultimo;
  const otra = marca === "," ? "." : ",";
  const conDecimales = unica && (cola.length !== 3 || limpio.includes(otra));
  const enteros = (conDecimales ? limpio.slice(0, ultimo) : limpio).replaceAll(/[.,]/g, "");
  const cifras = conDecimales ? cola : "";
  if (!/^-?\d+$/.test(enteros) || !/^\d*$/.test(cifras)) return null;
  const cero = leerMonto(0, moneda);
  const digitos = cero.ok ? montoTexto(cero.value).split(".")[1]?.length ?? 0 : 2;
  if (cifras.length > digitos) return null;
  const llano = enteros.replace(/^(-?)0+(?=\d)/, "$1");
  const texto2 = digitos === 0 ? llano : `${llano}.${cifras.padEnd(digitos, "0")}`;
  return leerMonto(texto2, moneda).ok ? texto2 : null;
}

/** Sum of decimal strings of one currency, exact; `null` where one cannot be read. */
export function suma(valores: readonly string[], moneda: string): string | null {
  if (!esMoneda(moneda)) return null;
  let unidades = 0n;
  for (const v of valores) {
    const r = leerMonto(v, moneda);
    if (!r.ok) return null;
    unidades += r.value.unidades;
  }
  return montoTexto({ unidades, moneda });
}

/** The reader's zone, by name: it stands beside whatever shows a time. */
export const ZONA = Intl.DateTimeFormat().resolvedOptions().timeZone;
const formatos = new Map<string, Intl.DateTimeFormat>();
function formato(o: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const lugar = idioma.value === "en" ? "en-GB" : "es-CO";
  const clave = lugar + JSON.stringify(o);
  let f = formatos.get(clave);
  if (f === undefined) formatos.set(clave, f = new Intl.DateTimeFormat(lugar, { hour12: false, ...o }));
  return f;
}
const HOY = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
const CORTO = { day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit" } as const;
const LARGO = {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
} as const;

/** An instant in the reader's zone, shorter for today's and this year's. */
export function instante(iso: string | null): string {
  if (iso === null) return "—";
  const t = new Date(iso);
  const ahora = new Date();
  if (t.toDateString() === ahora.toDateString()) return formato(HOY).format(t);
  return formato(t.getFullYear() === ahora.getFullYear() ? CORTO : { ...CORTO, year: "numeric" }).format(t);
}
export const instanteLargo = (iso: string): string => `${formato(LARGO).format(new Date(iso))} ${ZONA}`;

const MESES = {
  es: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
};
/** A day as it is written, whatever the zone: it is never an instant. */
export function dia(texto: string | null): string {
  const m = /^(\d{4})-(\d\d)-(\d\d)/.exec(texto ?? "");
  return m === null ? "—" : `${m[3]} ${MESES[idioma.value][Number(m[2]) - 1]} ${m[1]}`;
}

/** How long ago, in the largest unit that says something. */
export function edad(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1_000));
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h`;
  const d = Math.floor(s / 86_400);
  return dos(`${d} d`, `${d} d`);
}
/** The tail of an id is what tells it apart. */
export const corto = (id: string): string => id.length <= 18 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`;
