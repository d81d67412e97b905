import { z } from 'zod';

const path = z.string().min(1);

/** The broker's address: with TLS, unless it is on this machine. */
export const linkSchema = z
  .strictObject({
    brokerUrl: z
      .string()
      .refine((url) => isAddress(url, ['mqtt:', 'mqtts:']), 'mqtt://host:port or mqtts://host:port'),
    tls: z
      .strictObject({
        /** The authority of the broker's certificate; default: the authorities that Node ships with. */
        caFile: path.exactOptional(),
        /** The kiosk's own certificate. */
        certFile: path.exactOptional(),
        keyFile: path.exactOptional(),
      })
      .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
        error: 'certFile and keyFile are needed together',
      })
      .exactOptional(),
    /** Allows an unencrypted connection over a network. */
    plain: z.literal('forced').exactOptional(),
  })
  .refine(({ brokerUrl, plain }) => plain === 'forced' || isSecure(brokerUrl) || isLoopback(brokerUrl), {
    path: ['brokerUrl'],
    error: 'mqtt:// is allowed only to this machine; use mqtts://, or set plain: forced',
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ brokerUrl, tls }) => tls === undefined || isSecure(brokerUrl), {
    path: ['tls'],
    error: 'certificates need mqtts://',
    when: ({ issues }) => issues.length === 0,
  });

type LinkSettings = z.infer<typeof linkSchema>;

/** Makes the paths absolute with `from`. */
export function locateFiles(link: LinkSettings, from: (path: string) => string): LinkSettings {
  if (!link.tls) return link;
  const { caFile, certFile, keyFile } = link.tls;
  const tls = {
    ...(caFile !== undefined && { caFile: from(caFile) }),
    ...(certFile !== undefined && { certFile: from(certFile) }),
    ...(keyFile !== undefined && { keyFile: from(keyFile) }),
  };
  return { ...link, tls };
}

/** Whether `url` has one of the protocols, a host, and with `'with-port'` a port. */
export function isAddress(url: string, protocols: readonly string[], port?: 'with-port'): boolean {
  if (!URL.canParse(url)) return false;
  const address = new URL(url);
  if (!protocols.includes(address.protocol) || address.hostname === '' || address.port === '0') return false;
  return port === undefined || address.port !== '';
}

const isSecure = (url: string) => new URL(url).protocol === 'mqtts:';

/** Whether `url` is on this machine. */
const isLoopback = (url: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
