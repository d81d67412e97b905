/**
 * Two kinds of time that must never be mixed: elapsed time measures waits and never jumps;
 * calendar time says which day it is, may be wrong, and therefore always carries its trust.
 */
declare const brand: unique symbol;

/** A length of time in milliseconds; made only by the factories below. */
export type Duration = number & { readonly [brand]: 'Duration' };
/** Milliseconds since an arbitrary fixed moment (process start); monotonic, meaningless elsewhere. */
export type ElapsedMs = number & { readonly [brand]: 'ElapsedMs' };
/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = number & { readonly [brand]: 'EpochMs' };

/** Whether calendar time may be believed: `floor` means the clock is behind the last time we trusted. */
export type ClockTrust = 'trusted' | 'floor';

/** When something happened: `elapsedMs` to measure waits with, `calendarMs` to write down. */
export interface Moment {
  readonly elapsedMs: ElapsedMs;
  readonly calendarMs: EpochMs;
  readonly trust: ClockTrust;
}

export const milliseconds = (n: number) => n as Duration;
export const seconds = (n: number) => (n * 1_000) as Duration;
export const minutes = (n: number) => (n * 60_000) as Duration;
export const days = (n: number) => (n * 86_400_000) as Duration;

export const elapsedMs = (n: number) => n as ElapsedMs;
export const epochMs = (n: number) => n as EpochMs;
/** The moment `wait` after `start`, on the same clock. */
export const after = <T extends ElapsedMs | EpochMs>(start: T, wait: Duration): T => (start + wait) as T;

/** Where time comes from; injected, so that tests and simulations can own it. */
export interface Clock {
  now(): Moment;
}
