import { child } from "@alpes/shared/dev/child.ts";
import { eventually } from "./eventually.ts";

export const SECRETO_PSP = "psp-secreto-de-las-pruebas-0123456789";

/** A line of the provider's own record, as `GET /registro` says it. */
export interface PagoRegistrado {
  readonly clave: string;
  readonly payout_id: string;
  readonly monto: { readonly valor: string; readonly moneda: string };
  readonly estado: "PAGADO" | "NO_PAGADO" | "EN_CURSO";
  readonly referencia: string;
  readonly comision: { readonly valor: string; readonly moneda: string } | null;
  readonly devuelto: string | null;
}

/** The simulated provider as a process, with a record in a folder of its own. */
export interface ProcesoPsp extends AsyncDisposable {
  readonly url: string;
  /** `kill -9`, and started again over the same record. */
  matar(): Promise<void>;
  registro(): Promise<readonly PagoRegistrado[]>;
  liquidacion(): Promise<string>;
  mandar(ruta: "/reglas" | "/cierre", cuerpo?: object): Promise<unknown>;
  logs(): string;
}

/** Starts `deno task psp` on a free port with more of its options, and waits until it answers. */
export async function startPsp(opciones: readonly string[] = []): Promise<ProcesoPsp> {
  const puerto = puertoLibre();
  const datos = await Deno.makeTempDir({ prefix: "alpes-psp-" });
  const url = `http://127.0.0.1:${puerto}`;
  const dicho: string[] = [];
  const c = child({
    name: "psp",
    entry: new URL("../dev/psp/main.ts", import.meta.url).pathname,
    env: {},
    permissions: [
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-read",
      `--allow-write=${datos}`,
      "--allow-sys",
    ],
    args: [
      "--puerto",
      String(puerto),
      "--datos",
      `${datos}/psp.db`,
      "--secreto",
      SECRETO_PSP,
      ...opciones,
    ],
    onLine: (l) => dicho.push(l),
  });
  const pedir = async (ruta: string, init?: RequestInit): Promise<string> => {
    const r = await fetch(url + ruta, init);
    const texto = await r.text();
    if (!r.ok) throw new Error(`${ruta}: ${r.status} ${texto}`);
    return texto;
  };
  const arrancar = async () => {
    c.start();
    await eventually(async () => {
      if (c.pid() === null) throw new Error(`the provider ended: ${dicho.join("\n")}`);
      await pedir("/reglas", { method: "POST", body: "{}" });
      return true;
    }, { ms: 60_000, every: 50 });
  };
  const cerrar = async () => {
    await c.stop(2_000);
    await Deno.remove(datos, { recursive: true });
  };
  await arrancar().catch(async (e) => {
    await cerrar();
    throw e;
  });
  return {
    url,
    async matar() {
      await c.stop(0);
      await arrancar();
    },
    registro: async () => JSON.parse(await pedir("/registro")).pagos,
    liquidacion: () => pedir("/liquidacion.csv"),
    mandar: async (ruta, cuerpo = {}) =>
      JSON.parse(await pedir(ruta, { method: "POST", body: JSON.stringify(cuerpo) })),
    logs: () => dicho.join("\n"),
    [Symbol.asyncDispose]: cerrar,
  };
}

function puertoLibre(): number {
  const l = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    return (l.addr as Deno.NetAddr).port;
  } finally {
    l.close();
  }
}
