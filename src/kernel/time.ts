import { AssertionError } from './assert.js';

/**
 * Two kinds of time that must never be mixed: elapsed time measures waits and never jumps;
 * calendar time gives the date, may be wrong, and therefore always carries its trust.
 * Each is checked where it is made. A value from outside is refused by its schema before; one that fails here is a bug.
 */
declare const brand: unique symbol;

/** A length of time in whole milliseconds, not negative; made only by the factories below. */
export type Duration = number & { readonly [brand]: 'Duration' };
/** Milliseconds since an arbitrary fixed moment (process start); monotonic, has fractions, meaningless elsewhere. */
export type ElapsedMs = number & { readonly [brand]: 'ElapsedMs' };
/** Whole milliseconds since 1970-01-01T00:00Z, up to the last date that JavaScript has. */
export type EpochMs = number & { readonly [brand]: 'EpochMs' };

/** Whether calendar time may be believed: `floor` means the clock is behind the last time we trusted. */
export type ClockTrust = 'trusted' | 'floor';

/** When something happened: `elapsedMs` to measure waits with, `calendarMs` to write down. */
export interface Moment {
  readonly elapsedMs: ElapsedMs;
  readonly calendarMs: EpochMs;
  readonly trust: ClockTrust;
}

/** The last moment of a `Date` (ECMA-262, 21.4.1.1). */
const lastDateMs = 8_640_000_000_000_000;

/** Whether `n` is a calendar time; for the schemas of what comes from outside. */
export const isEpochMs = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= lastDateMs;

/** A duration of `n` ms, which must be whole and not negative. */
export function milliseconds(n: number): Duration {
  if (!Number.isSafeInteger(n) || n < 0) throw new AssertionError(`a duration is whole milliseconds: ${n}`);
  return n as Duration;
}
export const seconds = (n: number) => milliseconds(n * 1_000);
export const minutes = (n: number) => milliseconds(n * 60_000);
export const days = (n: number) => milliseconds(n * 86_400_000);

/** A moment `n` ms after some start; any finite number. */
export function elapsedMs(n: number): ElapsedMs {
  if (!Number.isFinite(n)) throw new AssertionError(`elapsed time is a number: ${n}`);
  return n as ElapsedMs;
}

/** The calendar time `n` ms after 1970, which must be whole. */
export function epochMs(n: number): EpochMs {
  if (!isEpochMs(n)) throw new AssertionError(`calendar time is whole milliseconds from 1970 on: ${n}`);
  return n as EpochMs;
}

/** The moment `wait` after `start`, on the same clock. */
export const after = <T extends ElapsedMs | EpochMs>(start: T, wait: Duration): T => (start + wait) as T;

/** Where time comes from; injected, so that tests and simulations can own it. */
export interface Clock {
  now(): Moment;
}
