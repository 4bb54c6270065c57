import type { Actor, Rol } from "@alpes/shared/seedwork/actor.ts";
import type { ListRequest, Page } from "@alpes/shared/seedwork/pages.ts";
import { permitido, PROHIBIDO } from "@alpes/shared/seedwork/policy.ts";
import { err, ok, type Result } from "@alpes/shared/seedwork/result.ts";
import { hashOf, newCode, newKey, type RandomBytes } from "./key.ts";

/** A key as an admin sees it: everything but the key. */
export interface KeyView {
  readonly id: string;
  readonly nombre: string;
  readonly roles: readonly Rol[];
  readonly cliente: string | null;
  readonly estado: "VIGENTE" | "EXPIRADA" | "REVOCADA";
  readonly creada: Date;
  readonly creada_por: string;
  readonly expira: Date;
  readonly revocada: Date | null;
  readonly revocada_por: string | null;
  readonly ultima: Date | null;
  readonly sustituye: string | null;
}
/** With the key itself, which nobody can show again. */
export type MadeKey = KeyView & { readonly clave: string };

/** Who may do what, for a new key. */
export interface Grant {
  readonly nombre: string;
  readonly roles: readonly Rol[];
  /** The party that a partner stands for: given exactly where `partner` is among the roles. */
  readonly cliente: string | null;
}

/** Who orders it, and in which request. */
export interface KeyOrder {
  readonly actor: Actor;
  readonly correlation_id: string;
}

export type KeyRefusal =
  | { readonly tipo: "prohibido" }
  | { readonly tipo: "sin_cliente" }
  | { readonly tipo: "cliente_de_mas" }
  | { readonly tipo: "no_existe" }
  | { readonly tipo: "no_vigente"; readonly estado: KeyView["estado"] }
  | { readonly tipo: "codigo_invalido" };

/** A key to be kept: its hash in place of it. */
export interface KeyToKeep {
  readonly id: string;
  readonly hash: Uint8Array;
}

/**
 * Where keys are kept. Every change and its line in the audit log stand in one statement. Days are counted from now on
 * the clock of where the data lies.
 */
export interface KeyStore {
  list(page: ListRequest<"creada", unknown>): Promise<Page<KeyView>>;
  insert(key: KeyToKeep, grant: Grant, days: number, order: KeyOrder): Promise<KeyView>;
  /** Makes `key` with what `id` may do; `days: null` as long as `id` was to last. Null when `id` is not good any more. */
  replace(id: string, key: KeyToKeep, days: number | null, order: KeyOrder): Promise<KeyView | null>;
  /** Null when it was revoked before, or does not exist. */
  revoke(id: string, order: KeyOrder): Promise<KeyView | null>;
  find(id: string): Promise<KeyView | null>;
  insertLink(hash: Uint8Array, grant: Grant, minutes: number, order: KeyOrder): Promise<Date>;
  /** Takes the link, once, and makes `keyOf` what it grants for `hours`. Null when there is no such link any more. */
  redeem(
    hash: Uint8Array,
    keyOf: (roles: readonly Rol[]) => KeyToKeep,
    hours: number,
    correlation_id: string,
  ): Promise<KeyView | null>;
}

/** A sign-in lasts a working day, its link a quarter of an hour. */
const SESSION_HOURS = 12;
const LINK_MINUTES = 15;

export type KeyDesk = ReturnType<typeof keyDesk>;

/** What an admin does with keys; and the one thing that anybody with a link's code may do. */
export function keyDesk(store: KeyStore, random: RandomBytes) {
  const make = (roles: readonly Rol[]) => {
    const { id, hash, text } = newKey(roles, random);
    return { keep: { id, hash }, text };
  };
  const refusedTo = ({ actor }: KeyOrder): Result<never, { readonly tipo: "prohibido" }> | null =>
    permitido(actor, "claves.administrar", []) === "si" ? null : err(PROHIBIDO);
  const notGood = (key: KeyView | null) =>
    err(key === null ? { tipo: "no_existe" as const } : { tipo: "no_vigente" as const, estado: key.estado });

  return {
    async listar(order: KeyOrder, page: ListRequest<"creada", unknown>) {
      return refusedTo(order) ?? ok(await store.list(page));
    },

    async crear(order: KeyOrder, grant: Grant, days: number) {
      const refused = refusedTo(order) ?? checked(grant);
      if (refused !== null) return refused;
      const { keep, text } = make(grant.roles);
      return ok<MadeKey>({ ...await store.insert(keep, grant, days, order), clave: text });
    },

    /** The new key takes over; the old one stays good until it is revoked. */
    async rotar(order: KeyOrder, id: string, days: number | null) {
      const refused = refusedTo(order);
      if (refused !== null) return refused;
      const old = await store.find(id);
      if (old === null || old.estado !== "VIGENTE") return notGood(old);
      const { keep, text } = make(old.roles);
      const made = await store.replace(id, keep, days, order);
      return made === null ? notGood(await store.find(id)) : ok<MadeKey>({ ...made, clave: text });
    },

    async revocar(order: KeyOrder, id: string) {
      const refused = refusedTo(order);
      if (refused !== null) return refused;
      const revoked = await store.revoke(id, order);
      return revoked === null ? notGood(await store.find(id)) : ok(revoked);
    },

    /** A code to sign in with once: give it to a person in place of a key. */
    async enlazar(order: KeyOrder, grant: Grant) {
      const refused = refusedTo(order) ?? checked(grant);
      if (refused !== null) return refused;
      const { text, hash } = newCode(random);
      return ok({ codigo: text, expira: await store.insertLink(hash, grant, LINK_MINUTES, order) });
    },

    async canjear(codigo: string, correlation_id: string) {
      let clave = "";
      const made = await store.redeem(
        hashOf(codigo),
        (roles) => {
          const { keep, text } = make(roles);
          clave = text;
          return keep;
        },
        SESSION_HOURS,
        correlation_id,
      );
      return made === null ? err({ tipo: "codigo_invalido" as const }) : ok<MadeKey>({ ...made, clave });
    },
  };
}

function checked(
  { roles, cliente }: Grant,
): Result<never, Extract<KeyRefusal, { tipo: "sin_cliente" | "cliente_de_mas" }>> | null {
  if (roles.includes("partner") && cliente === null) return err({ tipo: "sin_cliente" });
  if (!roles.includes("partner") && cliente !== null) return err({ tipo: "cliente_de_mas" });
  return null;
}
