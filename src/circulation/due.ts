import type { ItemId } from '../kernel/ids.js';
import { days, type EpochMs, epochMs, type Moment } from '../kernel/time.js';
import type { Directory, Policy } from './directory.js';

/** China has kept one zone without summer time since 1991, so plain arithmetic is exact. */
const shanghaiOffsetMs = 8 * 3_600_000;

/** Closed days in a row that are passed over; a calendar that closes for longer is a mistake. */
const closedDaysMax = 31;

/** The last second, in Shanghai, of the day `loanDays` after the day of `lentAt`, or of the first open day after it. */
export function dueDateAfter(
  lentAt: EpochMs,
  loanDays: number,
  closedDays: ReadonlySet<string> = new Set(),
): EpochMs {
  const wanted = Math.floor((lentAt + shanghaiOffsetMs) / days(1)) + loanDays;
  let day = wanted;
  while (day - wanted < closedDaysMax && closedDays.has(dateOf(day))) day += 1;
  return epochMs((day + 1) * days(1) - shanghaiOffsetMs - 1_000);
}

/** A day since 1970 as it is written in `Policy.closedDays`. */
const dateOf = (day: number) => new Date(day * days(1)).toISOString().slice(0, 10);

/** When `item` is due if it is lent, or renewed, at `moment`. */
export function dueDateOf(
  { policy, directory }: { readonly policy: Policy; readonly directory: Directory },
  item: ItemId,
  { calendarMs }: Moment,
): EpochMs {
  const loanClass = directory.items?.get(item)?.loanClass ?? null;
  const ofClass = loanClass === null ? undefined : policy.loanDaysOfClass.get(loanClass);
  return dueDateAfter(calendarMs, ofClass ?? policy.loanDays, policy.closedDays);
}
