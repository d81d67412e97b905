import t, { type Test } from 'tap';
import { decide, initialState } from '../../src/circulation/decide.js';
import { silentLog } from '../../src/kernel/log.js';
import { VirtualTime } from '../../src/kernel/virtual-time.js';
import { Kiosk } from '../../src/kiosk/kiosk.js';
import { createClock } from '../../src/machine/clock.js';
import { choose, door, doorsAll, pass, ready, settings, stocked, wang } from '../circulation/player.js';
import { openIn } from '../journal/support.js';
import { ManualMachine, momentAt } from '../support/clocks.js';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 23, 4);

/** A kiosk on a real journal and a machine whose clocks are moved by hand; `lastAt`: what its newest event says. */
function kioskOn(t: Test, machine: ManualMachine, lastAt?: number) {
  const journal = openIn(t, t.testdir());
  if (lastAt !== undefined) journal.append(momentAt(lastAt), stocked);
  const clock = createClock(() => journal.lastTrustedMs(), machine);
  if (lastAt === undefined) journal.append(clock.now(), stocked);
  const kiosk = new Kiosk(initialState(settings, journal.load()));
  kiosk.start({
    clock,
    log: silentLog,
    wait: new VirtualTime().wait,
    decide,
    append: (moment, events) => journal.append(moment, events),
    perform: () => undefined,
    onStep: () => undefined,
  });
  t.teardown(() => kiosk.close());
  kiosk.submit(ready(null, doorsAll('closed')));
  const play = (...inputs: Parameters<typeof kiosk.submit>[0][]) => {
    for (const input of inputs) {
      machine.pass(1_000.1);
      kiosk.submit(input);
    }
  };
  const last = () => journal.read(1, 100).at(-1);
  return { journal, kiosk, play, last };
}

const borrow = [pass(wang), choose(1), door(1, 'open'), door(1, 'closed')];

t.test('with a clock behind the journal and not yet synchronised the kiosk lends, in doubt', async (t) => {
  const machine = new ManualMachine(noon - 30 * minute);
  machine.synchronized = false;
  const { play, last, journal } = kioskOn(t, machine, noon);
  play(...borrow);
  t.match(last(), { trust: 'floor', event: { type: 'checkout-completed', door: 'closed' } });
  t.ok(Number(last()?.at) >= noon);
  t.equal(journal.failure(), null);
});

for (const year of [1970, 2036, 2046]) {
  t.test(`a new kiosk starts in ${year} and lends`, async (t) => {
    const { play, last } = kioskOn(t, new ManualMachine(Date.UTC(year, 0, 1) + 12_345));
    play(...borrow);
    t.match(last(), { event: { type: 'checkout-completed', door: 'closed' } });
  });
}

t.test('a clock set back by an hour while a door is open loses nothing', async (t) => {
  const machine = new ManualMachine(noon);
  const { play, last } = kioskOn(t, machine, noon - minute);
  play(...borrow.slice(0, 3));
  t.match(last(), { trust: 'trusted', event: { type: 'item-lent', dueProvisional: false } });
  machine.jump(-60 * minute);
  play(...borrow.slice(3));
  t.match(last(), { trust: 'floor', event: { type: 'checkout-completed', door: 'closed' } });
  t.ok(Number(last()?.at) > noon, 'time goes on');
});
