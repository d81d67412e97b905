/**
 * A kiosk without cabinet, reader, screen and monitoring, which sends its backlog.
 * `node drain/kiosk.js FOLDER BROKER KEYS`: says `drained` once all is acknowledged, and how much memory it took at most.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPolicy } from '../../../../src/circulation/directory.js';
import { defaultTimeouts } from '../../../../src/circulation/timeouts.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../../../../src/passes/keys.js';
import { believedClock, boardsOnly } from '../../support/stand-ins.js';
import { openAt } from '../journal-past.js';
import { kiosk, street } from './topics.js';

const [folder = '', brokerUrl = '', keysFile = ''] = process.argv.slice(2);
const journal = openAt(join(folder, 'journal.db'));
const kioskOfBench = wireKiosk({
  config: { kiosk, street, link: { brokerUrl } },
  settings: { boards: new Map(), policy: defaultPolicy, waits: defaultTimeouts },
  clock: believedClock,
  log: silentLog,
  journal,
  key: loadOrMakeKioskKey(folder),
  roots: createKeyRing([loadVerifyingKey(readFileSync(keysFile, 'utf8'))]),
  restart: () => undefined,
  boards: boardsOnly(),
});
kioskOfBench.start();
const looks = setInterval(() => {
  if (journal.sentMark() < journal.lastPosition()) return;
  clearInterval(looks);
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  process.stdout.write(`drained ${peakKb}\n`);
}, 20);
process.on('SIGTERM', () => {
  kioskOfBench.close().then(() => process.exit(0), process.exit);
});
