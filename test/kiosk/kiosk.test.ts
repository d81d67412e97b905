import t, { type Test } from 'tap';
import { initialState } from '../../src/circulation/decide.js';
import { defaultPolicy } from '../../src/circulation/directory.js';
import type { Event } from '../../src/circulation/event.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import type { State } from '../../src/circulation/state.js';
import { Fault } from '../../src/kernel/faults.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { milliseconds } from '../../src/kernel/time.js';
import { Kiosk, type KioskParts } from '../../src/kiosk/kiosk.js';
import { choose, door, doorsAll, pass, ready, settings, stocked, wang } from '../circulation/player.js';
import { trustedClock } from '../support/clocks.js';
import { silentLog } from '../support/silent-log.js';

const nothing = () => undefined;

function kioskWith(t: Test, parts: Partial<KioskParts>, doorOpenMs = 10_000) {
  const waits = {
    visitIdle: milliseconds(60_000),
    doorOpen: milliseconds(doorOpenMs),
    doorClose: milliseconds(60_000),
    doorRemind: milliseconds(20_000),
    farewell: milliseconds(8_000),
  };
  const { boards } = settings;
  const initial = initialState(
    { boards, policy: defaultPolicy, waits },
    stocked.reduce(applyEvent, emptyLedger),
  );
  const kiosk = new Kiosk(initial, {
    clock: trustedClock,
    log: silentLog,
    append: nothing,
    perform: nothing,
    onStep: nothing,
    ...parts,
  });
  t.teardown(() => kiosk.close());
  kiosk.submit(ready(null, doorsAll('closed')));
  return kiosk;
}

t.test('events are durable before the lock moves', async (t) => {
  const order: string[] = [];
  const kiosk = kioskWith(t, {
    append: (_moment, events) => void order.push(...events.map((event) => event.type)),
    perform: (effect) => void order.push(effect.kind),
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  t.strictSame(order, ['checkout-intended', 'unlock']);
});

t.test('what the journal cannot keep does not happen, and nothing more is promised', async (t) => {
  const unlocked: unknown[] = [];
  const kiosk = kioskWith(t, {
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

t.test('a door seen open stays seen open, also when that cannot be recorded', async (t) => {
  let isFull = false;
  const kiosk = kioskWith(t, {
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

t.test('an effect that reports back at once is heard after its own step', async (t) => {
  const steps: string[] = [];
  const kiosk = kioskWith(t, {
    perform: (effect) => effect.kind === 'unlock' && kiosk.submit({ ...effect, kind: 'lock-refused' }),
    onStep: (state: State) => void steps.push(state.visit.kind),
  });
  kiosk.submit(pass(wang));
  kiosk.submit(choose(1));
  t.strictSame(steps.slice(-3), ['choosing', 'opening', 'farewell']);
});

t.test('a bug in a part is not taken for a full disk', async (t) => {
  const kiosk = kioskWith(t, {
    append() {
      throw new RangeError('a bug');
    },
  });
  kiosk.submit(pass(wang));
  t.throws(() => kiosk.submit(choose(1)), RangeError);
});

t.test('deadlines come by themselves', async (t) => {
  const events: Event[] = [];
  const ended = new Promise<void>((resolve) => {
    const kiosk = kioskWith(
      t,
      {
        append(_moment, fresh) {
          events.push(...fresh);
          if (events.at(-1)?.type === 'checkout-cancelled') resolve();
        },
      },
      20,
    );
    kiosk.submit(pass(wang));
    kiosk.submit(choose(1));
  });
  await ended;
  t.match(events.at(-1), { type: 'checkout-cancelled', visit: visitNo(1), locker: lockerNo(1) });
});
