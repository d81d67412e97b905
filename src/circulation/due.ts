import { days, type EpochMs, epochMs } from '../kernel/time.js';

/** China has kept one zone without summer time since 1991, so plain arithmetic is exact. */
const shanghaiOffsetMs = 8 * 3_600_000;

/** The last second, in Shanghai, of the day `loanDays` after the day of `lentAt`. */
export function dueAt(lentAt: EpochMs, loanDays: number): EpochMs {
  const day = Math.floor((lentAt + shanghaiOffsetMs) / days(1));
  return epochMs((day + loanDays + 1) * days(1) - shanghaiOffsetMs - 1_000);
}
