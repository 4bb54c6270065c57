/** The header that carries a signature: `t=<seconds since 1970>,v1=<hex>`. */
export const CABECERA_FIRMA = "X-Psp-Firma";

/** How far the two clocks may be apart, and for how long a signed text that somebody copied is of use. */
export const TOLERANCIA_S = 300;

const encoder = new TextEncoder();
const clave = (secreto: string) =>
  crypto.subtle.importKey("raw", encoder.encode(secreto), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);

/** What is signed: the time, what is asked for (`POST /pagos`, or `aviso`), and the body's bytes. */
function firmado(t: number, que: string, cuerpo: Uint8Array): Uint8Array<ArrayBuffer> {
  const cabeza = encoder.encode(`${t}.${que}.`);
  const todo = new Uint8Array(cabeza.byteLength + cuerpo.byteLength);
  todo.set(cabeza);
  todo.set(cuerpo, cabeza.byteLength);
  return todo;
}

/** The value of the header. `ahora` is in milliseconds. */
export async function firmar(
  secreto: string,
  ahora: number,
  que: string,
  cuerpo: Uint8Array,
): Promise<string> {
  const t = Math.floor(ahora / 1_000);
  const mac = await crypto.subtle.sign("HMAC", await clave(secreto), firmado(t, que, cuerpo));
  return `t=${t},v1=${new Uint8Array(mac).toHex()}`;
}

export type Firma = "buena" | "mala" | "vencida";

/** Judges a header. The comparison is the platform's own and takes the same time whatever differs. */
export async function juzgarFirma(
  secreto: string,
  ahora: number,
  que: string,
  cuerpo: Uint8Array,
  cabecera: string | undefined,
): Promise<Firma> {
  const m = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(cabecera ?? "");
  if (m === null) return "mala";
  const t = Number(m[1]);
  const mac = Uint8Array.fromHex(m[2] ?? "");
  const igual = await crypto.subtle.verify("HMAC", await clave(secreto), mac, firmado(t, que, cuerpo));
  if (!igual) return "mala";
  return Math.abs(ahora / 1_000 - t) <= TOLERANCIA_S ? "buena" : "vencida";
}
