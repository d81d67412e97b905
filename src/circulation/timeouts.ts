import { type Duration, seconds } from '../kernel/time.js';

/** How long a kiosk waits for residents and doors. */
export interface Timeouts {
  /** For a resident to choose or to scan, before the visit ends. */
  readonly visitIdle: Duration;
  /** For an unlocked door to open, before the visit is cancelled. */
  readonly doorOpen: Duration;
  /** For an open door to shut, before the visit ends and the screen asks for the door to be shut. */
  readonly doorClose: Duration;
  /** How long a door may stand open before the resident is asked to shut it, and asked again. */
  readonly doorRemind: Duration;
  /** How long the last words (due date, refusal) stay on the screen. */
  readonly farewell: Duration;
}

/** The timeouts of a kiosk whose configuration names no others. */
export const defaultTimeouts: Timeouts = {
  visitIdle: seconds(60),
  doorOpen: seconds(15),
  doorClose: seconds(120),
  doorRemind: seconds(20),
  farewell: seconds(8),
};
