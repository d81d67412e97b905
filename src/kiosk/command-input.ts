import { randomBytes } from 'node:crypto';
import type { Input } from '../circulation/input.js';
import type { Command, CommandAnswer } from '../contract/command-messages.js';
import { limits } from '../kernel/limits.js';
import type { Clock, ElapsedMs, Moment } from '../kernel/time.js';

/** What commands pass between the link and the core. */
export interface CommandParts {
  readonly clock: Clock;
  submit(input: Input): void;
}

/** What a kiosk whose clock is in doubt asked the catalogue to seal. */
interface Challenge {
  readonly challenge: string;
  readonly madeAt: ElapsedMs;
}

/**
 * Makes the function that judges commands as the link receives them: hands them to the core and returns null, or returns the
 * refusal. With a clock that is right a command whose time is over,
 * or has not begun, is refused. With one in doubt nobody can tell how old a command is, so it is refused with a
 * challenge; sealed anew with that, it is surely young.
 */
export function createCommands({ clock, submit }: CommandParts): (command: Command) => CommandAnswer | null {
  let asked: Challenge | null = null;
  return ({ challenge, ...command }) => {
    const moment = clock.now();
    const isFresh = asked !== null && challenge === asked.challenge && isYoung(asked, moment);
    const reason = refusalOf(command, moment, isFresh);
    if (reason === null) {
      // A challenge proves the age of one command.
      if (isFresh) asked = null;
      submit({ kind: 'command-received', command });
      return null;
    }
    if (reason === 'clock-in-doubt' && !(asked && isYoung(asked, moment)))
      asked = { challenge: randomBytes(8).toString('hex'), madeAt: moment.elapsedMs };
    const wanted = reason === 'clock-in-doubt' && asked ? { challenge: asked.challenge } : {};
    return { command: command.command, answer: 'refused', reason, ...wanted };
  };
}

const isYoung = ({ madeAt }: Challenge, { elapsedMs }: Moment) =>
  elapsedMs - madeAt < limits.commandChallengeMs;

/** Why a command is not handed on; null where it is. Pure. */
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
