declare const marca: unique symbol;
/** The name of an account of the ledger, in every currency. */
export type Cuenta = string & { readonly [marca]: "cuenta" };

const cuenta = (nombre: string): Cuenta => nombre as Cuenta;

/** The outside: what left it has come in, so its balance is what we got, negated. */
export const BANCO = cuenta("banco");
export const COMISIONES_BANCARIAS = cuenta("comisiones_bancarias");
/** What the platform pays of its own, and what it advances while a partner owes. */
export const AJUSTES = cuenta("ajustes");
/** Commissions that no campaign pays. */
export const PLATAFORMA = cuenta("plataforma:comisiones");
/** What a cliente owes, negated. */
export const porCobrar = (idCliente: string): Cuenta => cuenta(`cliente:${idCliente}:por_cobrar`);
export const presupuesto = (idCampania: string): Cuenta => cuenta(`campania:${idCampania}:presupuesto`);
export const retenido = (partner_id: string): Cuenta => cuenta(`partner:${partner_id}:retenido`);
export const disponible = (partner_id: string): Cuenta => cuenta(`partner:${partner_id}:disponible`);
export const enPago = (partner_id: string): Cuenta => cuenta(`partner:${partner_id}:en_pago`);

const FIJAS: ReadonlySet<string> = new Set([BANCO, COMISIONES_BANCARIAS, AJUSTES, PLATAFORMA]);
const PROPIAS =
  /^(?:partner:([A-Za-z0-9._:~-]{1,255}):(?:retenido|disponible|en_pago)|cliente:([A-Za-z0-9._:~-]{1,255}):por_cobrar|campania:([A-Za-z0-9._:~-]{1,255}):presupuesto)$/;
/** What belongs to partners and campaigns is never overdrawn. The database holds the same. */
const SIN_DESCUBIERTO = /^(partner:.*:(retenido|disponible|en_pago)|campania:.*:presupuesto)$/;

/** null: there is no such account. */
export const leerCuenta = (texto: string): Cuenta | null =>
  FIJAS.has(texto) || PROPIAS.test(texto) ? cuenta(texto) : null;
export const sinDescubierto = (c: Cuenta): boolean => SIN_DESCUBIERTO.test(c);
/** The party that an account belongs to; null: nobody outside. */
export const duenoDe = (c: Cuenta): string | null => {
  const m = PROPIAS.exec(c);
  return m?.[1] ?? m?.[2] ?? null;
};
/** The accounts of one party, or of a campaign: whoever has the id may be any of them. */
export const cuentasDe = (id: string): readonly Cuenta[] => [
  retenido(id),
  disponible(id),
  enPago(id),
  porCobrar(id),
  presupuesto(id),
];
/** What a party sees of the ledger. */
export const cuentasPropias = (id: string): readonly Cuenta[] =>
  cuentasDe(id).filter((c) => duenoDe(c) === id);

export const TIPOS_CUENTA = [
  "banco",
  "cliente",
  "campania",
  "partner",
  "plataforma",
  "ajustes",
  "comisiones_bancarias",
] as const;
export type TipoCuenta = typeof TIPOS_CUENTA[number];
