import { type Directory, emptyDirectory, type Policy } from '../../../../src/circulation/directory.js';
import type { Event } from '../../../../src/circulation/event.js';
import { type Ledger, lockerOf } from '../../../../src/circulation/ledger.js';
import type { PatronId } from '../../../../src/kernel/ids.js';
import { limits } from '../../../../src/kernel/limits.js';
import type { Moment } from '../../../../src/kernel/time.js';
import { check } from '../check-kind.js';

type Checkout = Extract<Event, { type: 'checkout-intended' }>;

/** What allows a loan: what the catalogue published, and what was recorded before. */
interface Law {
  readonly directory: Directory;
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly moment: Moment;
  readonly isChild: (patron: PatronId) => boolean;
}

/** Why a loan must not begin; null when it may. */
function forbidden({ patron, item, pass, locker }: Checkout, law: Law): string | null {
  const { directory, policy, ledger, moment, isChild } = law;
  if (directory.blocked.has(patron)) return `${patron} is blocked`;
  if (pass !== undefined && directory.revoked.has(pass)) return `pass ${pass} is revoked`;
  if (directory.items && !directory.items.has(item)) return `${item} is not known to the catalogue`;
  if (directory.items?.get(item)?.adultsOnly && isChild(patron)) return `${item} is not for children`;
  const { damage, withheld } = lockerOf(ledger, locker);
  if (damage !== null) return `${item} is ${damage}`;
  if (withheld !== null) return `locker ${locker} is withheld`;
  const isOver = (until: number) => moment.trust === 'trusted' && moment.calendarMs >= until;
  const [first] = [...ledger.holds.values()].filter(
    (hold) => hold.item === item && hold.ended === null && !isOver(hold.until),
  );
  if (first && first.patron !== patron) return `${item} is kept for another`;
  const loans = [...ledger.loans.values()].filter((loan) => loan.patron === patron).length;
  return loans >= policy.loansPerPatron ? `${patron} has ${loans} books` : null;
}

/** Nothing is lent against what the street and its catalogue decided. */
export const noForbiddenLoan = check('no-forbidden-loan', [6], ({ actors }, fail) => {
  let directory = emptyDirectory;
  let { policy } = actors.settings;
  const child = actors.patrons.at(-1);
  return {
    began() {
      directory = emptyDirectory;
      ({ policy } = actors.settings);
    },
    decided({ before: { ledger }, input, moment, decision: { events } }) {
      if (input.kind === 'directory-updated') ({ directory } = input);
      if (input.kind === 'policy-updated') ({ policy } = input);
      const isLate = input.kind === 'door' || input.kind === 'board-ready';
      for (const event of events) {
        // Who opens a door late was allowed to when it was unlocked.
        if (event.type !== 'checkout-intended' || isLate) continue;
        const law = { directory, policy, ledger, moment, isChild: (patron: PatronId) => patron === child };
        const why = forbidden(event, law);
        if (why !== null) fail(`a loan begins though ${why}`);
      }
    },
  };
});

/** All doors are opened only for staff who asked for it and confirmed it twice, one after another. */
export const emergencyIsConfirmed = check('emergency-is-confirmed', [2], ({ actors }, fail) => {
  let confirmed = 0;
  let left = 0;
  return {
    began() {
      confirmed = 0;
      left = 0;
    },
    decided({ before: { visit }, input, decision: { events } }) {
      if (input.kind === 'staff-acted' && visit.kind === 'working') {
        if (input.act.do === 'open-all') confirmed = 1;
        else if (input.act.do === 'confirm' && confirmed > 0) confirmed += 1;
        else confirmed = 0;
        if (confirmed === 3) left = actors.lockers.length;
      }
      for (const event of events) {
        if (event.type !== 'access-intended' || event.task !== 'open-all') continue;
        // One late door may be opened once more.
        if (left <= 0) fail(`locker ${event.locker} is opened in an emergency that nobody confirmed`);
        left -= 1;
      }
    },
  };
});

/** A PIN is looked at only after it is on record that it was tried; after wrong ones nobody gets an answer before long. */
export const pinsAreCounted = check('pins-are-counted', [6], ({ time }, fail) => {
  const looks = new Map<PatronId, number>();
  const tries = new Map<PatronId, number>();
  const wrong = new Map<PatronId, { readonly times: number; readonly atMs: number }>();
  return {
    appended(events) {
      for (const event of events) {
        if (event.type === 'pin-tried') tries.set(event.patron, (tries.get(event.patron) ?? 0) + 1);
        if (event.type === 'pin-accepted') wrong.delete(event.patron);
      }
    },
    checkingPin({ patron }) {
      looks.set(patron, (looks.get(patron) ?? 0) + 1);
      if ((looks.get(patron) ?? 0) > (tries.get(patron) ?? 0))
        fail('a PIN is looked at and no try is on record');
      const { times = 0, atMs = 0 } = wrong.get(patron) ?? {};
      const over = times - limits.pinFreeAttempts;
      const waitMs = over < 0 ? 0 : Math.min(limits.pinWaitFirstMs * 2 ** over, limits.pinWaitMaxMs);
      // A machine’s elapsed time has fractions.
      if (time.nowMs - atMs < waitMs - 1) fail(`after ${times} wrong PINs the next is looked at too soon`);
    },
    decided({ before: { visit }, input }) {
      if (input.kind !== 'pin-checked' || input.isRight) return;
      // Who has gone meanwhile learns nothing.
      if (visit.kind !== 'pin' || !visit.isChecking || visit.patron !== input.patron) return;
      wrong.set(input.patron, { times: (wrong.get(input.patron)?.times ?? 0) + 1, atMs: time.nowMs });
    },
  };
});

/** A command is carried out once, in its time, and if it is sent again its result is sent again. */
export const commandsRunOnce = check('commands-run-once', [5], (_world, fail) => {
  const taken = new Map<string, string>();
  return {
    decided({ input, decision, moment }) {
      if (input.kind !== 'command-received') return;
      const { command, expiresAt } = input.command;
      const before = taken.get(command);
      if (before !== undefined && decision.events.length > 0) fail(`command ${command} is carried out again`);
      const isTaken = decision.events.some(({ type }) => type === 'command-taken');
      if (isTaken && expiresAt <= moment.calendarMs)
        fail(`command ${command} is taken when its time is over`);
      const [answer] = decision.effects.flatMap((effect) =>
        effect.kind === 'answer' ? [effect.answer] : [],
      );
      if (answer === undefined) fail(`command ${command} is not answered`);
      if (before !== undefined && answer !== before && before !== 'accepted')
        fail(`command ${command} was ${before}, and is said to be ${answer}`);
    },
    recorded(event) {
      if (event.type === 'command-taken' || event.type === 'command-settled')
        taken.set(event.command, event.answer);
    },
  };
});
