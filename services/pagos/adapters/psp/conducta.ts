export type Conducta = "paga" | "rechaza" | "nunca_contesta" | "contesta_tarde" | "pierde_la_respuesta";
const CONDUCTAS: Readonly<Record<string, Conducta>> = {
  "0002": "rechaza",
  "0004": "nunca_contesta",
  "0006": "contesta_tarde",
  "0008": "pierde_la_respuesta",
};

/** The last four digits of a mask, or what there is of them. */
export const digitos = (mascara: string | null): string => mascara?.replace(/\D/g, "").slice(-4) ?? "";

/** What the last four digits of the mask make a simulated provider do. */
export const conducta = (mascara: string | null): Conducta => CONDUCTAS[digitos(mascara)] ?? "paga";
