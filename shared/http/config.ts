import { z } from "zod";
import { maskText } from "./redact.ts";
import { StartupFailure } from "./startup_failure.ts";

/** What a person needs to know about one variable; `.env.example` and every complaint are held to it. */
interface About {
  readonly meaning: string;
  readonly example: string;
  /** Its value is never printed. */
  readonly secret?: boolean;
}

/** One bad variable: which, why, and a value that would do. Never the value of a secret. */
export interface BadSetting {
  readonly variable: string;
  readonly why: string;
  readonly example: string;
}

/** Every bad variable of a process at once, each told as three things. */
export class BadSettings extends StartupFailure {
  constructor(readonly settings: readonly BadSetting[]) {
    const fix = (s: BadSetting) =>
      s.example === "" ? `unset ${s.variable}` : `export ${s.variable}=${s.example}`;
    super(
      settings.length === 1 ? "A setting cannot be used" : `${settings.length} settings cannot be used`,
      settings.map((s) => `${s.variable} ${s.why}`).join("; "),
      settings.map(fix).join("; "),
    );
    this.message = [
      `✗ ${this.what}`,
      ...settings.map((s) => `  ${s.variable}\n    why: ${s.why}\n    run: ${fix(s)}`),
      "  All variables, with their meaning: .env.example and .env.bff.example",
    ].join("\n");
  }
}

/** A variable with its explanation. Put it last: zod forgets metadata on every further step. */
export const setting = <T extends z.ZodType>(schema: T, about: About): T => schema.meta({ about }) as T;

/** The explanation that `setting` attached. */
export const aboutSetting = (schema: z.ZodType): About =>
  (schema.meta() as { about?: About } | undefined)?.about ?? { meaning: "", example: "" };

/**
 * Reads the settings of a process, once. An empty variable is an unset one. Throws `BadSettings` with every bad
 * variable at once.
 */
export function readConfig<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  env: Readonly<Record<string, string>>,
): z.infer<z.ZodObject<S>> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name]?.trim();
    if (value) given[name] = value;
  }
  const read = schema.safeParse(given);
  if (read.success) return read.data;

  const bad = new Map<string, BadSetting>();
  for (const issue of read.error.issues) {
    const variable = String(issue.path[0] ?? "?");
    if (bad.has(variable)) continue;
    const field = schema.shape[variable];
    const about = field instanceof z.ZodType ? aboutSetting(field) : { meaning: "", example: "" };
    const value = given[variable];
    const missing = value === undefined;
    const why = missing && issue.code === "invalid_type"
      ? `is not set: ${about.meaning}`
      : missing
      ? issue.message
      : about.secret
      ? `${issue.message} (its value is not shown)`
      : `${issue.message}; it is ${JSON.stringify(maskText(value.slice(0, 80)))}`;
    bad.set(variable, { variable, why, example: about.example });
  }
  throw new BadSettings([...bad.values()]);
}
