/** The files of the API page, by name; all come from this process, so that it works without the internet. */
export const DOCS_FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "init.js"] as const;
export type DocsFile = (typeof DOCS_FILES)[number];

const INIT = `addEventListener("DOMContentLoaded", () => SwaggerUIBundle({
  url: document.body.dataset.spec,
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
}));
`;

/** The file's text and media type. Read on first use: nobody who never opens the page pays for 1.9 MB. */
export async function docsFile(file: DocsFile): Promise<{ text: string; type: string }> {
  switch (file) {
    case "init.js":
      return { text: INIT, type: "text/javascript; charset=utf-8" };
    case "swagger-ui.css": {
      const { default: text } = await import("swagger-ui-dist/swagger-ui.css", { with: { type: "text" } });
      return { text, type: "text/css; charset=utf-8" };
    }
    case "swagger-ui-bundle.js": {
      const { default: text } = await import("swagger-ui-dist/swagger-ui-bundle.js", {
        with: { type: "text" },
      });
      return { text, type: "text/javascript; charset=utf-8" };
    }
  }
}

/** Everything only from this process; Swagger UI draws its icons from data addresses. */
export const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The page that shows the OpenAPI document at `/spec`; `notice` stands above it. */
export const docsPage = (title: string, notice: string | null = null): string =>
  `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/init.js"></script>
</head>
<body data-spec="/spec">
${notice === null ? "" : `<p role="note">⚠ ${escape(notice)}</p>`}
<main id="api"></main>
<noscript>El documento de la API está en <a href="/spec">/spec</a>.</noscript>
</body>
</html>
`;
