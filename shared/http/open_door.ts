import { both } from "./locale.ts";

/** What a process with AUTH_MODE=ninguna says on every page and in its first lines. */
export const OPEN_DOOR_NOTICE = both(
  "AUTH_MODE=ninguna: quien llegue a este puerto puede hacerlo todo, también mover dinero.",
  "AUTH_MODE=ninguna: whoever reaches this port may do anything, also move money.",
);
