import QRCode from 'qrcode';
import t from 'tap';
import type { Damage } from '../../src/circulation/event.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import type { Outcome, PassHolder, State } from '../../src/circulation/state.js';
import { qrOf } from '../../src/display/qr.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs } from '../../src/kernel/time.js';
import { type ScreenView, viewOf } from '../../src/screen/view.js';
import { atDoor, bianCheng, contextAt, due, holder, quietState, start } from './fixture.js';

/** The buttons of each moment. */
const deadline = elapsedMs(150_000);
const [item, visit] = [bianCheng, visitNo(1)];
const lent: Outcome = { kind: 'lent', item, visit, dueAt: due, dueProvisional: false };
const returned = (damage: Damage | null): Outcome => ({
  kind: 'returned',
  item,
  visit,
  at: due,
  trust: 'trusted',
  damage,
});
const justLent: State['recentLoans'] = new Map([
  [lockerNo(1), { visit, item, patron: holder.patron, until: elapsedMs(120_000) }],
]);

function farewell(outcome: Outcome, who: PassHolder | null = null, locker = lockerNo(1)): State {
  return quietState({
    recentLoans: justLent,
    visit: { kind: 'farewell', outcome, locker, holder: who, deadline },
  });
}

const intentsOf = ({ choices }: ScreenView) =>
  choices.flatMap((group) => group.choices.map(({ intent }) => intent));
const offered = (state: State, ms = 0) =>
  intentsOf(viewOf(state, contextAt({ ...start, elapsedMs: elapsedMs(ms) })));

t.test('with her own book in hand she is asked: return or renew', async (t) => {
  const state = quietState({ visit: { kind: 'asking', holder, item, deadline } });
  t.same(offered(state), [{ kind: 'choose-return' }, { kind: 'choose-renewal', item }]);
  t.match(viewOf(state, contextAt()), { phase: 'asking', book: { name: '边城' }, mayCancel: true });
});

t.test('after a loan: another, where she may, and “I did not take it” while that counts', async (t) => {
  const notTaken = { kind: 'not-taken', locker: 1 };
  t.same(offered(farewell(lent, holder)), [{ kind: 'want-another' }, notTaken]);
  t.same(offered(farewell(lent)), [notTaken], 'a pass good for one loan');
  t.same(offered(farewell(lent), 120_000), []);
  t.same(offered(farewell({ ...lent, visit: visitNo(2) })), [], 'another loan than the one just made');
  t.same(offered(farewell({ kind: 'undone', item })), []);
});

t.test('after a renewal she may go on', async (t) => {
  const renewed: Outcome = { kind: 'renewed', item, dueAt: due, dueProvisional: false };
  t.same(offered(farewell(renewed, holder)), [{ kind: 'want-another' }]);
  t.match(viewOf(farewell(renewed, holder), contextAt()), { stamp: 'renewed', mood: 'glad' });
});

t.test('who brings a book may say once that it is damaged, at the open door or after', async (t) => {
  const kinds = ['wet', 'torn', 'missing-pages'].map((damage) => ({ kind: 'report-damage', damage }));
  t.same(offered(atDoor('open', 'checkin')), kinds);
  t.same(offered(atDoor('open', 'checkout')), []);
  t.same(offered(atDoor('opening', 'checkin')), []);
  t.same(offered(farewell(returned(null))), kinds);
  t.same(offered(farewell(returned('wet'))), []);
  const open = atDoor('open', 'checkin');
  const wet = { ...lockerOf(open.ledger, lockerNo(3)), damage: 'wet' as const };
  const lockers = new Map(open.ledger.lockers).set(lockerNo(3), wet);
  const said = { ...open, ledger: { ...open.ledger, lockers } };
  t.same(offered(said), []);
  t.match(viewOf(said, contextAt()).detail, { zh: /^谢谢您告诉我们/ });
});

t.test('each last word has its stamp, or none', async (t) => {
  const stamp = (outcome: Outcome) => viewOf(farewell(outcome), contextAt()).stamp;
  t.equal(stamp(lent), 'lent');
  t.equal(stamp(returned(null)), 'returned');
  t.equal(stamp({ kind: 'renewal-asked', item }), null);
  t.equal(stamp({ kind: 'undone', item }), null);
  t.equal(viewOf(quietState(), contextAt()).stamp, null);
});

t.test('a return has its receipt on the screen until the farewell is over', async (t) => {
  const asked: Outcome[] = [];
  const context = (ms: number) => ({
    ...contextAt({ ...start, elapsedMs: elapsedMs(ms) }),
    receiptOf: (outcome: Outcome) => {
      asked.push(outcome);
      return 'LNR1:0123456789';
    },
  });
  const { receipt } = viewOf(farewell(returned(null)), context(0));
  t.same(receipt, qrOf('LNR1:0123456789'));
  t.same(asked, [returned(null)]);
  t.equal(viewOf(farewell(returned(null)), context(deadline)).receipt, null);
  t.equal(viewOf(quietState(), context(0)).receipt, null);
  t.equal(viewOf(farewell(returned(null)), contextAt()).receipt, null, 'a kiosk without a key has none');
});

t.test('a code is drawn with each of its modules, and no other', async (t) => {
  const text = 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S';
  const { sizeModules, path } = qrOf(text);
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const drawn = new Uint8Array(size * size);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g)) {
    const from = Number(y) * size + Number(x);
    drawn.fill(1, from, from + Number(width));
  }
  t.equal(sizeModules, size);
  t.same([...drawn], [...data]);
});
