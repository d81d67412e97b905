/**
 * The real catalogue as a program of its own, which orders the kiosks about all the while.
 * `node torture-link/catalogue.js FILE BROKER SEED KIOSK=KEYFILE …`: says `ready`.
 */
import { readFileSync } from 'node:fs';
import { createCatalogue } from '../../src/catalogue/catalogue.js';
import { kioskId, lockerNo, staffId } from '../../src/kernel/ids.js';
import { createRandom } from '../random.js';
import { lockerCount, quiet, street } from './names.js';

const [file = '', url = '', seed = '1', ...enrolled] = process.argv.slice(2);
const random = createRandom(Number(seed), `catalogue-${Date.now()}`);
const catalogue = createCatalogue({ file, url, street, log: quiet });
const kiosks = enrolled.map((each) => {
  const [name = '', keyFile = ''] = each.split('=');
  catalogue.enrol(kioskId(name), readFileSync(keyFile, 'utf8'));
  return kioskId(name);
});
await catalogue.start();
process.stdout.write('ready\n');
const by = staffId('5555555555555555');
const orders = setInterval(() => {
  const kind = random.chance(0.5) ? 'withhold' : 'restore';
  catalogue.order(random.pick(kiosks), { kind, locker: lockerNo(random.between(1, lockerCount)), by });
}, 200);
process.on('SIGUSR2', () => clearInterval(orders));
process.on('SIGTERM', () => {
  clearInterval(orders);
  catalogue.close().then(() => process.exit(0), process.exit);
});
