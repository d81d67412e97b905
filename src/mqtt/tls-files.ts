import { readFileSync, statSync } from 'node:fs';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';

/** Paths of PEM files: the broker's certificate authority, and this client's certificate. */
export interface TlsFiles {
  /** The certificate authority of the broker; those that Node ships with by default. */
  readonly caFile?: string;
  /** This end's certificate and its private key. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** The contents of `TlsFiles`, under the names Node's TLS gives them. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Reads the files. Read them for each connection, so that certificates can be renewed in place. Throws `link.tls` for a file
 * that cannot be read or is too large to be a certificate.
 */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  return {
    ...(caFile !== undefined && { ca: readPem(caFile) }),
    ...(certFile !== undefined && { cert: readPem(certFile) }),
    ...(keyFile !== undefined && { key: readPem(keyFile) }),
  };
}

function readPem(path: string): Buffer {
  try {
    // A bound on memory; certificates are far smaller.
    if (statSync(path).size <= limits.linkPacketBytes) return readFileSync(path);
  } catch (error) {
    throw new Fault('link.tls', `${path} cannot be read`, { cause: error });
  }
  throw new Fault('link.tls', `${path} is too large to be a certificate`);
}
