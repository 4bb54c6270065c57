import htm from "htm";
import { type ComponentChildren, h, type VNode } from "preact";

type Plantilla = (trozos: TemplateStringsArray, ...valores: unknown[]) => VNode;
// htm's types describe its CommonJS face; what is loaded is the function itself.
/** Markup as a tagged template: no compiler between the source and what runs. */
export const html: Plantilla = (htm as unknown as { bind(con: typeof h): Plantilla }).bind(h);
export type { ComponentChildren, VNode };
