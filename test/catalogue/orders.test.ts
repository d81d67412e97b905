import t from 'tap';
import { commandId, lockerNo, staffId } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { type Clock, milliseconds } from '../../src/kernel/time.js';
import { connectMqtt } from '../../src/mqtt/connection.js';
import { generateSigningKey } from '../../src/passes/keys.js';
import { createSeals } from '../../src/passes/seal.js';
import { ready, show, strangeBook } from '../circulation/player.js';
import { book, kiosk, neighbour, startCatalogue, stocked, topics, wang } from '../support/catalogue.js';
import { momentAt } from '../support/clocks.js';
import { kioskKey, publicPem } from '../support/keys.js';
import { startKiosk } from '../support/street-kiosk.js';
import { until } from '../support/until.js';

const by = staffId('5555555555555555');
const withhold = (locker: number) => ({ kind: 'withhold', locker: lockerNo(locker), by }) as const;

t.test('an order is executed and answered, also by a kiosk that was offline when it was given', async (t) => {
  const street = await startCatalogue(t);
  const { catalogue } = street;
  const early = catalogue.order(kiosk, withhold(1));
  const over = catalogue.order(kiosk, withhold(2), milliseconds(1));
  const { kiosk: core } = startKiosk(t, street, kiosk, [stocked(1)]);
  await until(() => core.state.online, 'the kiosk to be there');
  const wrong = catalogue.order(kiosk, withhold(99));
  await until(() => !!catalogue.orderStatus(wrong)?.answer, 'an answer');
  t.match(catalogue.orderStatus(wrong), { answer: 'refused', reason: 'locker-unavailable' });
  await until(() => !!catalogue.orderStatus(early)?.answer, 'the earlier order to be sent again');
  t.match(catalogue.orderStatus(early), { kiosk, answer: 'done', reason: null });
  t.match(catalogue.orderStatus(over), { answer: null }, 'nobody is asked to do what is over');
  t.equal(catalogue.orderStatus(commandId('00000000000000c1')), null);
  t.equal(core.state.ledger.lockers.get(lockerNo(1))?.withheld, 'out-of-service');
});

t.test('the catalogue knows the door, the book and the end of a loan that it ordered', async (t) => {
  const street = await startCatalogue(t);
  const { catalogue } = street;
  const { kiosk: core, performed } = startKiosk(t, street, kiosk, [stocked(1)]);
  core.submit(ready());
  await until(() => core.state.online, 'the kiosk to be there');
  const id = catalogue.order(kiosk, { kind: 'lend', patron: wang, age: 'adult', item: book });
  await until(() => !!catalogue.orderStatus(id)?.locker, 'the door to be told');
  t.match(catalogue.orderStatus(id), { answer: 'accepted', locker: 1, item: book, dueAt: null });
  t.match(performed, [{ kind: 'answer' }, { kind: 'unlock', locker: 1 }]);
  core.submit({ kind: 'door', locker: lockerNo(1), door: 'open' });
  await until(() => catalogue.orderStatus(id)?.answer === 'done', 'the end');
  t.match(catalogue.orderStatus(id), { locker: 1, item: book, dueAt: Number });
  t.match(catalogue.loansOf(wang), [{ item: book }]);
});

t.test('a kiosk whose clock is in doubt accepts a command with its own challenge', async (t) => {
  const doubtful: Clock = { now: () => momentAt(1e12, 'floor', performance.now()) };
  const street = await startCatalogue(t);
  const { kiosk: core } = startKiosk(t, street, kiosk, [stocked(1)], doubtful);
  await until(() => core.state.online, 'the kiosk to be there');
  const id = street.catalogue.order(kiosk, withhold(1));
  await until(() => !!street.catalogue.orderStatus(id)?.answer, 'an answer');
  t.match(street.catalogue.orderStatus(id), { answer: 'done' });
});

t.test(
  'only the catalogue can order, and an order is invalid at another kiosk or after its time',
  async (t) => {
    const street = await startCatalogue(t);
    const { broker, catalogue } = street;
    const { kiosk: core, journal } = startKiosk(t, street, kiosk, [stocked(1)]);
    const received: Uint8Array[] = [];
    let isOnline = false;
    const stranger = connectMqtt({
      url: broker.url,
      clientId: 'stranger',
      subscribe: [topics.command, topics.command.replace(kiosk, neighbour)],
      log: silentLog,
      onOnline(online) {
        isOnline = online;
      },
      onMessage: (_topic, payload) => void received.push(Buffer.from(payload)),
    });
    t.teardown(() => stranger.close());
    await until(() => isOnline && core.state.online, 'all to be there');
    catalogue.order(neighbour, withhold(1));
    await until(() => received.length > 0, 'an order to somebody else');
    const [elsewhere = Buffer.alloc(0)] = received;
    const now = Date.now();
    const text = JSON.stringify({
      command: '00000000000000c1',
      issuedAt: now,
      expiresAt: now + 60_000,
      order: withhold(1),
    });
    const forger = createSeals(generateSigningKey, () => new Map());
    const itself = createSeals(
      () => kioskKey,
      () => new Map(),
    );
    for (const forged of [
      text,
      elsewhere,
      forger.seal(topics.command, text),
      itself.seal(topics.command, text),
    ])
      stranger.publish(topics.command, forged);
    const last = catalogue.order(kiosk, withhold(2));
    await until(() => catalogue.orderStatus(last)?.answer === 'done', 'a true order after them');
    const genuine = received.at(-1) ?? Buffer.alloc(0);
    // A broker that keeps an order and gives it out again later.
    stranger.publish(topics.command, genuine, { retain: true });
    stranger.publish(topics.command, genuine);
    const end = catalogue.order(kiosk, withhold(3));
    await until(() => catalogue.orderStatus(end)?.answer === 'done', 'another true order');
    const taken = journal.read(1, 100).filter(({ event }) => event.type === 'command-taken');
    t.equal(taken.length, 2, 'each true order once, and none of the others');
    t.equal(core.state.ledger.lockers.get(lockerNo(1))?.withheld, null);
  },
);

t.test('keys are replaced without a visit to the kiosk', async (t) => {
  const street = await startCatalogue(t);
  const { catalogue } = street;
  const first = startKiosk(t, street, kiosk, [stocked(1)]);
  await until(
    () => first.kiosk.state.online && first.documents.keyRing().size === 1,
    'the kiosk to be there',
  );
  const next = catalogue.announceKey();
  await until(() => first.documents.keyRing().size === 2, 'the next key to be told');
  catalogue.useKey(next);
  const id = catalogue.order(kiosk, withhold(1));
  await until(() => catalogue.orderStatus(id)?.answer === 'done', 'an order under the next key');
  await first.close();
  const away = catalogue.announceKey();
  catalogue.useKey(away);
  catalogue.retireKey(next);
  const again = startKiosk(t, street, kiosk);
  await until(() => again.kiosk.state.online, 'the kiosk that was away for the whole change', 30_000);
  const last = catalogue.order(kiosk, withhold(2));
  await until(() => catalogue.orderStatus(last)?.answer === 'done', 'an order under the last key');
  await until(again.all, 'its journal to be stored');
  t.throws(() => catalogue.retireKey(away), /in use/);
  t.throws(() => catalogue.useKey(next), /retired/);
});

t.test('messages of a kiosk that is not enrolled, or sealed with a replaced key, are dropped', async (t) => {
  const street = await startCatalogue(t);
  const { catalogue, kept } = street;
  const { kiosk: core, all } = startKiosk(t, street, kiosk, [stocked(1)]);
  await until(all, 'the journal to be stored');
  catalogue.enrol(kiosk, publicPem(generateSigningKey()));
  const before = kept.has('link.bad-message');
  core.submit(ready());
  core.submit(show(strangeBook));
  await until(() => kept.has('link.bad-message') > before, 'what it sends to be dropped', 12_000);
  t.equal(catalogue.eventsOf(kiosk).length, 1);
});
