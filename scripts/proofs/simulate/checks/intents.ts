import { nextDeadline } from '../../../../src/circulation/deadlines.js';
import { unlockStrengths } from '../../../../src/circulation/unlock.js';
import type { LockerNo, VisitNo } from '../../../../src/kernel/ids.js';
import { limits } from '../../../../src/kernel/limits.js';
import { partOf } from '../book-keeping.js';
import { check } from '../check-kind.js';

/** Every release of a lock was ordered by an intent that was durable before and has no outcome yet. */
export const noPulseWithoutIntent = check('no-pulse-without-intent', [1], (_world, fail) => {
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
});

/** A visit begins once and ends once; in the end each that began has ended. */
export const oneOutcomePerIntent = check('one-outcome-per-intent', [1, 7], (_world, fail) => {
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
});

/** Deadlines one soon after another with nothing else in between: a visit has some ten. */
const soonMs = 1_000;
const mostInARow = 200;
/** A machine’s elapsed time is up to so much ahead of the simulation’s: it has fractions. */
const fractionMs = 1;

/** Whatever is shown, somebody ends it: the core names a deadline, the shell waits for it, and it leads somewhere. */
export const nobodyWaitsForever = check('nobody-waits-forever', [7], ({ time, machine, actors }, fail) => {
  const { visitIdle, doorOpen, doorClose, farewell } = actors.settings.waits;
  const longestMs = Math.max(visitIdle, doorOpen, doorClose, limits.staffIdleMs);
  // Staff may leave in the midst of a count; each door of it is then waited for.
  const doorsMs = (doorOpen + doorClose) * actors.lockers.length;
  const visitMs = doorsMs + visitIdle + 2 * farewell + limits.staffIdleMs;
  let heardMs = 0;
  let lastMs = 0;
  let inARow = 0;
  return {
    decided({ input }) {
      const isSoon = input.kind === 'time-passed' && time.nowMs - lastMs < soonMs;
      inARow = isSoon ? inARow + 1 : 0;
      lastMs = time.nowMs;
      if (input.kind !== 'time-passed') heardMs = time.nowMs;
      if (inARow > mostInARow) fail('one deadline follows another and nothing comes of it');
    },
    stepped(state) {
      const { visit, notice } = state;
      const deadline = nextDeadline(state);
      if (deadline === null) {
        if (visit.kind !== 'idle' || notice !== null) fail(`${visit.kind} has no deadline`);
        return;
      }
      const isFar =
        (visit.kind !== 'idle' || notice !== null) && deadline - time.nowMs > longestMs + fractionMs;
      if (isFar) fail(`${visit.kind} waits for ${deadline - time.nowMs} ms`);
      const { wakesAtMs } = machine.program;
      if (wakesAtMs === null || wakesAtMs > Math.max(deadline, time.nowMs) + 1)
        fail(`the deadline of ${visit.kind} is not waited for`);
      if (visit.kind !== 'idle' && time.nowMs - heardMs > visitMs)
        fail(`${visit.kind} goes on and nobody is there`);
    },
    atRest() {
      if (machine.state.visit.kind !== 'idle') fail(`${machine.state.visit.kind} at rest`);
      if (machine.state.notice !== null) fail('a notice is still shown at rest');
    },
  };
});
