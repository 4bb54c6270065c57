import { StartupFailure } from "../http/startup_failure.ts";

/** Told before anything is half done, instead of what a program says when it runs out of room. */
export const diskFull = (where: string, free: number, needed: number): StartupFailure =>
  new StartupFailure(
    "the disk is full",
    `${Math.round(free / 1e6)} MB are free where ${where} lies, and ${needed / 1e6} MB are needed`,
    "df -h",
  );

/** One line to run against what a program of the server complained about. */
export function advice(complaint: string, path: string): string {
  if (/No space left/i.test(complaint)) return "df -h";
  if (/[Pp]ermission denied|read-only/i.test(complaint)) {
    return "ALPESPARTNERS_DATOS=/tmp/alpespartners deno task dev";
  }
  return `ls -la '${path}'`;
}
