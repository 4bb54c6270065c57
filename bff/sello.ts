import { z } from "@hono/zod-openapi";

/** What a browser's session is: the credential that it stands for, and what proves that a request is the console's. */
export interface Sesion {
  readonly credencial: string;
  readonly csrf: string;
  /** When it ends, in milliseconds since 1970. */
  readonly hasta: number;
}

/** Sessions as text that only this process, or one with the same secret, can read or make. */
export interface Sello {
  sellar(s: Sesion): Promise<string>;
  /** `null`: not one of ours, or altered. */
  abrir(texto: string): Promise<Sesion | null>;
}

const Contenido = z.strictObject({ credencial: z.string(), csrf: z.string(), hasta: z.number() });
/** Whatever else will ever be sealed with the same secret cannot be taken for a session. */
const PARA = new TextEncoder().encode("alpes: sesión de la consola, v1");
const BASE64 = { alphabet: "base64url", omitPadding: true } as const;
const IV = 12;

/** AES-256-GCM under a key derived from `secreto`; without one, under a key that ends with the process. */
export function aesSello(secreto: string | undefined): Sello {
  const clave = derivar(secreto);
  return {
    async sellar(s) {
      const iv = crypto.getRandomValues(new Uint8Array(IV));
      const datos = new TextEncoder().encode(JSON.stringify(s));
      const sellado = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: PARA },
        await clave,
        datos,
      );
      return new Uint8Array([...iv, ...new Uint8Array(sellado)]).toBase64(BASE64);
    },
    async abrir(texto) {
      try {
        const bytes = Uint8Array.fromBase64(texto, BASE64);
        const datos = await crypto.subtle.decrypt(
          { name: "AES-GCM", iv: bytes.slice(0, IV), additionalData: PARA },
          await clave,
          bytes.slice(IV),
        );
        return Contenido.parse(JSON.parse(new TextDecoder().decode(datos)));
      } catch {
        return null;
      }
    },
  };
}

async function derivar(secreto: string | undefined): Promise<CryptoKey> {
  const material = secreto === undefined
    ? crypto.getRandomValues(new Uint8Array(32))
    : new TextEncoder().encode(secreto);
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: PARA },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}
