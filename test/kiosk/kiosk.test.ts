import t from 'tap';
import { decide, initialState } from '../../src/circulation/decide.js';
import type { Event } from '../../src/circulation/event.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import type { State } from '../../src/circulation/state.js';
import { Fault } from '../../src/kernel/faults.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { VirtualTime } from '../../src/kernel/virtual-time.js';
import { Kiosk, type KioskParts } from '../../src/kiosk/kiosk.js';
import { choose, door, doorsAll, pass, ready, settings, stocked, wang } from '../circulation/player.js';
import { momentAt } from '../support/clocks.js';

const nothing = () => undefined;

function kioskWith(parts: Partial<KioskParts>, time = new VirtualTime()) {
  const kiosk = new Kiosk(initialState(settings, stocked.reduce(applyEvent, emptyLedger)));
  kiosk.submit(ready(null, doorsAll('closed')));
  kiosk.start({
    clock: { now: () => momentAt(1.8e12, 'trusted', time.nowMs) },
    log: silentLog,
    wait: time.wait,
    decide,
    append: nothing,
    perform: nothing,
    onStep: nothing,
    ...parts,
  });
  return kiosk;
}

t.test('inputs wait for the start, in their order', async (t) => {
  const steps: string[] = [];
  const kiosk = kioskWith({ onStep: (state) => void steps.push(state.visit.kind) });
  kiosk.submit(pass(wang));
  t.strictSame(steps, ['idle', 'choosing']);
  kiosk.close();
  kiosk.submit(choose(1));
  t.equal(steps.length, 2, 'and nothing is decided after the end');
});

t.test('events are durable before the lock moves', async (t) => {
  const order: string[] = [];
  const kiosk = kioskWith({
    append: (_moment, events) => void order.push(...events.map((event) => event.type)),
    perform: (effect) => void order.push(effect.kind),
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  t.strictSame(order, ['checkout-intended', 'unlock']);
});

t.test('a decision that cannot be written has no effect, and the kiosk is out of service', async (t) => {
  const unlocked: unknown[] = [];
  const kiosk = kioskWith({
    append() {
      throw new Fault('journal.write', 'no space');
    },
    perform: (effect) => void unlocked.push(effect),
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  t.strictSame(unlocked, []);
  t.equal(kiosk.state.journalWritable, false);
  t.equal(kiosk.state.ledger.nextVisit, 1, 'the decision was not kept');
  kiosk.submit(choose(1));
  t.equal(kiosk.state.notice?.refusal, 'out-of-service');
});

t.test('a door report is kept, also when its event cannot be written', async (t) => {
  let isFull = false;
  const kiosk = kioskWith({
    append() {
      if (isFull) throw new Fault('journal.write', 'no space');
    },
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  isFull = true;
  kiosk.submit(door(1, 'open'));
  t.equal(kiosk.state.doors.get(lockerNo(1)), 'open');
  t.equal(kiosk.state.ledger.loans.size, 0, 'but nothing is claimed that is not on record');
});

t.test('an input that an effect submits at once is decided after that step', async (t) => {
  const steps: string[] = [];
  const kiosk = kioskWith({
    perform: (effect) => effect.kind === 'unlock' && kiosk.submit({ ...effect, kind: 'lock-refused' }),
    onStep: (state: State) => void steps.push(state.visit.kind),
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  t.strictSame(steps.slice(-3), ['choosing', 'opening', 'farewell']);
});

t.test('an unexpected error of a part is not treated as a write failure', async (t) => {
  const kiosk = kioskWith({
    append() {
      throw new RangeError('a bug');
    },
  });
  kiosk.submit(pass(wang));
  t.throws(() => kiosk.submit(choose(1)), RangeError);
});

t.test('deadlines become inputs by themselves', async (t) => {
  const events: Event[] = [];
  const time = new VirtualTime();
  const kiosk = kioskWith({ append: (_moment, fresh) => void events.push(...fresh) }, time);
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  const { doorOpen, farewell } = settings.waits;
  time.pass(doorOpen - 1);
  t.equal(kiosk.state.visit.kind, 'opening');
  time.pass(1);
  t.match(events.at(-1), { type: 'checkout-cancelled', visit: visitNo(1), locker: lockerNo(1) });
  time.pass(farewell);
  t.equal(kiosk.state.visit.kind, 'idle');
  kiosk.close();
  t.equal(time.pending, 0, 'nothing is waited for after the end');
});
