import t from 'tap';
import { defaultPolicy, emptyDirectory } from '../../src/circulation/directory.js';
import { dueDateAfter } from '../../src/circulation/due.js';
import type { Input } from '../../src/circulation/input.js';
import { epochMs } from '../../src/kernel/time.js';
import { book, choose, door, li, pass, player, show, strangeBook, wang } from './player.js';

const online: Input = { kind: 'online-changed', online: true };
const renew = (item = book): Input => ({ kind: 'renewal-chosen', item });
const borrowed = () =>
  player()
    .play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'), { kind: 'cancelled' })
    .wait(5 * day);
const day = 86_400_000;
const refusal = ({ state }: ReturnType<typeof player>) => state.notice?.refusal;

t.test('a loan is renewed from the day it is asked for, once', async (t) => {
  const kiosk = borrowed().wait(5 * day);
  const before = kiosk.state.ledger.loans.get(book)?.dueAt ?? 0;
  kiosk.play(online, pass(wang), renew());
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'renewed', dueAt: before + 10 * day } });
  t.equal(refusal(kiosk.play(pass(wang), renew())), 'renewal-limit');
});

t.test('scanning the book with her pass shown asks, and renews', async (t) => {
  const kiosk = borrowed().play(online, pass(wang), show(book));
  t.match(kiosk.state.visit, { kind: 'asking', item: book });
  t.match(kiosk.play(renew()).state.visit, { outcome: { kind: 'renewed' } });
});

t.test('a renewal that would win no day is not used up', async (t) => {
  const policy = { ...defaultPolicy, loanDays: 1 };
  const kiosk = borrowed().play(online, { kind: 'policy-updated', policy }, pass(wang), renew());
  t.equal(refusal(kiosk), 'renewal-early');
  t.equal(kiosk.state.ledger.loans.get(book)?.renewals, 0);
});

t.test('without a certain clock none is too early, and its date is for the catalogue to fix', async (t) => {
  const kiosk = player({ trust: 'floor' }).play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'));
  const before = kiosk.state.ledger.loans.get(book)?.dueAt;
  kiosk.play(online, pass(wang), renew());
  t.match(kiosk.events.at(-1), { type: 'item-renewed', dueAt: before, dueProvisional: true });
});

t.test('one that was asked for never takes time away', async (t) => {
  const policy = { ...defaultPolicy, loanDays: 1 };
  const kiosk = borrowed();
  const before = kiosk.state.ledger.loans.get(book)?.dueAt ?? 0;
  kiosk.play(pass(wang), renew(), { kind: 'policy-updated', policy }, online);
  t.equal(kiosk.state.ledger.loans.get(book)?.dueAt, before);
});

t.test('offline it is asked for, once, and granted when the catalogue can be asked again', async (t) => {
  const kiosk = borrowed().play(pass(wang), renew(), pass(wang), renew());
  t.match(kiosk.state.visit, { outcome: { kind: 'renewal-asked' } });
  t.equal(kiosk.eventTypes().filter((type) => type === 'renewal-asked').length, 1);
  t.match(kiosk.state.ledger.loans.get(book), { renewals: 0, renewalAsked: true });
  kiosk.play(online);
  t.match(kiosk.events.at(-1), { type: 'item-renewed', item: book });
  t.match(kiosk.state.ledger.loans.get(book), { renewals: 1, renewalAsked: false });
});

t.test('who is blocked while she chooses renews nothing', async (t) => {
  const directory = { ...emptyDirectory, blocked: new Set([wang.patron]) };
  const kiosk = borrowed().play(online, pass(wang), { kind: 'directory-updated', directory }, renew());
  t.match(kiosk.state, { visit: { kind: 'idle' }, notice: { refusal: 'patron-blocked' } });
});

t.test('an item that is wanted elsewhere is not renewed, at once or later', async (t) => {
  const wanted: Input = {
    kind: 'directory-updated',
    directory: { ...emptyDirectory, wanted: new Set([book]) },
  };
  t.equal(refusal(borrowed().play(wanted, online, pass(wang), renew())), 'renewal-wanted');
  const later = borrowed().play(pass(wang), renew(), wanted, online);
  t.match(later.events.at(-1), { type: 'renewal-refused', reason: 'renewal-wanted' });
  t.match(later.state.ledger.loans.get(book), { renewals: 0, renewalAsked: false });
});

t.test(
  'a patron cannot renew another’s book; the renewal of a book from another kiosk is requested',
  async (t) => {
    t.equal(refusal(borrowed().play(online, pass(li), renew())), 'not-your-loan');
    const kiosk = borrowed().play(online, pass(li), renew(strangeBook));
    t.match(kiosk.events.at(-1), { type: 'renewal-asked', item: strangeBook, patron: li.patron });
  },
);

t.test('a loan that came back elsewhere is over here, and no later loan of the same book', async (t) => {
  const [visit] = [...borrowed().state.ledger.loans.values()].map((loan) => loan.visit);
  const update: Input = { kind: 'returns-updated', returns: new Map([[book, visit ?? (0 as never)]]) };
  const kiosk = borrowed().play(update);
  t.equal(kiosk.state.ledger.loans.size, 0);
  kiosk.play(show(book), door(1, 'open'), door(1, 'closed'), pass(li), choose(1), door(1, 'open'));
  kiosk.play(update);
  t.equal(kiosk.state.ledger.loans.get(book)?.patron, li.patron, 'an old list closes no new loan');
});

t.test(
  'the due day is the last second of a day in Shanghai, not a closed one, by the class of the title',
  async (t) => {
    const lentAt = epochMs(Date.UTC(2026, 8, 3, 15, 59));
    const due = (lent: number, days: number, closed: string[] = []) =>
      new Date(dueDateAfter(epochMs(lent), days, new Set(closed)) + 8 * 3_600_000).toISOString().slice(0, 19);
    t.equal(due(lentAt, 28), '2026-10-01T23:59:59');
    t.equal(due(lentAt + 60_000, 28), '2026-10-02T23:59:59', 'after midnight in Shanghai');
    t.equal(due(lentAt, 28, ['2026-10-01', '2026-10-02', '2026-10-03']), '2026-10-04T23:59:59');
    const policy = { ...defaultPolicy, loanDaysOfClass: new Map([['short', 7]]) };
    const items = new Map([[book, { loanClass: 'short', adultsOnly: false }]]);
    const kiosk = player().play({ kind: 'policy-updated', policy });
    kiosk.play({ kind: 'directory-updated', directory: { ...emptyDirectory, items } });
    kiosk.play(pass(wang), choose(1), door(1, 'open'));
    t.equal(kiosk.state.ledger.loans.get(book)?.dueAt, dueDateAfter(epochMs(Date.UTC(2026, 10, 23, 6)), 7));
  },
);

t.test('a calendar that is closed for ever does not keep anybody waiting', async (t) => {
  const closed = new Set([...Array(400).keys()].map((n) => new Date(n * day).toISOString().slice(0, 10)));
  t.ok(Number.isFinite(dueDateAfter(epochMs(0), 1, closed)));
});
