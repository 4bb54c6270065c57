/** The release that this code is; `/health`, `/spec` and the logs say it. */
export const VERSION = "0.1.0";
