/** What stands for a field whose name says that it must not be written. */
export const HIDDEN = "[hidden]";

/** Names of fields that are never written, in lower case without `_` and `-`: secrets, bodies, people's data. */
const SECRET_FIELD =
  /^(body|cuerpo|rawbody|requestbody|responsebody|email|correo|mail|cedula|rut|telefono|phone|nombre|fechanacimiento|password|passwd|contrasena|clave|secret|secreto|token|accesstoken|refreshtoken|apikey|authorization|cookie|setcookie|databaseurl|pulsarurl|pan|cvv|cardnumber|numerotarjeta|paymentmethodmask|mascara|credencial|csrf|xcsrftoken|idtoken|clientsecret|oidcclientsecret|bffsecret|bffclave)$/;
/** Field names are few, and a log line asks for each. */
const known = new Map<string, boolean>();
export function isSecretField(name: string): boolean {
  let secret = known.get(name);
  if (secret === undefined) {
    secret = SECRET_FIELD.test(name.toLowerCase().replaceAll(/[_-]/g, ""));
    if (known.size < 1_000) known.set(name, secret);
  }
  return secret;
}

/** The password is all up to the last `@` of the authority, so one that holds an `@` goes too. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@?#]*):[^\s/?#"']*@/gi;
const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.)+\p{L}{2,24}/giu;
/** Ids first, so that the digits inside a UUID or a traceparent are not taken for a card. */
const ID_OR_CARD =
  /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b)|(?<![0-9A-Za-z])(?:\d{12,19}|\d{4}[ .-]\d{4}[ .-]\d{4}[ .-]\d{1,7}|\d{4}[ .-]\d{6}[ .-]\d{5})(?![0-9A-Za-z])/gi;

const KEY = /\b(alp_[a-z]{1,12}_[0-9a-z]{16}_)[0-9A-Za-z]+/g;
const TOKEN = /(?<![\w-])eyJ[\w-]{6,}={0,2}\.[\w-]+\.[\w-]*/g;
const COOKIE = /\b(alpes_(?:sesion|ida)=)[^;\s]+/g;

/**
 * The text without e-mail addresses, card numbers (12 to 19 digits, also grouped), passwords in URLs, and credentials:
 * of a key its public half stays.
 */
export function maskText(text: string): string {
  let masked = text;
  if (masked.includes("alp")) {
    masked = masked.replaceAll(KEY, "$1[hidden]").replaceAll(COOKIE, "$1[hidden]");
  }
  if (masked.includes("eyJ")) masked = masked.replaceAll(TOKEN, "[token]");
  if (masked.includes("://")) masked = masked.replaceAll(URL_PASSWORD, "$1:[hidden]@");
  if (masked.includes("@") || masked.includes("%40")) masked = masked.replaceAll(EMAIL, "[email]");
  if (/\d[\d .-]{10}/.test(masked)) {
    masked = masked.replaceAll(ID_OR_CARD, (_, id?: string) => id ?? "[card]");
  }
  return masked;
}

/** A copy that may be written: JSON values only, secret fields hidden, texts masked, depth and breadth bounded. */
export function redact(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return maskText(value.length > 8_192 ? value.slice(0, 8_192) + "…" : value);
    case "number":
      return Math.abs(value) >= 1e11 && Number.isInteger(value)
        ? "[card]"
        : Number.isFinite(value)
        ? value
        : String(value);
    case "bigint":
      return maskText(String(value));
    case "boolean":
    case "undefined":
      return value;
    case "object":
      return value === null ? null : redactObject(value, depth);
    default:
      return `[${typeof value}]`;
  }
}

function redactObject(value: object, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (depth >= 6) return "[…]";
  if (value instanceof Error) {
    const code = Reflect.get(value, "code");
    return {
      name: value.name,
      message: maskText(value.message),
      ...(typeof code === "string" ? { code } : {}),
      stack: maskText(value.stack ?? ""),
      ...(value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }),
    };
  }
  if (Array.isArray(value)) return value.slice(0, 100).map((v) => redact(v, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const [name, v] of Object.entries(value).slice(0, 100)) {
    copy[maskText(name)] = isSecretField(name) ? HIDDEN : redact(v, depth + 1);
  }
  return copy;
}
