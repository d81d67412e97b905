import type { MegaBoard } from '../../hardware/cabinet.js';
import { Fault } from '../../src/kernel/faults.js';
import type { LockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import type { Log } from '../../src/kernel/log.js';
import type { Cancel, Timers } from '../../src/kernel/wait.js';
import type { Host } from '../port/index.js';
import { BoardDevice } from './device.js';
import { chattersIn, doorStateIn } from './door.js';
import type { DoorState, ItemState } from './driver/locker-board.js';
import { openSession, readDoors } from './handshake.js';
import { itemStateIn } from './item.js';
import { megaBaudRate } from './mega-board.js';
import { Session } from './session.js';
import { settingsOf } from './settings.js';
import type { Frame, MessageOf } from './wire.js';

/** What a Mega with our firmware says of itself. */
export interface MegaInspection {
  /** Name and version, e.g. `lening 2.0`. */
  readonly firmware: string;
  readonly welcome: MessageOf<'welcome'>;
  readonly status: MessageOf<'status'>;
  /** Whether it keeps the settings that follow from the description, others, or none. */
  readonly settings: 'equal' | 'different' | 'none';
  /** Of each locker of the description; all unknown unless its settings are equal. */
  readonly lockers: ReadonlyMap<
    LockerNo,
    { readonly door: DoorState; readonly item: ItemState; readonly chatters: boolean }
  >;
}

export interface InspectOptions {
  readonly description: MegaBoard;
  readonly path: string;
  readonly log: Log;
  /** The computer that the port belongs to. */
  readonly host: Host;
}

/**
 * Asks the Mega behind a port about itself, and changes nothing on it, except that a session ends with all locks off.
 * Rejects with the fault that would keep the board out of service: `port.busy`, `board.foreign` and the like.
 */
export async function inspectMega({ description, path, log, host }: InspectOptions): Promise<MegaInspection> {
  const port = await host.openPort(path, { baudRate: megaBaudRate });
  const device = new BoardDevice(port, log, host.timers.wait);
  let cancel: Cancel | undefined;
  const trouble = new Promise<never>((_, reject) => {
    cancel = host.timers.wait(limits.boardReadyMs, () => reject(device.identificationFault()));
    port.onClose((fault) => reject(fault ?? new Fault('port.lost', `${path} was closed`)));
  });
  try {
    return await Promise.race([ask(device, description, host.timers), trouble]);
  } finally {
    cancel?.();
    device.release();
    // From here on its end is no trouble.
    trouble.catch(() => undefined);
    await port.close();
  }
}

async function ask(device: BoardDevice, description: MegaBoard, timers: Timers): Promise<MegaInspection> {
  let items: MessageOf<'items'> = { kind: 'items', known: 0, present: 0 };
  const session = new Session(
    (frame) => device.send(frame),
    ({ message }: Frame) => {
      if (message.kind === 'items') items = message;
    },
    timers.wait,
  );
  await device.identify((frame) => session.receive(frame));
  const welcome = await openSession(session);
  const settings = compare(welcome.settingsCrc, settingsOf(description).apply.settingsCrc);
  const itemsKnown = () =>
    description.lockers.every(
      ({ itemPin }, at) => itemPin === undefined || itemStateIn(items, at + 1) !== 'unknown',
    );
  const doors = settings === 'equal' ? await readDoors(session, description, itemsKnown, timers) : null;
  const { answer: status } = await session.answerTo({ kind: 'heartbeat' }, 'status');
  const lockers = description.lockers.map(({ locker }, at) => {
    const wireNo = at + 1;
    if (!doors) return [locker, { door: 'unknown', item: 'unknown', chatters: false }] as const;
    const [door, item] = [doorStateIn(doors, wireNo), itemStateIn(items, wireNo)];
    return [locker, { door, item, chatters: chattersIn(doors, wireNo) }] as const;
  });
  const firmware = `${device.firmwareName} ${welcome.major}.${welcome.minor}`;
  return { firmware, welcome, status, settings, lockers: new Map(lockers) };
}

function compare(has: number, wanted: number): MegaInspection['settings'] {
  if (has === wanted) return 'equal';
  return has === 0 ? 'none' : 'different';
}
