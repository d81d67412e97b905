import { randomBytes } from 'node:crypto';
import type { Input } from '../circulation/input.js';
import type { Command, CommandAnswer } from '../contract/command-messages.js';
import { limits } from '../kernel/limits.js';
import type { Clock, ElapsedMs, Moment } from '../kernel/time.js';

/** What the command handler needs. */
export interface CommandParts {
  readonly clock: Clock;
  submit(input: Input): void;
}

/** A random value that the catalogue has to seal together with its command, to prove that the command is recent. */
interface Challenge {
  readonly value: string;
  readonly createdAt: ElapsedMs;
}

/**
 * Makes the handler of received commands: it submits a command to the core and returns null, or returns the refusal. With
 * a trusted clock it refuses commands that are expired or issued in the future. With a clock in doubt the age of a
 * command is unknown: it is refused with a challenge, and accepted when it comes sealed with that challenge.
 */
export function createCommandHandler({
  clock,
  submit,
}: CommandParts): (command: Command) => CommandAnswer | null {
  let pending: Challenge | null = null;
  return ({ challenge, ...command }) => {
    const moment = clock.now();
    const isFresh = pending !== null && challenge === pending.value && isCurrent(pending, moment);
    const reason = refusalOf(command, moment, isFresh);
    if (reason === null) {
      // A challenge proves the age of one command.
      if (isFresh) pending = null;
      submit({ kind: 'command-received', command });
      return null;
    }
    const refusal = { command: command.command, answer: 'refused', reason } as const;
    if (reason !== 'clock-in-doubt') return refusal;
    if (!pending || !isCurrent(pending, moment))
      pending = { value: randomBytes(8).toString('hex'), createdAt: moment.elapsedMs };
    return { ...refusal, challenge: pending.value };
  };
}

const isCurrent = ({ createdAt }: Challenge, { elapsedMs }: Moment) =>
  elapsedMs - createdAt < limits.commandChallengeMs;

/** Why a command is refused; null where it is accepted. Pure. */
function refusalOf(
  { issuedAt, expiresAt }: Pick<Command, 'issuedAt' | 'expiresAt'>,
  { calendarMs, trust }: Moment,
  isFresh: boolean,
): string | null {
  if (expiresAt - issuedAt > limits.commandLifeMs) return 'command-too-long';
  if (expiresAt <= calendarMs) return 'command-expired';
  if (trust !== 'trusted') return isFresh ? null : 'clock-in-doubt';
  return issuedAt > calendarMs + limits.commandSkewMs ? 'command-early' : null;
}
