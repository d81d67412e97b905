import type { Directory } from '../../../../src/circulation/directory.js';
import { limits } from '../../../../src/kernel/limits.js';
import type { EpochMs } from '../../../../src/kernel/time.js';
import { check } from '../check-kind.js';

/** How far a clock that is right may be from the truth here: seconds are cut off a pass’s times. */
const toleranceMs = 1_000;

/** With whatever clock: no pass is refused before its time is over, no date is claimed that is not certain. */
export const nothingExpiresWrongly = check('nothing-expires-wrongly', [6, 10], ({ wall, actors }, fail) => {
  let trustedMs = 0;
  let { policy } = actors.settings;
  let facts: Directory['items'] = null;
  return {
    began() {
      ({ policy } = actors.settings);
      facts = null;
    },
    decided({ input }) {
      if (input.kind === 'policy-updated') ({ policy } = input);
      if (input.kind === 'directory-updated') facts = input.directory.items;
    },
    scanned({ claims: { validFrom, validUntil }, isForged, isElsewhere }, input, { trust }) {
      const now = wall.trueMs;
      if (input.kind === 'scan-refused') {
        if (input.refusal === 'pass-expired' && now + toleranceMs < validUntil)
          fail('a good pass is taken for expired');
        if (input.refusal === 'pass-not-yet-valid' && now > validFrom)
          fail('a good pass is taken for a future one');
        if (input.refusal === 'pass-forged' && !isForged) fail('a good pass is taken for forged');
        if (input.refusal === 'pass-elsewhere' && !isElsewhere)
          fail('a good pass is taken for one of another kiosk');
        return;
      }
      if (isElsewhere) fail('a pass for another kiosk is accepted');
      if (isForged) fail('a forged pass is accepted');
      if (trust !== 'trusted') return;
      if (now > validUntil + toleranceMs) fail('an expired pass is accepted, and the time is known');
      if (now < validFrom - limits.passClockSkewMs - toleranceMs)
        fail('a future pass is accepted, and the time is known');
    },
    appended(events, { calendarMs, trust }) {
      if (calendarMs > wall.trueMs + toleranceMs) fail('the journal is ahead of the time');
      if (calendarMs < trustedMs) fail('the journal is behind a time that was certain');
      if (trust === 'trusted') {
        trustedMs = calendarMs;
        if (Math.abs(calendarMs - wall.trueMs) > toleranceMs) fail('a wrong time is trusted');
      }
      for (const event of events) {
        if (event.type !== 'item-lent' && event.type !== 'item-renewed') continue;
        if (event.dueProvisional !== (trust !== 'trusted')) fail('it is wrong whether a due date is certain');
        const loanClass = facts?.get(event.item)?.loanClass ?? null;
        const ofClass = loanClass === null ? undefined : policy.loanDaysOfClass.get(loanClass);
        const dueAt = endOfDay(calendarMs, ofClass ?? policy.loanDays);
        // A renewal takes no time away.
        const isLonger = event.type === 'item-renewed' && event.dueAt > dueAt;
        if (event.dueAt !== dueAt && !isLonger) fail(`due at ${event.dueAt} instead of ${dueAt}`);
      }
    },
  };
});

const shanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** The last second of the day `days` after `at` in Shanghai, by the time-zone database. */
function endOfDay(at: EpochMs, days: number): number {
  return Date.parse(`${shanghai.format(at)}T23:59:59+08:00`) + days * 86_400_000;
}
