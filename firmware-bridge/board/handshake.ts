import { randomInt } from 'node:crypto';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { type Timers, waited } from '../../src/kernel/wait.js';
import type { Session } from './session.js';
import { type BoardSettings, settingsOf } from './settings.js';
import { commandOf, type Message, type MessageOf, protocolVersion, reasonOf } from './wire.js';

/** The checksum that a board without settings reports. */
const noSettings = 0;

/** The board's answers at the end of a handshake: its welcome, doors and status. */
export interface HandshakeResult {
  readonly welcome: MessageOf<'welcome'>;
  readonly doors: MessageOf<'doors'>;
  readonly status: MessageOf<'status'>;
}

/**
 * Opens a session, sends the settings where the board does not have them, and reads doors, items and locks.
 * `itemsKnown`: whether the ITEMS received so far cover all item sensors. Rejects with `board.disagrees`, or with
 * `board.lost` when an answer is missing.
 */
export async function performHandshake(
  session: Session,
  description: MegaBoard,
  itemsKnown: () => boolean,
  timers: Timers,
): Promise<HandshakeResult> {
  const welcome = await applySettings(session, description);
  const doors = await readDoors(session, description, itemsKnown, timers);
  const { answer: status } = await session.answerTo({ kind: 'heartbeat' }, 'status');
  if (status.bootId !== welcome.bootId) throw new Fault('board.lost', 'the board booted anew meanwhile');
  if (status.locksOn > 0) {
    throw new Fault(
      'board.disagrees',
      `${status.locksOn} of its locks are on though all were told to be off`,
    );
  }
  return { welcome, doors, status };
}

/** Sends the settings unless the board has kept them, then checks what the board reports. */
async function applySettings(session: Session, description: MegaBoard): Promise<MessageOf<'welcome'>> {
  const wanted = settingsOf(description);
  const { settingsCrc } = wanted.apply;
  const found = await openSession(session);
  if (found.lockersMax < description.lockers.length) {
    throw new Fault('board.disagrees', `the board has room for ${found.lockersMax} lockers`);
  }
  if (found.settingsCrc === settingsCrc && settingsCrc !== noSettings) return found;
  await configure(session, wanted);
  const welcome = await openSession(session);
  if (welcome.settingsCrc !== settingsCrc) {
    const [has, told] = [welcome.settingsCrc, settingsCrc].map((crc) => crc.toString(16).padStart(4, '0'));
    throw new Fault('board.disagrees', `the board took its settings (${told}) but has others (${has})`);
  }
  return welcome;
}

async function configure(session: Session, { settings, lockers, apply }: BoardSettings): Promise<void> {
  await requestAccepted(session, settings);
  for (const locker of lockers) await requestAccepted(session, locker);
  await requestAccepted(session, apply);
}

/** Sends HELLO, which ends any earlier session with all locks off; the session begins with the board's WELCOME. */
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

async function requestAccepted(session: Session, message: Message): Promise<void> {
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
export async function readDoors(
  session: Session,
  { lockers, debounceMs }: MegaBoard,
  itemsKnown: () => boolean,
  timers: Timers,
): Promise<MessageOf<'doors'>> {
  const all = 2 ** lockers.length - 1;
  const deadline = timers.nowMs + limits.doorsSettleMs;
  for (;;) {
    const { answer: doors } = await session.answerTo({ kind: 'queryDoors' }, 'doors');
    const doorsKnown = ((doors.known | doors.chattering) & all) >>> 0 === all;
    if ((doorsKnown && itemsKnown()) || timers.nowMs > deadline) return doors;
    await waited(timers.wait, debounceMs);
  }
}
