import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { reasonOf } from './reason.js';
import type { Session } from './session.js';
import { settingsOf } from './settings.js';
import { commandOf, type Message, type MessageOf, protocolVersion } from './wire.js';

/** What host and board agreed on. */
export interface Agreement {
  readonly welcome: MessageOf<'welcome'>;
  readonly doors: MessageOf<'doors'>;
}

/**
 * Opens a session, gives the board its settings and reads its doors back.
 * Rejects with `board.disagrees`, or `board.lost` when an answer is missing.
 */
export async function shakeHands(session: Session, description: MegaBoard): Promise<Agreement> {
  const welcome = await openSession(session);
  if (welcome.lockersMax < description.lockers.length) {
    throw new Fault('board.disagrees', `the board has room for ${welcome.lockersMax} lockers`);
  }
  const { settings, lockers, apply } = settingsOf(description);
  await settle(session, settings);
  for (const locker of lockers) await settle(session, locker);
  await settle(session, apply);
  return { welcome, doors: await readDoors(session, description) };
}

/** Says HELLO, which ends any earlier session, all locks off; the session begins with the board's WELCOME. */
export async function openSession(session: Session, waitMs?: number): Promise<MessageOf<'welcome'>> {
  const hostNonce = randomInt(1, 0x1_0000);
  const hello = { kind: 'hello', protocol: protocolVersion, hostNonce } as const;
  const { session: number, answer: welcome } = await session.answerTo(hello, 'welcome', waitMs);
  if (welcome.protocol !== protocolVersion) {
    const { protocol } = welcome;
    throw new Fault('board.disagrees', `the board speaks protocol ${protocol}, not ${protocolVersion}`);
  }
  if (welcome.hostNonce !== hostNonce || (number & 0xffff) !== hostNonce) {
    throw new Fault('board.disagrees', 'the board welcomed somebody else');
  }
  session.begin(number);
  return welcome;
}

async function settle(session: Session, message: Message): Promise<void> {
  const { answer } = await session.answerTo(message, 'answer');
  const { command, result, detail } = answer;
  if (command !== commandOf(message.kind)) {
    throw new Fault('board.disagrees', `the board answered command ${command} to a ${message.kind}`);
  }
  if (result !== 0) {
    throw new Fault('board.disagrees', `${message.kind}: ${reasonOf(result)}, detail ${detail}`);
  }
}

/** Waits until every switch is stable; one that keeps bouncing stays unknown. */
async function readDoors(session: Session, description: MegaBoard): Promise<MessageOf<'doors'>> {
  const all = 2 ** description.lockers.length - 1;
  const deadline = performance.now() + limits.doorsSettleMs;
  for (;;) {
    const { answer: doors } = await session.answerTo({ kind: 'queryDoors' }, 'doors');
    if ((doors.known & all) >>> 0 === all || performance.now() > deadline) return doors;
    await wait(description.debounceMs);
  }
}
