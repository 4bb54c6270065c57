import { parse } from "csv-parse";
import { Readable } from "node:stream";
import { both } from "@alpes/shared/http/locale.ts";
import type { CampoInvalido } from "@alpes/shared/http/problem.ts";
import { parseInstant } from "@alpes/shared/http/time.ts";
import { comparar, type Dinero, dinero, esMoneda, leerMonto } from "@alpes/shared/seedwork/money.ts";
import type { FilaLiquidacion } from "../application/conciliar.ts";

/** The first line of a settlement file, exactly. */
export const CABECERA = ["clave", "referencia", "estado", "moneda", "monto", "comision", "fecha"] as const;
export const MAX_FILAS = 1_000_000;
/** So many lines are named; the others are counted. */
const MAX_ERRORES = 100;

/** A settlement file of which nothing is taken, and why: line by line. */
export class ArchivoMalo extends Error {
  override readonly name = "ArchivoMalo";
  constructor(readonly errores: readonly CampoInvalido[]) {
    super("a settlement file cannot be taken");
  }
}
const malo = (campo: string, es: string, en: string) => new ArchivoMalo([{ campo, mensaje: both(es, en) }]);

/** The text in pieces, each decoded by itself, so that 64 MiB are never there twice. */
function* texto(bytes: Uint8Array): Iterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const PIEZA = 1 << 18;
  for (let i = 0; i < bytes.byteLength; i += PIEZA) {
    try {
      yield decoder.decode(bytes.subarray(i, i + PIEZA), { stream: i + PIEZA < bytes.byteLength });
    } catch {
      throw malo(
        "archivo",
        "no es UTF-8 (¿Latin-1 o Windows-1252?): guárdelo como UTF-8",
        "is not UTF-8 (Latin-1 or Windows-1252?): save it as UTF-8",
      );
    }
  }
}

/**
 * The lines of a settlement file. Rejects with `ArchivoMalo` at its end when any line is wrong, and at once when it is no
 * such file; so whoever takes all or nothing takes nothing.
 */
export async function* leerLiquidacion(bytes: Uint8Array): AsyncGenerator<FilaLiquidacion> {
  const errores: CampoInvalido[] = [];
  let linea = 0, malas = 0;
  for await (const fila of filas(bytes)) {
    linea++;
    if (linea === 1) {
      if (fila.join(",") !== CABECERA.join(",")) {
        throw malo(
          "cabecera",
          `la primera línea debe ser ${CABECERA.join(",")}`,
          `the first line must be ${CABECERA.join(",")}`,
        );
      }
      continue;
    }
    if (linea > MAX_FILAS + 1) {
      throw malo("archivo", "tiene más de 1.000.000 de filas", "has more than 1,000,000 rows");
    }
    const leida = leer(fila, linea);
    if ("mensaje" in leida) {
      malas++;
      if (errores.length < MAX_ERRORES) errores.push(leida);
    } else if (malas === 0) yield leida;
  }
  if (linea === 0) throw malo("archivo", "está vacío", "is empty");
  if (malas > errores.length) {
    const mas = malas - errores.length;
    errores.push({ campo: "archivo", mensaje: both(`y ${mas} filas más`, `and ${mas} more rows`) });
  }
  if (malas > 0) throw new ArchivoMalo(errores);
}

async function* filas(bytes: Uint8Array): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 10_000,
  });
  const fuente = Readable.from(texto(bytes));
  // An error of the source ends the parser with it.
  fuente.on("error", (e) => parser.destroy(e));
  fuente.pipe(parser);
  try {
    for await (const fila of parser) yield fila as string[];
  } catch (e) {
    if (e instanceof ArchivoMalo) throw e;
    const donde: unknown = Reflect.get(Object(e), "lines");
    if (typeof donde !== "number") throw e;
    throw malo(
      `linea ${donde}`,
      "no es CSV: comillas sin cerrar o línea demasiado larga",
      "is no CSV: an open quote, or too long a line",
    );
  } finally {
    fuente.destroy();
  }
}

const ESTADOS = ["PAGADO", "NO_PAGADO", "DEVUELTO"] as const;

/** One line, or the first thing that is wrong with it. */
function leer(fila: readonly string[], linea: number): FilaLiquidacion | CampoInvalido {
  const mal = (campo: string, es: string, en: string): CampoInvalido => ({
    campo: `linea ${linea}.${campo}`,
    mensaje: both(es, en),
  });
  const [clave = "", referencia = "", estado = "", moneda = "", valor = "", comision = "", cuando = ""] =
    fila;
  if (fila.length !== CABECERA.length) return mal("columnas", "debe tener 7 columnas", "must have 7 columns");
  if (!/^[A-Za-z0-9._:~-]{1,600}$/.test(clave)) {
    return mal("clave", "no es una clave de intento", "is no attempt's key");
  }
  const que = ESTADOS.find((e) => e === estado);
  if (que === undefined) {
    return mal("estado", "debe ser PAGADO, NO_PAGADO o DEVUELTO", "must be PAGADO, NO_PAGADO or DEVUELTO");
  }
  if (!esMoneda(moneda)) return mal("moneda", "moneda desconocida", "unknown currency");
  const monto = leerMonto(valor, moneda);
  if (!monto.ok || monto.value.unidades <= 0n) {
    return mal(
      "monto",
      "debe ser un monto positivo con los decimales de la moneda",
      "must be a positive amount with the currency's decimals",
    );
  }
  const fee: Dinero | null = comision === "" ? null : montoDe(comision, moneda);
  if (comision !== "" && (fee === null || fee.unidades < 0n || comparar(fee, monto.value) > 0)) {
    return mal(
      "comision",
      "debe ser un monto entre cero y el monto",
      "must be an amount from zero to the amount",
    );
  }
  const fecha = parseInstant(cuando);
  if (fecha === null) return mal("fecha", "debe ser una fecha RFC 3339", "must be an RFC 3339 time");
  if (referencia.length > 255 || referencia.includes("\0") || que !== "NO_PAGADO" && referencia === "") {
    return mal("referencia", "hace falta, de hasta 255 caracteres", "is needed, of at most 255 characters");
  }
  return {
    linea,
    clave,
    estado: que,
    referencia: referencia || null,
    monto: monto.value,
    comision: fee,
    fecha,
  };
}
function montoDe(valor: string, moneda: Dinero["moneda"]): Dinero | null {
  const r = leerMonto(valor, moneda);
  return r.ok ? dinero(r.value.unidades, moneda) : null;
}
