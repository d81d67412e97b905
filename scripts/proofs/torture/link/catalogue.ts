/**
 * The real catalogue as a program of its own, which orders the kiosks about all the while.
 * `node torture/link/catalogue.js FILE BROKER SEED KIOSK=KEYFILE …`: says `ready`. SIGUSR2: it gives no more orders.
 */
import { readFileSync } from 'node:fs';
import { createCatalogue } from '../../../../src/catalogue/catalogue.js';
import type { Order } from '../../../../src/circulation/order.js';
import { holdId, type KioskId, kioskId, patronId, staffId } from '../../../../src/kernel/ids.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { createRandom } from '../../support/random.js';
import { itemsOf, lockers, street } from './street-setup.js';

const orderEveryMs = 200;
const holdForMs = 600_000;
const by = staffId('5555555555555555');
const patron = patronId('aaaaaaaaaaaaaaaa');

const [file = '', url = '', seed = '1', ...enrolled] = process.argv.slice(2);
const random = createRandom(Number(seed), 'catalogue');
const catalogue = createCatalogue({ file, url, street, log: silentLog });
const kiosks = enrolled.map((each) => {
  const [name = '', keyFile = ''] = each.split('=');
  catalogue.enrol(kioskId(name), readFileSync(keyFile, 'utf8'));
  return kioskId(name);
});
await catalogue.start();
process.stdout.write('ready\n');

let lastHold = holdId('h-0');
function someOrder(kiosk: KioskId): Order {
  const locker = random.pick(lockers);
  const item = random.pick(itemsOf(kiosk));
  const share = random.next();
  if (share < 0.02) return { kind: 'restart', by };
  if (share < 0.3) return { kind: 'open', locker, by, reason: 'inspection' };
  if (share < 0.4) {
    lastHold = holdId(`h-${Date.now()}`);
    return { kind: 'hold', hold: lastHold, item, patron, until: epochMs(Date.now() + holdForMs) };
  }
  if (share < 0.5) return { kind: 'release', hold: lastHold };
  if (share < 0.6) return { kind: 'withdraw', item, by };
  return { kind: share < 0.7 ? 'withhold' : 'restore', locker, by };
}

const orders = setInterval(() => {
  const kiosk = random.pick(kiosks);
  catalogue.order(kiosk, someOrder(kiosk));
}, orderEveryMs);
process.on('SIGUSR2', () => clearInterval(orders));
process.on('SIGTERM', () => {
  clearInterval(orders);
  catalogue.close().then(() => process.exit(0), process.exit);
});
