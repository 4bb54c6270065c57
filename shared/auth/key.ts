import { createHash } from "node:crypto";
import type { Rol } from "@alpes/shared/seedwork/actor.ts";

/** An API key, before all but its hash is forgotten. */
export interface NewKey {
  /** Public: what audits and lists call it. */
  readonly id: string;
  /** `alp_{role}_{id}_{secret}`: to be shown once. */
  readonly text: string;
  readonly hash: Uint8Array;
}

/** Random bytes; a port, so that tests can seed it. */
export type RandomBytes = (n: number) => Uint8Array;

const SHAPE = /^alp_[a-z]{1,12}_([0-9a-z]{16})_[0-9A-Za-z]{43}$/;
/** The role that names a key of several. */
const FIRST: readonly Rol[] = ["admin", "aprobador", "operador", "auditor", "servicio", "partner"];
const ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** SHA-256 of the whole text: 256 random bits need no slower one. */
export const hashOf = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/** A new key. Its secret has 43 characters of 62, which is 256 bits; it stays whole under a double click. */
export function newKey(roles: readonly Rol[], random: RandomBytes): NewKey {
  const role = FIRST.find((r) => roles.includes(r)) ?? "clave";
  const id = text(16, 36, random);
  const key = `alp_${role}_${id}_${text(43, 62, random)}`;
  return { id, text: key, hash: hashOf(key) };
}

/** The code of a sign-in link: as hard to guess as a key. */
export function newCode(random: RandomBytes): { readonly text: string; readonly hash: Uint8Array } {
  const code = text(43, 62, random);
  return { text: code, hash: hashOf(code) };
}

/** Whether a credential wants to be a key, whatever it is worth. */
export const looksLikeKey = (credential: string): boolean => credential.startsWith("alp_");

/** The public id in a key; `null` when it is malformed. */
export const idOfKey = (text: string): string | null => SHAPE.exec(text)?.[1] ?? null;

/** `length` of the first `letters` alphanumerics, every one as likely. */
function text(length: number, letters: number, random: RandomBytes): string {
  const even = 256 - 256 % letters;
  let s = "";
  while (s.length < length) {
    for (const byte of random(length)) {
      if (byte < even && s.length < length) s += ALPHANUMERIC.charAt(byte % letters);
    }
  }
  return s;
}
