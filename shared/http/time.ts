import { z } from "@hono/zod-openapi";
import { both } from "./locale.ts";

const DAY = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const TIME = String
  .raw`[Tt]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?`;
const INSTANT = new RegExp(`^${DAY}${TIME}$`);
const DAY_OR_TIME = new RegExp(`^${DAY}(?:${TIME})?$`);

/** Whether the year (1–9999), month and day name a day of the calendar. */
function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return year !== "0000" && !Number.isNaN(date.getTime()) &&
    date.toISOString().startsWith(`${year}-${month}-${day}`);
}

/** A time as it came in; `null` when it is none. Without a zone it is UTC; finer than a millisecond is cut. */
export function parseInstant(text: string): Date | null {
  const m = INSTANT.exec(text);
  if (m === null) return null;
  const [, year = "", month = "", day = "", hour, minute, second = "00", fraction = "", zone = "Z"] = m;
  if (!isDay(year, month, day)) return null;
  const ms = fraction.slice(0, 3).padEnd(3, "0");
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${zone.toUpperCase()}`);
  return at.getTime() >= MIN && at.getTime() <= MAX ? at : null;
}
const MIN = new Date("0001-01-01T00:00:00Z").getTime();
const MAX = new Date("9999-12-31T23:59:59.999Z").getTime();

/** The day as written, of a date or a date-time; `null` when it is none. */
export function parseDay(text: string): string | null {
  const [, year = "", month = "", day = ""] = DAY_OR_TIME.exec(text) ?? [];
  return isDay(year, month, day) ? `${year}-${month}-${day}` : null;
}

const converted = <T>(parse: (text: string) => T | null, message: string) =>
  z.string().transform((text, ctx): T => {
    const value = parse(text);
    if (value !== null) return value;
    ctx.addIssue({ code: "custom", message, input: text });
    return z.NEVER;
  });

/** A time of the request (RFC 3339; without a zone, UTC), as a `Date`. */
export const instant = converted(
  parseInstant,
  both(
    "debe ser una fecha y hora RFC 3339, como 2026-01-31T15:04:05Z",
    "must be an RFC 3339 time, like 2026-01-31T15:04:05Z",
  ),
).openapi({ type: "string", format: "date-time" });

/** A day of the request, `YYYY-MM-DD`: a date-time's day is kept as written, whatever its offset. */
export const day = converted(
  parseDay,
  both("debe ser un día del calendario, como 2026-01-31", "must be a day of the calendar, like 2026-01-31"),
).openapi({ type: "string", format: "date" });

// A type that is told by hand is not widened by `nullish()`.
export const instantOrNull = instant.nullish().openapi({ type: ["string", "null"], format: "date-time" });
export const dayOrNull = day.nullish().openapi({ type: ["string", "null"], format: "date" });

/** A time of an answer: RFC 3339, UTC. */
export const InstantSchema = z.string().openapi({ format: "date-time", example: "2026-01-31T15:04:05.000Z" });
/** A day of an answer. */
export const DaySchema = z.string().openapi({ format: "date", example: "2026-01-31" });
/** A time as it leaves. */
export const instantText = (d: Date): string => d.toISOString();
