import { join } from 'node:path';
import type { Test } from 'tap';
import { initialState } from '../../src/circulation/decide.js';
import { defaultPolicy } from '../../src/circulation/directory.js';
import type { Event } from '../../src/circulation/event.js';
import type { Effect } from '../../src/circulation/input.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { openJournal } from '../../src/journal/open.js';
import type { KioskId } from '../../src/kernel/ids.js';
import type { Clock } from '../../src/kernel/time.js';
import { answerOf, createCatalogueLink } from '../../src/kiosk/catalogue-link.js';
import { createDocuments } from '../../src/kiosk/document-store.js';
import { Kiosk } from '../../src/kiosk/kiosk.js';
import { connectMqtt } from '../../src/mqtt/connection.js';
import { createKeyRing, loadVerifyingKey } from '../../src/passes/keys.js';
import { type stage, street as streetName } from '../catalogue/stage.js';
import { settings } from '../circulation/player.js';
import { trustedClock } from './clocks.js';
import { kioskKey } from './keys.js';
import { silentLog } from './silent-log.js';

const nothing = () => undefined;

/** A kiosk's core, journal and link, with doors that nobody opens. Closed when the test ends, or before. */
export function startKiosk(
  test: Test,
  { broker, catalogue }: Awaited<ReturnType<typeof stage>>,
  name: KioskId,
  events: readonly Event[] = [],
  clock: Clock = trustedClock,
) {
  const roots = createKeyRing(catalogue.publicKeys().map(loadVerifyingKey));
  const journal = openJournal({ file: join(test.testdirName, `${name}.db`), ...ledgerRules });
  if (events.length > 0) journal.append(clock.now(), events);
  const documents = createDocuments(journal, defaultPolicy, roots);
  const performed: Effect[] = [];
  const kiosk: Kiosk = new Kiosk(initialState(settings, journal.load()), {
    clock,
    log: silentLog,
    append: (moment, more) => journal.append(moment, more),
    perform(effect) {
      performed.push(effect);
      if (effect.kind === 'answer') link.answer(answerOf(effect));
    },
    onStep: (_state, _moment, grew) => grew && link.journalGrew(),
  });
  const way = broker.wayOf(name);
  const { url: brokerUrl, tls } = way;
  const monitoring = { homeAssistant: false } as const;
  const config = { kiosk: name, street: streetName, link: { brokerUrl, ...(tls && { tls }) }, monitoring };
  const link = createCatalogueLink({
    connect: (options) => connectMqtt({ ...options, ...way }),
    config,
    journal,
    documents,
    key: kioskKey,
    roots,
    kiosk,
    clock,
    log: silentLog,
    show: nothing,
    onOnline: nothing,
    onHomeAssistant: nothing,
    onRequest: nothing,
  });
  for (const input of documents.news()) kiosk.submit(input);
  link.start();
  let isClosed = false;
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    kiosk.close();
    await link.close();
    journal.close();
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
