import { ROLES } from "../http/actor.ts";
import { openKeyDesk } from "../process/identity.ts";
import type { Rol } from "../seedwork/actor.ts";

/** What a person needs to try a platform that asks who calls; shown once, kept nowhere. */
export interface DevKeys {
  readonly claves: Readonly<Record<Rol, string>>;
  /** The code of a link that signs in once, with every role of an operator. */
  readonly codigo: string;
}

/** Whom the partner's key stands for: a party of the demo. */
const SOCIO = "demo-partner";
const PREFIX = "dev ";
const ORDER = {
  actor: { tipo: "persona", id: "dev", roles: ["admin"], cliente: null },
  correlation_id: "dev",
} as const;

/** Makes a key for each role, good for a week, and ends those of the last start. */
export async function devKeys(url: string): Promise<DevKeys> {
  await using resources = new AsyncDisposableStack();
  const desk = openKeyDesk(url, "dev", resources, () => {});
  const old = await desk.listar(ORDER, {
    page: { mode: "cursor", after: null, limit: 100 },
    sort: { by: "creada", order: "desc" },
    filters: {},
  });
  if (!old.ok) throw new Error(old.error.tipo);
  for (const k of old.value.rows) {
    if (k.nombre.startsWith(PREFIX) && k.estado === "VIGENTE") await desk.revocar(ORDER, k.id);
  }
  const made: Partial<Record<Rol, string>> = {};
  for (const rol of ROLES) {
    const grant = { nombre: PREFIX + rol, roles: [rol], cliente: rol === "partner" ? SOCIO : null };
    const r = await desk.crear(ORDER, grant, 7);
    if (!r.ok) throw new Error(r.error.tipo);
    made[rol] = r.value.clave;
  }
  const roles: Rol[] = ["operador", "aprobador", "auditor", "admin"];
  const link = await desk.enlazar(ORDER, { nombre: `${PREFIX}enlace`, roles, cliente: null });
  if (!link.ok) throw new Error(link.error.tipo);
  return { claves: made as Record<Rol, string>, codigo: link.value.codigo };
}
