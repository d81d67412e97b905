/**
 * Some kiosks of the fleet in one process: `node fleet/kiosks.js BROKER KEYS FOLDER KIOSK...`, each with its folder below
 * FOLDER; controlled by messages.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kioskId } from '../../../../src/kernel/ids.js';
import { createKeyRing, loadVerifyingKey } from '../../../../src/passes/keys.js';
import { startFleetKiosk } from './kiosk.js';
import type { FromKiosks, ToKiosks } from './messages.js';

const [url = '', keysFile = '', folder = '', ...names] = process.argv.slice(2);
const roots = createKeyRing([loadVerifyingKey(readFileSync(keysFile, 'utf8'))]);
const say = (message: FromKiosks) => void process.send?.(message);
const kiosks = new Map(
  names.map((kiosk) => [
    kiosk,
    startFleetKiosk(kioskId(kiosk), join(folder, kiosk), url, roots, (online) =>
      say({ kind: 'online', kiosk, online }),
    ),
  ]),
);

let looks: NodeJS.Timeout | undefined;
function watch(): void {
  clearInterval(looks);
  looks = setInterval(() => {
    if (![...kiosks.values()].every((kiosk) => kiosk.isSynced())) return;
    clearInterval(looks);
    say({ kind: 'synced' });
  }, 10);
}

async function live(loans: number): Promise<void> {
  for (const kiosk of kiosks.values()) {
    kiosk.live(loans);
    await new Promise((resolve) => setImmediate(resolve));
  }
  say({ kind: 'lived' });
  watch();
}

process.on('message', (message: ToKiosks) => {
  if (message.kind === 'live') void live(message.loans);
  else
    say({
      kind: 'digests',
      digests: Object.fromEntries([...kiosks].map(([id, kiosk]) => [id, kiosk.digest()])),
    });
});
process.on('SIGTERM', () => {
  Promise.all([...kiosks.values()].map((kiosk) => kiosk.close())).then(() => process.exit(0), process.exit);
});
say({ kind: 'ready' });
watch();
