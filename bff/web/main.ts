import { render } from "preact";
import { useEffect } from "preact/hooks";
import { leerSesion, socio } from "./api.ts";
import { html, type VNode } from "./html.ts";
import { Auditoria } from "./paginas/auditoria.ts";
import { Campania } from "./paginas/campania.ts";
import { Campanias } from "./paginas/campanias.ts";
import { Cliente } from "./paginas/cliente.ts";
import { Clientes } from "./paginas/clientes.ts";
import { Conciliaciones, ConciliacionPagina } from "./paginas/conciliacion.ts";
import { EstadoDeCuenta } from "./paginas/estado_de_cuenta.ts";
import { Importaciones } from "./paginas/importaciones.ts";
import { AsientosDelLibro, CuentaDelLibro, Libro } from "./paginas/libro.ts";
import { LiquidacionPagina } from "./paginas/liquidacion.ts";
import { Liquidaciones } from "./paginas/liquidaciones.ts";
import { MiCuenta } from "./paginas/mi_cuenta.ts";
import { Operacion } from "./paginas/operacion.ts";
import { Pago } from "./paginas/pago.ts";
import { Pagos } from "./paginas/pagos.ts";
import { Panel } from "./paginas/panel.ts";
import { Transacciones } from "./paginas/transacciones.ts";
import { Marco } from "./partes/marco.ts";
import { ruta } from "./ruta.ts";
import { dos } from "./textos.ts";
import { mantenerVivo } from "./vivo.ts";

function pagina(): VNode {
  const [seccion, id] = ruta.value.partes;
  switch (seccion) {
    case undefined:
      return socio() === null ? html`<${Panel} />` : html`<${MiCuenta} id=${socio()} />`;
    case "clientes":
      return id === undefined ? html`<${Clientes} />` : html`<${Cliente} key=${id} id=${id} />`;
    case "campanias":
      return id === undefined ? html`<${Campanias} />` : html`<${Campania} key=${id} id=${id} />`;
    case "pagos":
      return id === undefined ? html`<${Pagos} />` : html`<${Pago} key=${id} id=${id} />`;
    case "transacciones":
      return html`<${Transacciones} />`;
    case "libro":
      if (id === "asientos") return html`<${AsientosDelLibro} />`;
      return id === undefined ? html`<${Libro} />` : html`<${CuentaDelLibro} key=${id} cuenta=${id} />`;
    case "liquidaciones":
      return id === undefined
        ? html`<${Liquidaciones} />`
        : html`<${LiquidacionPagina} key=${id} id=${id} />`;
    case "conciliacion":
      return id === undefined
        ? html`<${Conciliaciones} />`
        : html`<${ConciliacionPagina} key=${id} id=${id} />`;
    case "estado-de-cuenta":
      return html`<${EstadoDeCuenta} key=${id} id=${id} />`;
    case "importaciones":
      return html`<${Importaciones} />`;
    case "operacion":
      return html`<${Operacion} />`;
    case "auditoria":
      return html`<${Auditoria} />`;
    default:
      return html`
        <h1>${dos("Aquí no hay nada", "There is nothing here")}</h1>
        <p><a href="#/">${dos("Volver al panel", "Back to the dashboard")}</a></p>
      `;
  }
}

function Consola({ aviso }: { readonly aviso: string | null }): VNode {
  const lugar = ruta.value.partes.join("/");
  useEffect(() => {
    scrollTo({ top: 0 });
    const titulo = document.querySelector("main h1")?.textContent;
    document.title = titulo ? `${titulo} · Alpes Partners` : "Alpes Partners";
    // Who moves by keyboard or hears the page goes on in what was opened.
    if (document.activeElement?.tagName === "A") {
      document.getElementById("contenido")?.focus({ preventScroll: true });
    }
  }, [lugar]);
  return html`<${Marco} aviso=${aviso}>${pagina()}<//>`;
}

const raiz = document.getElementById("consola");
if (raiz !== null) render(html`<${Consola} aviso=${raiz.dataset.aviso ?? null} />`, raiz);
void leerSesion();
mantenerVivo();
