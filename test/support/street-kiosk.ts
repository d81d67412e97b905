import { join } from 'node:path';
import type { Test } from 'tap';
import { boardsOnly } from '../../scripts/proofs/support/stand-ins.js';
import type { Event } from '../../src/circulation/event.js';
import type { Effect } from '../../src/circulation/input.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { openJournal } from '../../src/journal/open.js';
import type { KioskId } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import type { Clock } from '../../src/kernel/time.js';
import { wireKiosk } from '../../src/kiosk/wire-kiosk.js';
import { connectMqtt } from '../../src/mqtt/connection.js';
import { createKeyRing, loadVerifyingKey } from '../../src/passes/keys.js';
import { settings } from '../circulation/player.js';
import { type startCatalogue, street } from './catalogue.js';
import { trustedClock } from './clocks.js';
import { kioskKey } from './keys.js';

/** A kiosk with doors that nobody opens, without reader and screen. Closed when the test ends, or before. */
export function startKiosk(
  test: Test,
  { broker, catalogue }: Awaited<ReturnType<typeof startCatalogue>>,
  name: KioskId,
  events: readonly Event[] = [],
  clock: Clock = trustedClock,
) {
  const journal = openJournal({ file: join(test.testdirName, `${name}.db`), ...ledgerRules });
  if (events.length > 0) journal.append(clock.now(), events);
  const performed: Effect[] = [];
  const way = broker.addressOf(name);
  const { url: brokerUrl, tls } = way;
  const { kiosk, documents, ...wired } = wireKiosk({
    config: { kiosk: name, street, link: { brokerUrl, ...(tls && { tls }) } },
    settings,
    clock,
    log: silentLog,
    journal,
    key: kioskKey,
    roots: createKeyRing(catalogue.publicKeys().map(loadVerifyingKey)),
    restart: () => undefined,
    boards: boardsOnly(),
    connect: (options) => connectMqtt({ ...options, ...way }),
    decorate: (parts) => ({
      ...parts,
      perform(effect) {
        performed.push(effect);
        parts.perform(effect);
      },
    }),
  });
  wired.start();
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= wired.close();
    return closing;
  };
  test.teardown(close);
  return {
    kiosk,
    journal,
    documents,
    performed,
    close,
    all: () => journal.sentMark() === journal.lastPosition(),
  };
}
