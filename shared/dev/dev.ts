import { orExit } from "../http/startup_failure.ts";
import { devOptions } from "./dev_options.ts";
import { runPlatform } from "./platform.ts";

/** `deno task dev`: the whole platform, from one command, until Ctrl-C. */
await orExit(async () => {
  const root = new URL("../../", import.meta.url);
  const options = devOptions(Deno.args, (path) => new URL(path, root).href);
  if (typeof options === "string") console.log(options);
  else await runPlatform(root, options);
});
Deno.exit();
