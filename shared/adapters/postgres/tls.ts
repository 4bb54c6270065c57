/**
 * The same address with every mode that asks for TLS spelled as the strictest: the server's certificate and its name are
 * checked. The driver reads them so today; its next version would take `require` for "encrypted, by whomever".
 */
export const pinnedTls = (url: string): string =>
  url.replace(/([?&]sslmode=)(?:require|verify-ca)(?=&|#|$)/, "$1verify-full");
