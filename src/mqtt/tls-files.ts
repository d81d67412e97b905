import { readFileSync, statSync } from 'node:fs';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';

/** Paths of PEM files: who is believed to be the broker, and by what this end shows who it is. */
export interface TlsFiles {
  /** The certificate authority of the broker; without it those count that Node ships with. */
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
 * Reads the files as they are now: whoever calls this for each connection lives with certificates that are renewed in
 * place. Throws `link.tls` for a file that cannot be read or is no certificate by its size.
 */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): TlsMaterial {
  return {
    ...(caFile !== undefined && { ca: readSome(caFile) }),
    ...(certFile !== undefined && { cert: readSome(certFile) }),
    ...(keyFile !== undefined && { key: readSome(keyFile) }),
  };
}

function readSome(path: string): Buffer {
  try {
    // Nothing that is longer than the longest message is a certificate.
    if (statSync(path).size <= limits.linkPacketBytes) return readFileSync(path);
  } catch (error) {
    throw new Fault('link.tls', `${path} cannot be read`, { cause: error });
  }
  throw new Fault('link.tls', `${path} is too large to be a certificate`);
}
