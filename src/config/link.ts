import { z } from 'zod';

const path = z.string().min(1);

/** The way to the broker: over TLS, or within this machine. */
export const linkSchema = z
  .strictObject({
    brokerUrl: z
      .string()
      .refine((url) => isAddress(url, ['mqtt:', 'mqtts:']), 'mqtt://host:port or mqtts://host:port'),
    tls: z
      .strictObject({
        /** The authority of the broker's certificate; without it those count that Node ships with. */
        caFile: path.exactOptional(),
        /** What this kiosk shows of itself. */
        certFile: path.exactOptional(),
        keyFile: path.exactOptional(),
      })
      .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
        error: 'certFile and keyFile belong together',
      })
      .exactOptional(),
    /** Lets messages cross a network that everybody on it can read. */
    plain: z.literal('forced').exactOptional(),
  })
  .refine(({ brokerUrl, plain }) => plain === 'forced' || isSecure(brokerUrl) || isLoopback(brokerUrl), {
    path: ['brokerUrl'],
    error: 'mqtt:// only to this machine itself; else mqtts://, or say plain: forced',
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ brokerUrl, tls }) => tls === undefined || isSecure(brokerUrl), {
    path: ['tls'],
    error: 'only mqtts:// has certificates',
    when: ({ issues }) => issues.length === 0,
  });

type LinkSettings = z.infer<typeof linkSchema>;

/** The same with absolute paths, as `from` makes them. */
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

/** Whether `url` names a host by one of the protocols, with a port where one is needed. */
export function isAddress(url: string, protocols: readonly string[], port?: 'with-port'): boolean {
  if (!URL.canParse(url)) return false;
  const address = new URL(url);
  if (!protocols.includes(address.protocol) || address.hostname === '' || address.port === '0') return false;
  return port === undefined || address.port !== '';
}

const isSecure = (url: string) => new URL(url).protocol === 'mqtts:';

/** Whether what is sent to `url` stays on this machine. */
const isLoopback = (url: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
