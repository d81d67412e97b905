import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lockerCode } from '../../../firmware-bridge/reader/classify.js';
import { itemId, kioskId, type LockerNo, lockerNo, passId, patronId } from '../../../src/kernel/ids.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { epochMs } from '../../../src/kernel/time.js';
import {
  generateSigningKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../../src/passes/keys.js';
import { issuePass } from '../../../src/passes/pass.js';
import type { ScreenView } from '../../../src/screen/view.js';
import { freePort } from '../support/mosquitto.js';
import { startProgram } from '../support/program.js';
import { followScreen, type ScreenFollower } from '../support/screen-follower.js';
import { type Harness, openPorts, type Ports, within } from './harness.js';
import { WireBoard } from './wire-board.js';

const program = new URL('dist/src/main.js', packageRoot);
const kiosk = kioskId('bench-01');
const firstLocker = lockerNo(7);
const item = itemId('30106000000017');
const patron = patronId('a1a1a1a1a1a1a1a1');

/** The events of one scan and of bringing the book back: three for each. */
export const stepsPerScan = 6;
/** Events of the first stock, before any scan. */
export const stockedItems = 1;

/** The kiosk between the bench's ports, with one page looking at its screen. */
export interface KioskHarness extends Harness {
  readonly pid: number;
  readonly boardPath: string;
  readonly journalFile: string;
  kill(): Promise<void>;
}

/** How a kiosk differs from a new one on a day the network is down. */
export interface KioskHarnessOptions {
  readonly brokerUrl?: string;
  readonly key?: SigningKey;
  /** Where its journal says that the book is. */
  readonly locker?: LockerNo;
}

/** Starts `lening --config` on the bench's ports; usually no broker is there. */
export async function startKioskHarness(
  folder: string,
  options: KioskHarnessOptions = {},
): Promise<KioskHarness> {
  const ports = openPorts();
  const board = boardAt(ports);
  const { key = generateSigningKey(), brokerUrl = 'mqtt://127.0.0.1:9' } = options;
  const screenPort = await freePort();
  const config = join(folder, 'kiosk.yaml');
  writeFileSync(config, JSON.stringify(configOf(ports, screenPort, key, brokerUrl)));
  const child = startProgram(program, ['--config', config]);
  await Promise.all([child.says('board ready'), child.says('reader ready')]);
  const screen = await followScreen(`http://127.0.0.1:${screenPort}/`);
  const shows = showing(screen);
  const nextPulse = () =>
    new Promise<{ locker: number; atMs: number }>((resolve) => {
      board.onPulse = (locker, atMs) => resolve({ locker, atMs });
    });
  let locker = options.locker ?? firstLocker;
  let scans = 0;

  async function bringBack(): Promise<void> {
    const pulse = nextPulse();
    ports.present(item);
    locker = lockerNo((await within('the unlock for a checkin', pulse)).locker);
    await useDoor(board, locker, shows);
  }

  async function scan(gapMs: number): Promise<number> {
    scans += 1;
    const pass = passOf(scans, key);
    if (scans === 1) await screen.touch({ kind: 'choose-locker', locker });
    else ports.present(lockerCode(kiosk, locker));
    await shows('identifying');
    const pulse = nextPulse();
    await wait(gapMs);
    const presentedMs = ports.present(pass);
    const { atMs } = await within('the unlock for a checkout', pulse);
    await useDoor(board, locker, shows);
    await bringBack();
    return (atMs - presentedMs) * 1_000;
  }

  const close = async (signal: NodeJS.Signals) => {
    screen.stop();
    await child.end(signal);
    await ports.close();
  };
  return {
    pid: child.pid,
    boardPath: ports.board.path,
    journalFile: join(folder, 'data', 'journal.db'),
    scan,
    stop: () => close('SIGTERM'),
    kill: () => close('SIGKILL'),
  };
}

/** Opens and closes the door as soon as the screen asks for it. */
async function useDoor(board: WireBoard, locker: LockerNo, shows: ReturnType<typeof showing>): Promise<void> {
  await shows('opening');
  board.openDoor(locker);
  await shows('open');
  board.closeDoor(locker);
  await shows('farewell');
}

/** A board that answers at its end of the port. */
function boardAt(ports: Ports): WireBoard {
  const board = new WireBoard((bytes) => void ports.board.write(bytes));
  ports.onBoardBytes((bytes, atMs) => board.receive(bytes, atMs));
  return board;
}

/** Waits for a phase of the visit. */
function showing({ sees }: ScreenFollower) {
  return (phase: ScreenView['phase']) => sees(phase, (view) => view.phase === phase);
}

function configOf(ports: Ports, screenPort: number, key: SigningKey, brokerUrl: string): object {
  const verifying = verifyingKeyOf(key);
  return {
    kiosk,
    name: { zh: '测试书庭', en: 'Bench' },
    street: 'bench',
    dataFolder: 'data',
    cabinetFile: fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot)),
    boards: { main: { port: ports.board.path } },
    // Faster than anybody scans: what is measured is the path, not the limit before it.
    reader: { port: ports.reader.path, scansPerSecond: 1_000 },
    screen: { port: screenPort, wechatUrl: 'https://lening.example/k/' },
    link: { brokerUrl },
    passKeys: [verifyingKeyPem(verifying)],
    firstStock: [{ locker: firstLocker, item }],
  };
}

function passOf(scan: number, key: SigningKey): string {
  const nowMs = Date.now();
  const pass = passId(scan.toString(16).padStart(16, '0'));
  const [validFrom, validUntil] = [epochMs(nowMs - 60_000), epochMs(nowMs + 3_600_000)];
  return issuePass({ patron, pass, kind: 'resident', age: 'adult', validFrom, validUntil }, key);
}
