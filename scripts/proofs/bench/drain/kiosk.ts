/**
 * A kiosk without cabinet, reader, screen and monitoring, which sends its backlog.
 * `node drain/kiosk.js FOLDER BROKER KEYS`: says `drained` once all is acknowledged.
 */
import { join } from 'node:path';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { barePorts, ringIn } from '../../support/stand-ins.js';
import { kiosk, openAt, street } from '../journal-past.js';

const [folder = '', brokerUrl = '', keysFile = ''] = process.argv.slice(2);
const journal = openAt(join(folder, 'journal.db'));
const kioskOfBench = wireKiosk({
  ...barePorts(kiosk, street, brokerUrl, new Map()),
  journal,
  key: loadOrMakeKioskKey(folder),
  roots: ringIn(keysFile),
});
kioskOfBench.start();
const looks = setInterval(() => {
  if (journal.sentMark() < journal.lastPosition()) return;
  clearInterval(looks);
  process.stdout.write('drained\n');
}, 20);
process.on('SIGTERM', () => {
  kioskOfBench.close().then(() => process.exit(0), process.exit);
});
