import { nextDeadline } from '../../../../src/circulation/deadlines.js';
import { limits } from '../../../../src/kernel/limits.js';
import type { CheckKind } from '../check-kind.js';

/** Deadlines one soon after another with nothing else in between: a visit has some ten. */
const soonMs = 1_000;
const mostInARow = 200;

/** Whatever is shown, somebody ends it: the core names a deadline, the shell waits for it, and it leads somewhere. */
export const nobodyWaitsForever: CheckKind = {
  name: 'nobody-waits-forever',
  promises: [7],
  create({ time, machine, actors }, fail) {
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
        const isFar = (visit.kind !== 'idle' || notice !== null) && deadline - time.nowMs > longestMs;
        if (isFar) fail(`${visit.kind} waits for ${deadline - time.nowMs} ms`);
        const { wakesAtMs } = machine.life;
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
  },
};
