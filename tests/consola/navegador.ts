import assert from "node:assert/strict";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Debian's Chromium, or what `CHROMIUM` names. A machine without one fails: a console that nobody opened is not tested. */
const EJECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

export interface Navegador extends AsyncDisposable {
  readonly browser: Browser;
  /** A person of its own: cookies, storage and cache of nobody else. */
  persona(o?: Parameters<Browser["newContext"]>[0]): Promise<Persona>;
}

/** Somebody at a browser; what its pages complained of is collected until it is asked for. */
export interface Persona extends AsyncDisposable {
  readonly contexto: BrowserContext;
  pagina(url: string): Promise<Page>;
  /** Console errors, violations of the policy, requests to another host. */
  quejas(): string[];
}

/** Starts Chromium with data of its own. Driven over its debugging port: Deno has no pipes for playwright's own launch. */
export async function abrirNavegador(): Promise<Navegador> {
  const datos = await Deno.makeTempDir({ prefix: "alpes-navegador-" });
  const proceso = new Deno.Command(EJECUTABLE, {
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--remote-debugging-port=0",
      `--user-data-dir=${datos}`,
      "about:blank",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const url = await direccion(proceso.stderr);
  const browser = await chromium.connectOverCDP(url);
  return {
    browser,
    async persona(o = {}) {
      const contexto = await browser.newContext({
        locale: "es-CO",
        timezoneId: "America/Bogota",
        viewport: { width: 1440, height: 900 },
        ...o,
      });
      const malas: string[] = [];
      return {
        contexto,
        async pagina(donde) {
          const pagina = await contexto.newPage();
          const host = new URL(donde).host;
          pagina.on("console", (m) => {
            // The browser itself reports every 4xx; what the page made of it is what counts.
            if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) {
              malas.push(`console: ${m.text()}`);
            }
          });
          pagina.on("pageerror", (e) => malas.push(`error: ${e.message}`));
          pagina.on("request", (r) => {
            const u = new URL(r.url());
            if (u.host !== host && u.protocol.startsWith("http")) malas.push(`request to ${r.url()}`);
          });
          await pagina.addInitScript(
            "addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))",
          );
          await pagina.goto(donde);
          return pagina;
        },
        quejas: () => malas.splice(0),
        [Symbol.asyncDispose]: () => contexto.close(),
      };
    },
    async [Symbol.asyncDispose]() {
      await browser.close().catch(() => {});
      try {
        proceso.kill("SIGTERM");
      } catch { /* it ended with the connection */ }
      await proceso.status;
      await proceso.stderr.cancel().catch(() => {});
      await Deno.remove(datos, { recursive: true }).catch(() => {});
    },
  };
}

/** `DevTools listening on ws://…`; what it says afterwards is read away, or its pipe would fill. */
async function direccion(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const [uno, otro] = stderr.tee();
  void otro.pipeTo(new WritableStream()).catch(() => {});
  let dicho = "";
  const lector = uno.pipeThrough(new TextDecoderStream()).getReader();
  while (true) {
    const { value, done } = await lector.read();
    assert.ok(!done, `Chromium did not start:\n${dicho}`);
    dicho += value;
    const m = /DevTools listening on (ws:\/\/\S+)/.exec(dicho);
    if (m?.[1] !== undefined) {
      void (async () => {
        while (!(await lector.read().catch(() => ({ done: true }))).done);
      })();
      return m[1];
    }
  }
}
