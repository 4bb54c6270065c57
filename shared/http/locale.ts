/** The languages of our texts; Spanish unless the caller prefers English. */
export type Locale = "es" | "en";

const SEPARATOR = " ¦ ";

/** Two texts in one string, for every place that takes a message (zod's `error`, `detalle`): see `localized`. */
export const both = (es: string, en: string): string => es + SEPARATOR + en;

/** The part of `"español ¦ English"` for the locale; a text without the separator is the same in both. */
export function localized(text: string, locale: Locale): string {
  const [es = "", en = es] = text.split(SEPARATOR);
  return locale === "en" ? en : es;
}

/** The locale that an `Accept-Language` asks for (RFC 9110 weights; what is equal or absent is Spanish). */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let es = 0, en = 0;
  for (const range of (acceptLanguage ?? "").split(",")) {
    const [tag = "", ...parameters] = range.split(";").map((s) => s.trim().toLowerCase());
    const q = Number(parameters.find((p) => p.startsWith("q="))?.slice(2) ?? 1);
    if (/^es(-|$)/.test(tag)) es = Math.max(es, q);
    if (/^en(-|$)/.test(tag)) en = Math.max(en, q);
  }
  return en > es ? "en" : "es";
}
