import { unlockStrengths } from '../../../../src/circulation/unlock.js';
import type { LockerNo, VisitNo } from '../../../../src/kernel/ids.js';
import { partOf } from '../book-keeping.js';
import type { CheckKind } from '../check-kind.js';

/** Every release of a lock was ordered by an intent that was durable before and has no outcome yet. */
export const noPulseWithoutIntent: CheckKind = {
  name: 'no-pulse-without-intent',
  promises: [1],
  create(_world, fail) {
    /** Durable intents without an outcome, with how often their locks were released. */
    const open = new Map<VisitNo, { readonly locker: LockerNo; pulses: number }>();
    return {
      appended(events) {
        for (const event of events) {
          if (!('visit' in event) || !('locker' in event)) continue;
          const part = partOf(event);
          if (part === 'begin') open.set(event.visit, { locker: event.locker, pulses: 0 });
          // An opened door needs no lock released.
          else if (part !== null) open.delete(event.visit);
        }
      },
      unlocking({ visit, locker }) {
        const intent = open.get(visit);
        if (intent?.locker !== locker)
          return fail(`locker ${locker} is released for visit ${visit}, which is not intended`);
        intent.pulses += 1;
        if (intent.pulses > unlockStrengths.length)
          fail(`visit ${visit} releases its lock ${intent.pulses} times`);
      },
    };
  },
};

/** A visit begins once and ends once; in the end each that began has ended. */
export const oneOutcomePerIntent: CheckKind = {
  name: 'one-outcome-per-intent',
  promises: [1, 7],
  create(_world, fail) {
    const began = new Set<VisitNo>();
    const open = new Set<VisitNo>();
    return {
      appended(events) {
        for (const event of events) {
          if (!('visit' in event)) continue;
          const part = partOf(event);
          if (part === null) continue;
          if (part === 'begin') {
            if (began.has(event.visit)) fail(`visit ${event.visit} begins twice`);
            began.add(event.visit);
            open.add(event.visit);
          } else if (!open.has(event.visit))
            fail(`${event.type} of visit ${event.visit}, which is not under way`);
          if (part === 'end') open.delete(event.visit);
        }
      },
      atRest() {
        for (const visit of open) fail(`visit ${visit} has no outcome`);
      },
    };
  },
};
