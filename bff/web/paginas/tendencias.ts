import type { VNode } from "../html.ts";

export function Tendencias(): VNode | null {
  return null;
}
