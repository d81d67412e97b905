/**
 * A kiosk as far as its backlog is concerned: the real journal and the real link, and nothing else of it.
 * `node drain/kiosk.js FOLDER BROKER KEYS`: says `drained` once all is acknowledged, and how much memory it took at most.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLink } from '../../../../src/link/link.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../../../../src/passes/keys.js';
import { createSeals } from '../../../../src/passes/seal.js';
import { openAt } from '../journal-past.js';
import { kiosk, silentLog, street } from './topics.js';

const [folder = '', url = '', keysFile = ''] = process.argv.slice(2);
const journal = openAt(join(folder, 'journal.db'));
const key = loadOrMakeKioskKey(folder);
const ring = createKeyRing([loadVerifyingKey(readFileSync(keysFile, 'utf8'))]);
const nothing = () => undefined;
const link = createLink({
  url,
  street,
  kiosk,
  journal,
  seals: createSeals(
    () => key,
    () => ring,
  ),
  log: silentLog,
  onDocument: nothing,
  onCommand: nothing,
  onRequest: nothing,
  onOnline: nothing,
  onReached: nothing,
  onEpochOver: nothing,
});
link.start();
const looks = setInterval(() => {
  if (journal.sentMark() < journal.lastPosition()) return;
  clearInterval(looks);
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  process.stdout.write(`drained ${peakKb}\n`);
}, 20);
process.on('SIGTERM', () => {
  link.close().then(() => {
    journal.close();
    process.exit(0);
  }, process.exit);
});
