import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type Mosquitto, runMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import {
  broker,
  bundle,
  holderOf,
  initAuthority,
  issue,
  revoke,
} from '../../scripts/technician/certificates/authority.js';

import { packageRoot } from '../../src/kernel/package-root.js';
import type { BrokerAddress } from '../../src/mqtt/connection.js';

/** Mosquitto with the configuration of src/link/mosquitto, and an authority of its own. */
export interface StreetBroker extends Mosquitto {
  /** The listener that asks nobody who he is. */
  readonly publicUrl: string;
  /** Where the authority and what it has issued is. */
  readonly certificates: string;
  /** The way of a holder to the broker, by his newest certificate; one is made for a label that has none yet. */
  addressOf(label: string): Required<Pick<BrokerAddress, 'url' | 'tls'>>;
  /** Revokes the certificates of a label; the broker has the list, and has not read it. */
  revoke(label: string): void;
}

const configuration = fileURLToPath(new URL('src/link/mosquitto/', packageRoot));

/** Sets a broker up below `folder` as its README says, and starts it. */
export async function startStreetBroker(folder: string): Promise<StreetBroker> {
  const certificates = join(folder, 'certificates');
  const there = join(folder, 'etc');
  const ports = { kiosks: await freePort(), anybody: await freePort() };
  mkdirSync(there, { recursive: true });
  initAuthority(certificates, 'jiangning');
  issue(certificates, broker, ['127.0.0.1']);
  const install = () => {
    for (const name of Object.values(bundle)) {
      copyFileSync(join(certificates, 'broker', name), join(there, name));
    }
  };
  install();
  for (const name of ['acl', 'acl-public']) copyFileSync(join(configuration, name), join(there, name));
  const text = readFileSync(join(configuration, 'mosquitto.conf'), 'utf8')
    .replaceAll('/etc/mosquitto/lening', there)
    .replace('/var/lib/mosquitto', there)
    .replace('listener 8883', `listener ${ports.kiosks} 127.0.0.1`)
    .replace('listener 8884', `listener ${ports.anybody} 127.0.0.1`);
  writeFileSync(join(there, 'mosquitto.conf'), text);
  const mosquitto = await runMosquitto(join(there, 'mosquitto.conf'), ports.kiosks, 'mqtts');
  const known = new Set<string>([broker.label]);
  return {
    ...mosquitto,
    publicUrl: `mqtts://127.0.0.1:${ports.anybody}`,
    certificates,
    addressOf(label) {
      const holder = holderOf(label);
      if (!holder) throw new Error(`nobody is called ${label}`);
      if (!known.has(label)) issue(certificates, holder);
      known.add(label);
      const file = (name: string) => join(certificates, label, name);
      const tls = { caFile: file(bundle.ca), certFile: file(bundle.certificate), keyFile: file(bundle.key) };
      return { url: mosquitto.url, tls };
    },
    revoke(label) {
      revoke(certificates, label);
      install();
    },
  };
}
