import { type Cabinet, lockersOf } from '../../../hardware/cabinet.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { LockerNo } from '../../../src/kernel/ids.js';

/**
 * The lockers a technician means by `3`, `1-8` and `all`, each once, in the order named.
 * Throws `config.invalid` for a word that is none of these and for a locker the cabinet does not have.
 */
export function lockersMeant(words: readonly string[], cabinet: Cabinet): readonly LockerNo[] {
  const known = lockersOf(cabinet);
  const meant = words.flatMap((word) => {
    if (word === 'all') return [...known].sort((a, b) => a - b);
    return rangeOf(word).map((number) => {
      const locker = known.find((each) => each === number);
      if (locker === undefined) {
        throw new Fault('config.invalid', `${word}: the cabinet has the lockers 1 to ${known.length}`);
      }
      return locker;
    });
  });
  return [...new Set(meant)];
}

function rangeOf(word: string): number[] {
  const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(word) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last)) throw new Fault('config.invalid', `${word}: not a locker, a range like 1-8, or all`);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
