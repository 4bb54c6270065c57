import { type Answer, type Api, dig, httpApi } from "@alpes/shared/dev/demo_api.ts";
import { field, status, text, until } from "@alpes/shared/dev/demo_checks.ts";
import { type StackOptions, startStack } from "@alpes/shared/testing/stack.ts";

export { dig, field, status, text };

/**
 * A test beside processes that outlive it: what they write and when they end would be told as leaks of whichever test
 * runs at that moment.
 */
export const acceptance = (name: string, fn: () => Promise<void>): void =>
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });

/** How long an outcome may take on a machine that is busy with other tests. */
export const PATIENCE = 30_000;

/** Ids that nobody else has. */
export const nuevoId = (what: string): string => `${what}-${crypto.randomUUID().slice(0, 8)}`;

export const cop = (valor: string) => ({ valor, moneda: "COP" });

/** An API consumer's view of a platform, with the few words that the tests are told in. */
export function consumer(base: string) {
  const api = httpApi(base);
  const get = async (path: string) => status(await api.send("GET", path), 200);
  const waitFor = (path: string, at: string, ...expected: unknown[]): Promise<Answer> =>
    until(api, path, at, expected, PATIENCE);

  return {
    api,
    get,
    post: (path: string, body: unknown, headers?: Record<string, string>) =>
      api.send("POST", path, body, headers),
    waitFor,
    campania: (id: string, ...estados: string[]) => waitFor(`/campanias/${id}`, "estado", ...estados),
    pago: (id: string, ...estados: string[]) => waitFor(`/pagos/${id}`, "estado", ...estados),
    /** The steps of a payout, as estados, oldest first. */
    async pasos(pago: string): Promise<{ estado: string; fecha: number; actor: string }[]> {
      return rows(await get(`/pagos/${pago}/historial`)).map((s) => ({
        estado: String(dig(s, "estado_nuevo")),
        fecha: Date.parse(String(dig(s, "fecha"))),
        actor: String(dig(s, "actor")),
      }));
    },
    /** Registers a company of its own; gives its id. */
    async cliente(id = nuevoId("c")): Promise<string> {
      const cuerpo = {
        id,
        tipo_cliente: "EMPRESA",
        nombre: `Empresa ${id}`,
        email: `${id}@correo.example`,
        rut: id,
      };
      status(await api.send("POST", "/cliente/registrar", cuerpo), 201);
      return id;
    },
    /** Creates a campaign of a registered client; gives both ids and the answer. */
    async nuevaCampania(
      more: Record<string, unknown> = {},
      headers: Record<string, string> = {},
    ): Promise<{ campania: string; cliente: string; answer: Answer }> {
      const campania = nuevoId("k");
      const cliente = await this.cliente();
      const cuerpo = { idCampania: campania, idCliente: cliente, itinerario: [], ...more };
      const answer = status(await api.send("POST", "/campanias/crear", cuerpo, headers), 202);
      return { campania, cliente, answer };
    },
    /** Pays for a campaign with a method whose last digits decide what the bank does; gives the payout's id. */
    async pagar(idCampania: string, cifras = "1234", valor = "5000.00"): Promise<string> {
      const id = nuevoId("p");
      const mask = { payment_method_type: "TARJETA", payment_method_mask: `****${cifras}` };
      const cuerpo = { id, idCampania, monto: cop(valor), ...mask };
      field(status(await api.send("POST", "/pagos/pagar", cuerpo), 202), "id", id);
      return id;
    },
  };
}
export type Consumer = ReturnType<typeof consumer>;

/** The rows of a list's answer. */
export function rows(a: Answer): unknown[] {
  const data = dig(a.body, "data");
  if (!Array.isArray(data)) throw new Error(`${a.request} has no data: ${a.text.slice(0, 200)}`);
  return data;
}

/** A running platform for the tests of one file, and its consumer at the BFF's address. */
export async function platform(options: StackOptions = {}) {
  const stack = await startStack(options);
  Deno.test.afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  return { stack, ...consumer(stack.bffUrl) };
}

export type { Api };
