import { z } from "@hono/zod-openapi";

/** What a browser's session is: the credential that it stands for, and what proves that a request is the console's. */
export interface Sesion {
  readonly credencial: string;
  readonly csrf: string;
  /** When it ends, in milliseconds since 1970. */
  readonly hasta: number;
}

/** What a browser takes along to the issuer, and what its way back must fit. */
export interface Ida {
  readonly state: string;
  readonly nonce: string;
  /** PKCE: proves that who brings the code is who asked for it. */
  readonly verifier: string;
  /** Where in the console it leads, `#/…`. */
  readonly volver: string;
  /** When it is too late, in milliseconds since 1970. */
  readonly hasta: number;
}

/** Something as text that only this process, or one with the same secret, can read or make. */
export interface Sello<T> {
  sellar(s: T): Promise<string>;
  /** `null`: not one of ours, or altered. */
  abrir(texto: string): Promise<T | null>;
}

const BASE64 = { alphabet: "base64url", omitPadding: true } as const;
const IV = 12;

export const selloDeSesion = (secreto: string | undefined): Sello<Sesion> =>
  aesSello(
    secreto,
    "alpes: sesión de la consola, v1",
    z.strictObject({ credencial: z.string(), csrf: z.string(), hasta: z.number() }),
  );
export const selloDeIda = (secreto: string | undefined): Sello<Ida> =>
  aesSello(
    secreto,
    "alpes: ida al emisor, v1",
    z.strictObject({
      state: z.string(),
      nonce: z.string(),
      verifier: z.string(),
      volver: z.string(),
      hasta: z.number(),
    }),
  );

/**
 * AES-256-GCM under a key derived from `secreto`; without one, under a key that ends with the process. What is sealed for
 * one purpose cannot be taken for another.
 */
function aesSello<T>(secreto: string | undefined, para: string, contenido: z.ZodType<T>): Sello<T> {
  const additionalData = new TextEncoder().encode(para);
  const clave = derivar(secreto, additionalData);
  return {
    async sellar(s) {
      const iv = crypto.getRandomValues(new Uint8Array(IV));
      const datos = new TextEncoder().encode(JSON.stringify(s));
      const sellado = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData },
        await clave,
        datos,
      );
      return new Uint8Array([...iv, ...new Uint8Array(sellado)]).toBase64(BASE64);
    },
    async abrir(texto) {
      try {
        const bytes = Uint8Array.fromBase64(texto, BASE64);
        const iv = bytes.slice(0, IV);
        const datos = await crypto.subtle.decrypt(
          { name: "AES-GCM", iv, additionalData },
          await clave,
          bytes.slice(IV),
        );
        return contenido.parse(JSON.parse(new TextDecoder().decode(datos)));
      } catch {
        return null;
      }
    },
  };
}

async function derivar(secreto: string | undefined, info: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = secreto === undefined
    ? crypto.getRandomValues(new Uint8Array(32))
    : new TextEncoder().encode(secreto);
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}
