import { esAlgun } from "../api.ts";
import { useDatos } from "../datos.ts";
import { dinero, type DineroJson } from "../formato.ts";
import { html, type VNode } from "../html.ts";
import { enlace } from "../ruta.ts";
import { dos, palabra } from "../textos.ts";
import type { PayoutJson } from "../tipos.ts";
import { useCondiciones } from "./condiciones.ts";
import { Dato, Monto } from "./piezas.ts";

interface Cuenta {
  readonly cuenta: string;
  readonly saldo: DineroJson;
}
const signo = (d: DineroJson): number => /[1-9]/.test(d.valor) ? d.valor.startsWith("-") ? -1 : 1 : 0;
const menor = (a: DineroJson, b: DineroJson): boolean =>
  BigInt(a.valor.replace(".", "")) < BigInt(b.valor.replace(".", ""));

/** What a partner has on the ledger, and why it is not with it yet: each reason leads to what it rests on. */
export function PorQueNo({ id, estado }: { readonly id: string; readonly estado: string | null }): VNode {
  const cuentas = useDatos<{ data: readonly Cuenta[] }>(
    `/pagos/libro/cuentas?titular=${encodeURIComponent(id)}&tipo=partner&limit=100`,
    ["pagos"],
  ).valor?.data;
  const suyas = useCondiciones(id).valor;
  const todas = useCondiciones("general").valor;
  const pagos = useDatos<{ data: readonly PayoutJson[] }>(
    `/api/v1/pagos?tipo=PARTNER&partner_id=${encodeURIComponent(id)}&limit=5`,
    ["pagos"],
  ).valor?.data ?? [];
  const de = (que: string) => (cuentas ?? []).filter((c) => c.cuenta.endsWith(`:${que}`));
  const razones: (readonly [string, string])[] = [];
  if (estado !== null && estado !== "ACTIVO") {
    razones.push([
      dos(
        `La cuenta está ${palabra(estado).toLowerCase()}.`,
        `The account is ${palabra(estado).toLowerCase()}.`,
      ),
      esAlgun("operador", "aprobador", "auditor", "admin") ? enlace(["clientes", id]) : "#/",
    ]);
  }
  if (suyas?.suspendido || todas?.suspendido) {
    razones.push([
      dos("Sus pagos están suspendidos.", "Its payouts are suspended."),
      enlace(["transacciones"]),
    ]);
  }
  const comisiones = enlace(["transacciones"], { partner_id: id, estado: "ACTIVE" });
  for (const c of de("retenido").filter((c) => signo(c.saldo) > 0)) {
    razones.push([
      dos(`${dinero(c.saldo)} sigue en retención.`, `${dinero(c.saldo)} is still held.`),
      enlace(["libro", c.cuenta]),
    ]);
  }
  for (const c of de("disponible")) {
    const minimo = [...(suyas?.minimos ?? []), ...(todas?.minimos ?? [])].find((m) =>
      m.moneda === c.saldo.moneda
    );
    if (signo(c.saldo) < 0) {
      razones.push([
        dos(
          `Debe ${dinero(c.saldo)} por reembolsos: el siguiente pago lo absorbe.`,
          `It owes ${dinero(c.saldo)} for refunds: the next payout absorbs it.`,
        ),
        enlace(["libro", c.cuenta]),
      ]);
    } else if (signo(c.saldo) > 0 && minimo !== undefined && menor(c.saldo, minimo)) {
      razones.push([
        dos(
          `${dinero(c.saldo)} no llega al mínimo de ${dinero(minimo)}: pasa al siguiente ciclo.`,
          `${dinero(c.saldo)} is below the minimum of ${dinero(minimo)}: it rolls to the next cycle.`,
        ),
        comisiones,
      ]);
    } else if (signo(c.saldo) > 0) {
      razones.push([
        dos(
          `${dinero(c.saldo)} espera la próxima liquidación.`,
          `${dinero(c.saldo)} waits for the next payout run.`,
        ),
        comisiones,
      ]);
    }
  }
  if (suyas !== null && todas !== null && suyas.metodo_pago === null && todas.metodo_pago === null) {
    razones.push([
      dos(
        "No hay método de pago acordado: una liquidación lo deja fuera.",
        "No payment method is agreed: a payout run leaves it out.",
      ),
      comisiones,
    ]);
  }
  for (const p of pagos.filter((p) => !["EXITOSO", "REVERTIDO"].includes(p.estado))) {
    razones.push([
      `${dinero(p.monto_total)}: ${palabra(p.estado).toLowerCase()}${
        p.failure_reason === null ? "" : ` (${p.failure_reason})`
      }`,
      enlace(["pagos", p.id]),
    ]);
  }
  return html`<section class="tarjeta" data-prueba="porque-no"><h2>${dos("Su saldo", "Its balance")}</h2>
    ${
    cuentas === undefined
      ? html`<p class="tenue">…</p>`
      : cuentas.length === 0
      ? html`<p class="tenue">${dos("Todavía no ganó nada.", "It earned nothing yet.")}</p>`
      : html`<dl class="cuentas">${
        cuentas.map((c) =>
          html`<${Dato} key=${c.cuenta + c.saldo.moneda} de=${
            palabra(c.cuenta.split(":").at(-1) ?? "")
          }><a href=${enlace(["libro", c.cuenta])}><${Monto} de=${c.saldo} /></a><//>`
        )
      }</dl>`
  }
    <h2>${dos("Por qué no se le ha pagado", "Why it was not paid")}</h2>
    ${
    razones.length === 0
      ? html`<p class="tenue">${
        dos("Nada espera: todo lo que ganó está pagado.", "Nothing waits: all that it earned is paid.")
      }</p>`
      : html`<ul class="linea">${razones.map(([t, a]) => html`<li key=${t}><a href=${a}>${t}</a></li>`)}</ul>`
  }
    <p><a href=${enlace(["estado-de-cuenta", id])}>${dos("Estado de cuenta", "Statement")}</a> · <a href=${
    enlace(["pagos"], { partner_id: id })
  }>${dos("Todos sus pagos", "All its payouts")}</a> · <a href=${
    enlace(["transacciones"], { partner_id: id })
  }>${dos("Sus comisiones", "Its commissions")}</a></p>
  </section>`;
}
