import { dinero } from "@alpes/shared/seedwork/money.ts";
import { spec } from "@alpes/shared/testing/given.ts";
import { Campania, MOTIVO_AGOTADO } from "./campania.ts";
import type { Comando, Rechazo, TipoComando } from "./comandos.ts";
import type { Cambios } from "./datos.ts";
import {
  aprobada,
  aprobadaPorPago,
  asociado,
  cancelada,
  conAnticipo,
  creada,
  crear,
  datos,
  en,
  finalizada,
  gastado,
  pausada,
  usd,
} from "./ejemplos_test.ts";
import type { EstadoCampania } from "./estado.ts";
import type { Evento } from "./eventos.ts";

const { given: dada } = spec(Campania);
const agotada: Evento = { tipo: "CampaniaPausada", motivo: MOTIVO_AGOTADO, en };
const aprobar = (sin_anticipo = false): Comando => ({ tipo: "aprobar", sin_anticipo, motivo: null, en });
const dar = (tipo: "pausar" | "reanudar" | "finalizar", motivo: string | null = null): Comando => ({
  tipo,
  motivo,
  en,
});
const cancelar = (origen: "PAGOS" | "OPERADOR" = "OPERADOR"): Comando => ({
  tipo: "cancelar",
  origen,
  motivo: "sin interés",
  en,
});
const editar = (cambios: Cambios, pagoPedido = false): Comando => ({
  tipo: "editar",
  cambios,
  pagoPedido,
  en,
});
const pagar = (monto = usd(100_00), idPago = "p-1"): Comando => ({
  tipo: "confirmarPago",
  idPago,
  monto,
  en,
});
const gastar = (centavos: number): Comando => ({
  tipo: "registrarGasto",
  monto: usd(centavos),
  partner_id: "socio-1",
  en,
});

// ---- creation ----------------------------------------------------------------------------------------------------

Deno.test("a campaign is created PENDIENTE", () => {
  dada().when(crear()).then(creada());
});
Deno.test("the same creation again changes nothing, whatever the campaign is by then", () => {
  dada(creada()).when(crear()).then();
  dada(creada(), cancelada).when(crear()).then();
  dada(creada(), { tipo: "CampaniaActualizada", cambios: { nombre: "Otra" }, en }).when(crear()).then();
});
Deno.test("the order of keys in the itinerario makes no other campaign, a big number does", () => {
  const con = (itinerario: string) => ({ ...datos, itinerario });
  dada(creada(con('[{"a":1,"b":2}]'))).when(crear(con('[ {"b":2, "a":1.0} ]'))).then();
  dada(creada(con("[12345678901234567890]"))).when(crear(con("[12345678901234567891]")))
    .refuses({ tipo: "id_ocupado", idCampania: "camp-1" });
});
Deno.test("another creation under the same id is refused", () => {
  const ocupado: Rechazo = { tipo: "id_ocupado", idCampania: "camp-1" };
  dada(creada()).when(crear({ ...datos, nombre: "Otra" })).refuses(ocupado);
  dada(creada()).when(crear({ ...datos, presupuesto: null })).refuses(ocupado);
  dada(creada()).when(crear({ ...datos, metas: "{}" })).refuses(ocupado);
  dada(creada()).when({ ...crear(), idCliente: "c-2" } as Comando).refuses(ocupado);
});
Deno.test("the anticipo is at most the presupuesto, in its currency, and nothing ends before it begins", () => {
  dada().when(crear({ ...datos, anticipo: usd(1000_01) }))
    .refuses({ tipo: "datos_invalidos", campos: [{ campo: "anticipo", falla: "anticipo_mayor" }] });
  dada().when(crear({ ...datos, anticipo: dinero(1n, "COP"), fecha_fin: "2026-03-31" })).refuses({
    tipo: "datos_invalidos",
    campos: [{ campo: "anticipo", falla: "monedas_distintas" }, {
      campo: "fecha_fin",
      falla: "fin_antes_de_inicio",
    }],
  });
  dada().when(crear({ ...datos, anticipo: usd(1000_00), fecha_fin: "2026-04-01" }))
    .then(creada({ ...datos, anticipo: usd(1000_00), fecha_fin: "2026-04-01" }));
});

// ---- every state, every step -------------------------------------------------------------------------------------

const HISTORIAS: Record<EstadoCampania, readonly Evento[]> = {
  PENDIENTE: [creada()],
  APROBADA: [creada(), aprobada],
  PAUSADA: [creada(), aprobada, pausada],
  FINALIZADA: [creada(), aprobada, finalizada],
  CANCELADA: [creada(), cancelada],
};
const PASOS: readonly {
  paso: TipoComando;
  comando: Comando;
  evento: Evento;
  hacia: EstadoCampania;
  desde: readonly EstadoCampania[];
}[] = [
  { paso: "aprobar", comando: aprobar(), evento: aprobada, hacia: "APROBADA", desde: ["PENDIENTE"] },
  { paso: "pausar", comando: dar("pausar"), evento: pausada, hacia: "PAUSADA", desde: ["APROBADA"] },
  {
    paso: "reanudar",
    comando: dar("reanudar"),
    evento: { tipo: "CampaniaReanudada", motivo: null, en },
    hacia: "APROBADA",
    desde: ["PAUSADA"],
  },
  {
    paso: "finalizar",
    comando: dar("finalizar"),
    evento: finalizada,
    hacia: "FINALIZADA",
    desde: ["APROBADA", "PAUSADA"],
  },
  {
    paso: "cancelar",
    comando: cancelar(),
    evento: cancelada,
    hacia: "CANCELADA",
    desde: ["PENDIENTE", "APROBADA", "PAUSADA"],
  },
];
for (const { paso, comando, evento, hacia, desde } of PASOS) {
  for (const estado of Object.keys(HISTORIAS) as EstadoCampania[]) {
    const puede = desde.includes(estado);
    const ya = estado === hacia;
    const que = puede ? `becomes ${hacia}` : ya ? "is refused: it is that already" : "is refused";
    Deno.test(`${paso} a campaign that is ${estado}: ${que}`, () => {
      const cuando = dada(...HISTORIAS[estado]).when(comando);
      if (puede) cuando.then(evento);
      else if (ya) cuando.refuses({ tipo: "ya_decidida", estado });
      else cuando.refuses({ tipo: "transicion_invalida", desde: estado, hacia });
    });
  }
}
Deno.test("nothing but a creation happens to a campaign that does not exist", () => {
  const comandos = [
    ...PASOS.map((p) => p.comando),
    editar({}),
    pagar(),
    gastar(1),
    { tipo: "agotarPresupuesto", en } as const,
  ];
  for (const c of comandos) dada().when(c).refuses({ tipo: "no_existe" });
});
Deno.test("an event of a campaign that was never created makes none", () => {
  dada(aprobada).is({ estado: "INEXISTENTE" });
});

// ---- editing -----------------------------------------------------------------------------------------------------

Deno.test("an edit says only what changed, and one that changes nothing is no event", () => {
  dada(creada()).when(editar({ nombre: "Otra", metas: null, presupuesto: usd(1000_00) }))
    .then({ tipo: "CampaniaActualizada", cambios: { nombre: "Otra" }, en });
  dada(creada()).when(editar({ itinerario: '[{"dia": 1}]' })).then();
});
Deno.test("what is FINALIZADA or CANCELADA is not edited", () => {
  dada(...HISTORIAS.FINALIZADA).when(editar({})).refuses({ tipo: "cerrada", estado: "FINALIZADA" });
  dada(...HISTORIAS.CANCELADA).when(editar({ nombre: "x" })).refuses({
    tipo: "cerrada",
    estado: "CANCELADA",
  });
});
Deno.test("an edit keeps the rules between fields", () => {
  dada(creada(conAnticipo)).when(editar({ presupuesto: usd(99_99) }))
    .refuses({ tipo: "datos_invalidos", campos: [{ campo: "anticipo", falla: "anticipo_mayor" }] });
});
Deno.test("the anticipo changes until it is asked for, paid or the campaign is approved", () => {
  const cambio = { anticipo: usd(50_00) };
  dada(creada(conAnticipo)).when(editar(cambio)).then({ tipo: "CampaniaActualizada", cambios: cambio, en });
  dada(creada(conAnticipo)).when(editar(cambio, true)).refuses({ tipo: "anticipo_comprometido" });
  dada(creada(conAnticipo), asociado(usd(1))).when(editar(cambio)).refuses({ tipo: "anticipo_comprometido" });
  dada(creada(conAnticipo), aprobada).when(editar(cambio)).refuses({ tipo: "anticipo_comprometido" });
});
Deno.test("the currency stays once there is money in it", () => {
  const cambio = { presupuesto: dinero(100n, "COP") };
  dada(creada()).when(editar(cambio)).then({ tipo: "CampaniaActualizada", cambios: cambio, en });
  dada(creada(), gastado(usd(1))).when(editar(cambio)).refuses({ tipo: "moneda_fija" });
  dada(creada(), asociado()).when(editar(cambio)).refuses({ tipo: "moneda_fija" });
});

// ---- anticipo and payment ----------------------------------------------------------------------------------------

Deno.test("an operator approves an unpaid anticipo only by saying so", () => {
  dada(creada(conAnticipo)).when(aprobar()).refuses({ tipo: "anticipo_sin_pagar", anticipo: usd(100_00) });
  dada(creada(conAnticipo), asociado(usd(99_99))).when(aprobar())
    .refuses({ tipo: "anticipo_sin_pagar", anticipo: usd(100_00) });
  dada(creada(conAnticipo)).when(aprobar(true)).then(aprobada);
  dada(creada({ ...datos, anticipo: usd(0) })).when(aprobar()).then(aprobada);
});
Deno.test("a confirmed payment approves the campaign", () => {
  dada(creada(conAnticipo)).when(pagar()).then(asociado(), aprobadaPorPago);
  dada(creada()).when(pagar(usd(1))).then(asociado(usd(1)), aprobadaPorPago);
  dada(creada(conAnticipo)).when({ tipo: "confirmarPago", idPago: "p-1", monto: null, en })
    .then(asociado(null), aprobadaPorPago);
});
Deno.test("a payment that is less than the anticipo, or in another currency, does not approve", () => {
  dada(creada(conAnticipo)).when(pagar(usd(99_99))).then(asociado(usd(99_99)));
  const cop = dinero(1_000_000_00n, "COP");
  dada(creada(conAnticipo)).when(pagar(cop)).then(asociado(cop));
});
Deno.test("a payment of what is approved already is associated and no more", () => {
  dada(creada(conAnticipo), aprobada).when(pagar()).then(asociado());
  dada(...HISTORIAS.PAUSADA).when(pagar()).then(asociado());
  dada(...HISTORIAS.FINALIZADA).when(pagar()).then(asociado());
});
Deno.test("the same payment twice is one, another is surplus, and a cancelled campaign takes none", () => {
  const pagada = [creada(conAnticipo), asociado(), aprobadaPorPago];
  dada(...pagada).when(pagar()).then();
  dada(...pagada).when(pagar(usd(100_00), "p-2")).refuses({ tipo: "pago_sobrante", idPago: "p-1" });
  dada(...HISTORIAS.CANCELADA).when(pagar()).refuses({ tipo: "cerrada", estado: "CANCELADA" });
});

// ---- commissions and budget --------------------------------------------------------------------------------------

Deno.test("reaching the budget pauses the campaign", () => {
  dada(creada(), aprobada).when(gastar(999_99)).then(gastado(usd(999_99)));
  dada(creada(), aprobada, gastado(usd(999_99))).when(gastar(1)).then(gastado(usd(1)), agotada);
  dada(creada(), aprobada).when(gastar(2000_00)).then(gastado(usd(2000_00)), agotada);
});
Deno.test("a refund makes room again", () => {
  dada(creada(), aprobada, gastado(usd(999_99)), gastado(usd(-1_00))).when(gastar(1_00)).then(
    gastado(usd(1_00)),
  );
});
Deno.test("what is spent of a campaign that is not approved is only added", () => {
  for (const estado of ["PENDIENTE", "PAUSADA", "FINALIZADA", "CANCELADA"] as const) {
    dada(...HISTORIAS[estado]).when(gastar(2000_00)).then(gastado(usd(2000_00)));
  }
});
Deno.test("a budget of zero is used up by the first commission, not by none", () => {
  const gratis = creada({ ...datos, presupuesto: usd(0) });
  dada(gratis).when(aprobar()).then(aprobada);
  dada(gratis, gastado(usd(1)), gastado(usd(-1))).when(aprobar()).then(aprobada);
  dada(gratis, aprobada).when(gastar(1)).then(gastado(usd(1)), agotada);
});
Deno.test("a commission in another currency does not use up the budget", () => {
  const cop = dinero(100_000_00n, "COP");
  dada(creada(), aprobada).when({ tipo: "registrarGasto", monto: cop, partner_id: null, en })
    .then({ tipo: "GastoRegistrado", monto: cop, partner_id: null, en });
});
Deno.test("what is used up is resumed only with a larger budget", () => {
  const historia = [creada(), aprobada, gastado(usd(1000_00)), agotada];
  dada(...historia).when(dar("reanudar")).refuses({ tipo: "presupuesto_agotado", presupuesto: usd(1000_00) });
  const mayor: Evento = { tipo: "CampaniaActualizada", cambios: { presupuesto: usd(1000_01) }, en };
  dada(...historia, mayor).when(dar("reanudar")).then({ tipo: "CampaniaReanudada", motivo: null, en });
});
Deno.test("lowering the budget to what is spent pauses too, and so does approving with nothing left", () => {
  const cambios = { presupuesto: usd(5_00) };
  dada(creada(), aprobada, gastado(usd(5_00))).when(editar(cambios))
    .then({ tipo: "CampaniaActualizada", cambios, en }, agotada);
  dada(creada(), gastado(usd(1000_00))).when(aprobar()).then(aprobada, agotada);
  dada(creada(), gastado(usd(1000_00))).when(pagar()).then(asociado(), aprobadaPorPago, agotada);
});
Deno.test("pagos saying that the budget is used up pauses an approved campaign, and no other", () => {
  dada(creada(), aprobada).when({ tipo: "agotarPresupuesto", en }).then(agotada);
  for (const estado of ["PENDIENTE", "PAUSADA", "FINALIZADA", "CANCELADA"] as const) {
    dada(...HISTORIAS[estado]).when({ tipo: "agotarPresupuesto", en }).then();
  }
});
Deno.test("what earned commissions is finished, not cancelled; what payments did cancels all the same", () => {
  const historia = [creada(), aprobada, gastado(usd(1))];
  dada(...historia).when(cancelar()).refuses({ tipo: "con_comisiones" });
  dada(...historia).when(dar("finalizar")).then(finalizada);
  dada(...historia).when(cancelar("PAGOS")).then(cancelada);
  dada(...historia, gastado(usd(-1))).when(cancelar()).then(cancelada);
});
