import { timingSafeEqual } from "node:crypto";
import type { Actor, Rol } from "@alpes/shared/seedwork/actor.ts";
import type { Clock } from "@alpes/shared/seedwork/clock.ts";
import { hashOf, idOfKey } from "./key.ts";

/** Who presents this credential; `null` whatever is wrong with it. Rejects where it cannot be told now. */
export type Recognise = (credential: string) => Promise<Actor | null>;

/** What must be known of a key to recognise it. */
export interface StoredKey {
  readonly id: string;
  readonly roles: readonly Rol[];
  readonly cliente: string | null;
  readonly hash: Uint8Array;
  readonly expira: Date;
  readonly revocada: Date | null;
  readonly ultima: Date | null;
}

/** Where keys are looked up. */
export interface Keys {
  find(id: string): Promise<StoredKey | null>;
  /** It was used: kept to the hour, soon, and without making anybody wait. */
  used(key: StoredKey): void;
}

const NOBODY = new Uint8Array(32);
const HOUR = 3_600_000;

/** Recognises API keys. Malformed, unknown, altered, expired and revoked ones take the same way and are all nobody's. */
export const recogniseKeys = (keys: Keys, clock: Clock): Recognise => async (credential) => {
  const id = idOfKey(credential);
  if (id === null) return null;
  const key = await keys.find(id);
  const same = timingSafeEqual(hashOf(credential), key?.hash ?? NOBODY);
  const now = clock();
  if (key === null || !same || key.revocada !== null || key.expira <= now) return null;
  if (key.ultima === null || now.getTime() - key.ultima.getTime() > HOUR) keys.used(key);
  return { tipo: "clave", id, roles: key.roles, cliente: key.cliente };
};
