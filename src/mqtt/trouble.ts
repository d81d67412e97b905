import type { FaultCode } from '../kernel/faults.js';

/** What keeps a connection from coming about, as a maintainer must know it. */
export type Trouble = Extract<FaultCode, 'link.down' | 'link.refused' | 'link.tls' | 'link.not-allowed'>;

/** Codes OpenSSL, Node's TLS and its X.509 give to errors, which have no common mark. */
const tlsCode =
  /^(ERR_(TLS|SSL|OSSL)_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_(CA|PURPOSE)|HOSTNAME_|PATH_LENGTH_|EPROTO$)/;

/** The kind of trouble an error of the connection means. A number as code is the broker's own reason. */
export function troubleOf(error: unknown): Trouble {
  const code = codeOf(error);
  if (typeof code === 'number') return 'link.refused';
  if (typeof code === 'string' && (tlsCode.test(code) || code === 'link.tls')) return 'link.tls';
  return 'link.down';
}

/** Whether the broker refused this version of MQTT: 132 in the words of version 5, 1 in those of 3.1.1. */
export function isVersionRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code === 132 || code === 1;
}

/** What an error says, short: OpenSSL's own messages name source files. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was closed';
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
