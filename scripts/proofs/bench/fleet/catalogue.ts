/** The fleet’s catalogue: `node fleet/catalogue.js FILE BROKER FOLDER KIOSK...`; controlled by messages. */
import { join } from 'node:path';
import { createCatalogue } from '../../../../src/catalogue/catalogue.js';
import { sampleData } from '../../../../src/catalogue/sample-data.js';
import { type CommandId, type KioskId, kioskId, lockerNo, staffId } from '../../../../src/kernel/ids.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { street } from '../journal-past.js';
import { type FromCatalogue, journalDigest, type ToCatalogue } from './messages.js';

const [file = '', url = '', folder = '', ...names] = process.argv.slice(2);
const say = (message: FromCatalogue) => void process.send?.(message);
const catalogue = createCatalogue({ file, url, street, log: silentLog, sample: sampleData });
const kiosks = names.map(kioskId);
for (const kiosk of kiosks) {
  const key = loadOrMakeKioskKey(join(folder, kiosk));
  catalogue.enrol(kiosk, verifyingKeyPem(verifyingKeyOf(key)));
}

const open = new Map<CommandId, { readonly kiosk: KioskId; readonly givenMs: number }>();
const [locker, by] = [lockerNo(4), staffId('f1f1f1f1f1f1f1f1')];
setInterval(() => {
  for (const [command, { kiosk, givenMs }] of open) {
    const answer = catalogue.orderStatus(command)?.answer ?? null;
    if (answer === null) continue;
    open.delete(command);
    say({ kind: 'answered', kiosk, tookMs: performance.now() - givenMs, isDone: answer === 'done' });
  }
}, 2);

process.on('message', (message: ToCatalogue) => {
  if (message.kind === 'order') {
    const kiosk = kioskId(message.kiosk);
    const givenMs = performance.now();
    const kind = message.withheld ? 'withhold' : 'restore';
    open.set(catalogue.order(kiosk, { kind, locker, by }), { kiosk, givenMs });
  } else {
    const digests = kiosks.map((kiosk) => [kiosk, journalDigest(catalogue.eventsOf(kiosk))]);
    say({ kind: 'digests', digests: Object.fromEntries(digests) });
  }
});
process.on('SIGTERM', () => catalogue.close().then(() => process.exit(0), process.exit));
await catalogue.start();
say({ kind: 'ready' });
