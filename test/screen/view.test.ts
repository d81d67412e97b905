import t from 'tap';
import type { Outcome, State } from '../../src/circulation/state.js';
import { itemId, lockerNo, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs } from '../../src/kernel/time.js';
import type { Shelf } from '../../src/screen/shelf-view.js';
import { viewOf } from '../../src/screen/view.js';
import { atDoor, bianCheng, boards, contextAt, due, holder, holding, quietState, start } from './fixture.js';

const deadline = elapsedMs(8_000);
const farewell = (outcome: Outcome): State =>
  quietState({ visit: { kind: 'farewell', outcome, locker: lockerNo(1), holder: null, deadline } });
const lent = farewell({
  kind: 'lent',
  item: bianCheng,
  visit: visitNo(1),
  dueAt: due,
  dueProvisional: false,
});
const at = (ms: number) => contextAt({ ...start, elapsedMs: elapsedMs(ms) });
const states = (state: State) => viewOf(state, contextAt()).shelves.map((shelf: Shelf) => shelf.state);

t.test('a quiet kiosk shows its books, its empty places, and waits for nobody', async (t) => {
  const view = viewOf(quietState(), contextAt());
  t.match(view, {
    phase: 'idle',
    mood: 'calm',
    secondsLeft: null,
    mayCancel: false,
    notice: null,
    due: null,
  });
  t.same(view.shelves[0], {
    locker: 1,
    name: '边城',
    author: '沈从文',
    state: 'available',
    mayChoose: true,
  });
  t.same(view.shelves[5], { locker: 6, name: null, author: null, state: 'empty', mayChoose: false });
});

t.test('with every book lent the screen says so', async (t) => {
  const view = viewOf(quietState({ ledger: { ...quietState().ledger, lockers: new Map() } }), contextAt());
  t.match(view.headline, { zh: /借出去/, en: /on loan/ });
});

t.test('a book nobody knows the title of can still be borrowed', async (t) => {
  const lockers = new Map([[lockerNo(4), holding(itemId('39999999999999'))]]);
  const view = viewOf(quietState({ ledger: { ...quietState().ledger, lockers } }), contextAt());
  t.match(view.shelves[3], { name: null, state: 'available' });
});

t.test('a door that is open or unknown is not offered', async (t) => {
  const doors = new Map(quietState().doors).set(lockerNo(1), 'open').set(lockerNo(2), 'unknown');
  t.same(states(quietState({ doors })).slice(0, 3), ['unavailable', 'unavailable', 'empty']);
});

t.test('a door somebody left open is asked to be shut, except the one in use', async (t) => {
  const doors = new Map(quietState().doors).set(lockerNo(1), 'open').set(lockerNo(5), 'open');
  t.match(viewOf(quietState({ doors }), contextAt()).notice, { zh: /^1、5 号门/ });
  t.match(viewOf({ ...atDoor('open', 'checkout'), doors }, contextAt()).notice, { zh: /^5 号门/ });
});

t.test('without board or journal nothing is promised', async (t) => {
  for (const broken of [{ boards: boards(false) }, { journalWritable: false }]) {
    const view = viewOf(quietState(broken), contextAt());
    t.match(view, { phase: 'out-of-service', mood: 'sorry', locker: null });
    t.ok(view.shelves.every((shelf) => shelf.state === 'unavailable'));
  }
});

t.test('the chosen book is marked while its pass is awaited, and may be given up', async (t) => {
  const state = quietState({ visit: { kind: 'identifying', locker: lockerNo(2), deadline } });
  t.match(viewOf(state, contextAt()), { phase: 'identifying', locker: 2, mayCancel: true, secondsLeft: 8 });
  t.same(states(state).slice(0, 3), ['available', 'chosen', 'empty']);
});

t.test('once a door is unlocked only the door can end the visit', async (t) => {
  for (const kind of ['opening', 'open'] as const) {
    for (const purpose of ['checkout', 'checkin'] as const) {
      const view = viewOf(atDoor(kind, purpose), contextAt());
      t.match(view, {
        phase: kind,
        mayCancel: false,
        book: { name: '边城' },
        locker: purpose === 'checkout' ? 1 : 3,
      });
    }
  }
});

t.test('the due day is shown as soon as the door has opened, and never for a return', async (t) => {
  const dueOf = (kind: 'opening' | 'open', purpose: 'checkout' | 'checkin') =>
    viewOf(atDoor(kind, purpose), contextAt()).due;
  t.equal(dueOf('opening', 'checkout'), null);
  t.match(dueOf('open', 'checkout'), { zh: '8月14日星期五', en: 'Friday 14 August' });
  t.equal(dueOf('open', 'checkin'), null);
});

t.test('an old loan of a book that came back another way is not taken for the new one', async (t) => {
  const state = atDoor('opening', 'checkout');
  const { loans } = atDoor('open', 'checkout').ledger;
  t.equal(viewOf({ ...state, ledger: { ...state.ledger, loans } }, contextAt()).due, null);
});

t.test('last words stay until their deadline and not a moment longer', async (t) => {
  t.match(viewOf(lent, at(7_999)), {
    phase: 'farewell',
    mood: 'glad',
    due: { zh: '8月14日星期五' },
    mayCancel: true,
  });
  const over = viewOf(lent, at(8_000));
  t.match(over, { phase: 'idle', due: null, book: null });
  t.notMatch(JSON.stringify([over.headline, over.detail, over.notice]), /边城|8月/);
});

t.test('an end without a loan is told as such', async (t) => {
  const view = viewOf(farewell({ kind: 'never-opened', purpose: 'checkout' }), contextAt());
  t.match(view, { phase: 'farewell', mood: 'sorry', book: null, due: null });
});

t.test('a refusal is shown until its deadline', async (t) => {
  const state = quietState({ notice: { refusal: 'pass-expired', deadline } });
  t.match(viewOf(state, at(7_999)).notice, { zh: /过期/, en: /expired/ });
  t.equal(viewOf(state, at(8_000)).notice, null);
});

t.test('being offline is a mark, not a refusal', async (t) => {
  t.match(viewOf(quietState(), contextAt(start, false)), { online: false, phase: 'idle' });
});

t.test('seconds are rounded up and never negative', async (t) => {
  const state = quietState({ visit: { kind: 'choosing', holder, deadline } });
  t.equal(viewOf(state, at(7_001)).secondsLeft, 1);
  t.equal(viewOf(state, at(9_000)).secondsLeft, 0);
});

t.test('no view carries who the resident is', async (t) => {
  const choosing = quietState({ visit: { kind: 'choosing', holder, deadline } });
  for (const state of [choosing, atDoor('opening', 'checkout'), atDoor('open', 'checkout'), lent]) {
    const text = JSON.stringify(viewOf(state, contextAt()));
    t.notOk(text.includes(holder.patron) || text.includes(String(holder.pass)));
  }
});

t.test('the time left at an unlocked door counts all tries to open it', async (t) => {
  const state = atDoor('opening', 'checkout');
  const { visit } = state;
  t.equal(visit.kind, 'opening');
  t.equal(viewOf(state, contextAt()).secondsLeft, 25, 'this try, and two more of 5 s');
});

t.test('a door that is only waited for after an interruption says nothing of tries', async (t) => {
  const state = atDoor('opening', 'checkout');
  const { visit } = state;
  t.equal(visit.kind, 'opening');
  const takenUp = viewOf({ ...state, visit: { ...visit, attempt: 0 } } as State, contextAt());
  t.match(takenUp, { secondsLeft: 15, mayReportStuck: false, headline: { zh: /^请打开/ } });
});

t.test('at an unlocked door, and only there, one may say that it does not open', async (t) => {
  t.equal(viewOf(atDoor('opening', 'checkin'), contextAt()).mayReportStuck, true);
  t.equal(viewOf(atDoor('open', 'checkin'), contextAt()).mayReportStuck, false);
  t.equal(viewOf(quietState(), contextAt()).mayReportStuck, false);
});

t.test('a door that stays open is asked to be shut in other words, to be said anew each time', async (t) => {
  const state = atDoor('open', 'checkout');
  const reminded = (reminders: number) =>
    state.visit.kind === 'open' ? { ...state, visit: { ...state.visit, reminders } } : state;
  t.match(viewOf(reminded(0), contextAt()), { reminders: 0, headline: { zh: /^请取书/ } });
  t.match(viewOf(reminded(2), contextAt()), { reminders: 2, headline: { zh: /^请把.*关好$/ } });
});

t.test('the keypad is there for a PIN, locked while one is checked, and nowhere else', async (t) => {
  const { patron, age } = holder;
  const pad = (isChecking: boolean) =>
    viewOf(
      quietState({ visit: { kind: 'pin', patron, age, locker: null, isChecking, deadline } }),
      contextAt(),
    );
  t.match(pad(false), { phase: 'pin', pad: 'open', mayCancel: true });
  t.match(pad(true), { phase: 'pin', pad: 'locked' });
  t.notOk(JSON.stringify(pad(true)).includes(patron));
  t.equal(viewOf(quietState(), contextAt()).pad, null);
});

t.test('a full cabinet says so before anybody tries, and where to go', async (t) => {
  const neighbours = [{ zh: '愚园路书亭', en: 'the Yuyuan Road kiosk' }];
  const open = new Map(quietState().doors);
  for (const locker of [3, 4, 5, 6].map(lockerNo)) open.set(locker, 'open');
  const detail = (state: State) => viewOf(state, { ...contextAt(), neighbours }).detail.zh;
  t.match(detail(quietState({ doors: open })), /放满了.*愚园路书亭/);
  t.notMatch(detail(quietState()), /放满了/);
  const notice = { refusal: 'cabinet-full' as const, deadline };
  t.match(viewOf(quietState({ notice }), { ...contextAt(), neighbours }).notice, { zh: /愚园路书亭/ });
});
