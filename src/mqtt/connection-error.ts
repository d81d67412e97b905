import type { FaultCode } from '../kernel/faults.js';

/** Fault codes of a connection that cannot be established, or is refused something. */
export type ConnectionErrorCode = Extract<
  FaultCode,
  'link.down' | 'link.refused' | 'link.tls' | 'link.not-allowed'
>;

/** Error codes of OpenSSL, Node's TLS and its X.509 checks; they have no common prefix. */
const tlsCode =
  /^(ERR_(TLS|SSL|OSSL)_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(CA|PURPOSE)|HOSTNAME_|PATH_LENGTH_|EPROTO$)/;

/** Maps an error of the connection to its fault code. A numeric `code` is the broker's reason code. */
export function connectionErrorCode(error: unknown): ConnectionErrorCode {
  const code = codeOf(error);
  if (typeof code === 'number') return 'link.refused';
  if (typeof code === 'string' && (tlsCode.test(code) || code === 'link.tls')) return 'link.tls';
  return 'link.down';
}

/** Whether the broker refused the MQTT version: reason code 132 in MQTT 5, return code 1 in 3.1.1. */
export function isVersionRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code === 132 || code === 1;
}

/** The message of an error, short: OpenSSL's full messages name source files. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was closed';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
