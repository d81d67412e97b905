import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPty } from '../../../../firmware-bridge/emulator/pty.js';
import type { MegaBoard } from '../../../../hardware/cabinet.js';
import type { RecordedEvent } from '../../../../src/circulation/event.js';
import { ledgerRules } from '../../../../src/circulation/ledger-rules.js';
import { openJournal } from '../../../../src/journal/open.js';
import { itemId, kioskId } from '../../../../src/kernel/ids.js';
import {
  generateSigningKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../../../src/passes/keys.js';
import { createRandom } from '../../support/random.js';
import { touchScreen } from '../../support/screen-follower.js';
import { sleep, within } from '../../support/wait.js';
import { DoorUsers } from './door-users.js';
import { injectFaults, type Stage } from './faults.js';
import { KioskUnderTest } from './kiosk-under-test.js';
import { type Observation, ObservationLog } from './observation.js';
import { lendsAgain, Residents } from './residents.js';

import { TorturedBoard } from './tortured-board.js';

const kiosk = kioskId('torture-01');
/** Short, so that what nobody does comes to its end while it is watched; three tries with the coil's rest between them. */
const waits = { visitIdleMs: 3_000, doorOpenMs: 6_900, doorCloseMs: 3_000, farewellMs: 1_000 };
const startWaitMs = 30_000;
/** A kiosk that ended by itself is started again, as its supervisor does. */
const restartMs = 300;
const progressMs = 10_000;
/** Events are read from the journal so many at a time. */
const pageEvents = 500;

export interface SessionOptions {
  readonly number: number;
  readonly seed: number;
  /** Empty; for journal and ports. */
  readonly folder: string;
  readonly firmwareHex: string;
  readonly cabinetFile: string;
  readonly wiring: MegaBoard;
  readonly eeprom: Uint8Array;
  /** How long faults are injected; the quiet phase is added. */
  readonly faultsMs: number;
  /** Called every ten seconds with the progress. */
  onProgress(words: string): void;
}

/** What was seen and recorded in one session. */
export interface Session {
  readonly observations: readonly Observation[];
  readonly events: readonly RecordedEvent[];
  readonly endBoardMs: number;
  readonly endMs: number;
  /** Once the faults were over, a loan worked again. */
  readonly lentAgain: boolean;
  /** Last words of kiosks that ended by themselves. */
  readonly ends: readonly string[];
}

/** A new kiosk on a full cabinet: faults and residents, then a quiet phase in which everything has to work again. */
export async function runSession(options: SessionOptions): Promise<Session> {
  const log = new ObservationLog();
  const stock = options.wiring.lockers
    .filter((_, index) => index % 4 !== 3)
    .map(({ locker }) => ({ locker, item: itemOf(locker) }));
  mkdirSync(options.folder);
  const path = join(options.folder, 'board');
  const board = new TorturedBoard({ ...options, placements: stock, path, log });
  const reader = openPty();
  reader.stream.resume();
  const key = generateSigningKey();
  const configFile = writeConfig(options, { board: path, reader: reader.path, key, stock });
  const ends: string[] = [];
  let over = false;
  const underTest = new KioskUnderTest(configFile, log, (words) => {
    ends.push(words);
    setTimeout(() => over || underTest.start(), restartMs);
  });
  const present = (code: string) => void reader.write(Buffer.from(`${code}\r`, 'latin1'));
  const stopWatching = watchStalls(log);
  const progress = setInterval(() => options.onProgress(wordsOn(log.observations)), progressMs);
  try {
    const stage = { board, kiosk: underTest, log };
    const lentAgain = await play(options, stage, key, present);
    const endMs = Date.now();
    const endBoardMs = board.machine.elapsedMs;
    await underTest.stop();
    const observations = log.inOrder();
    return { observations, events: eventsIn(options.folder), endBoardMs, endMs, lentAgain, ends };
  } finally {
    over = true;
    clearInterval(progress);
    stopWatching();
    await underTest.kill();
    await Promise.all([board.close(), reader.close()]);
  }
}

/** Residents and faults until the time is over, then quiet; whether the kiosk lent again. */
async function play(
  { seed, number, faultsMs }: SessionOptions,
  stage: Stage,
  key: SigningKey,
  present: (code: string) => void,
): Promise<boolean> {
  const { board, log } = stage;
  board.start();
  stage.kiosk.start();
  await within(startWaitMs, () => log.observations.some(({ kind }) => kind === 'ready'));
  const randomOf = (lane: string) => createRandom(seed, `chapter ${number} ${lane}`);
  const over = AbortSignal.timeout(faultsMs);
  const doorUsers = new DoorUsers(board, randomOf('hands'), over, () => sayStuck(stage.kiosk));
  const residents = new Residents({ kiosk, key, board, doorUsers, random: randomOf('residents'), present });
  await Promise.all([
    residents.live(over),
    injectFaults(stage, faultsMs, randomOf, over),
    sleep(faultsMs, over),
  ]);
  await doorUsers.rest();
  return lendsAgain({ ...stage, residents });
}

interface Installation {
  readonly board: string;
  readonly reader: string;
  readonly key: SigningKey;
  readonly stock: readonly { readonly locker: number; readonly item: string }[];
}

/** Writes the kiosk's configuration; returns its file. No broker is there, as on a day the network is down. */
function writeConfig(
  { folder, cabinetFile, wiring }: SessionOptions,
  { board, reader, key, stock }: Installation,
): string {
  const file = join(folder, 'kiosk.yaml');
  const config = {
    ...{ kiosk, name: { zh: '测试书庭', en: 'Torture' }, street: 'torture', dataFolder: 'data' },
    cabinetFile,
    boards: { [wiring.board]: { port: board } },
    reader: { port: reader },
    screen: { port: 0, wechatUrl: 'https://lening.example/k/' },
    link: { brokerUrl: 'mqtt://127.0.0.1:9' },
    passKeys: [verifyingKeyPem(verifyingKeyOf(key))],
    policy: { loansPerPatron: 1_000 },
    waits,
    firstStock: stock,
    log: { level: 'debug' },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Taps on the screen, if there is one just now. */
function sayStuck({ screenUrl, running }: KioskUnderTest): void {
  if (screenUrl === null || !running) return;
  // A kiosk that is being killed does not answer.
  touchScreen(screenUrl, { kind: 'door-stuck' }).catch(() => undefined);
}

/** How many pulses, faults and recoveries so far. */
function wordsOn(observations: readonly Observation[]): string {
  const count = (isIt: (each: Observation) => boolean) => observations.filter(isIt).length;
  const pulses = count((each) => each.kind === 'relay' && each.on);
  const faults = count((each) => each.kind === 'fault' && each.phase === 'begins');
  return `${pulses} pulses, ${faults} faults, board ready ${count(({ kind }) => kind === 'ready')} times`;
}

/** A library number with its check digit: products of the digits at odd places count as their digits' sum. */
function itemOf(locker: number): string {
  const body = `3010600${String(locker).padStart(6, '0')}`;
  const sum = [...body].reduce((total, digit, place) => {
    const product = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return itemId(`${body}${(10 - (sum % 10)) % 10}`);
}

function eventsIn(folder: string): RecordedEvent[] {
  const journal = openJournal({ file: join(folder, 'data', 'journal.db'), ...ledgerRules });
  const events: RecordedEvent[] = [];
  for (
    let page = journal.read(1, pageEvents);
    page.length > 0;
    page = journal.read(events.length + 1, pageEvents)
  ) {
    events.push(...page);
  }
  journal.close();
  return events;
}

const stallAskedMs = 20;
const stallMs = 60;

/** When this process did not run for a while, nobody could see anything, and the board stood still. */
function watchStalls(log: ObservationLog): () => void {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const ms = nowMs - lastMs;
    lastMs = nowMs;
    if (ms > stallMs) log.add({ kind: 'pause', ms, whose: 'torture' });
  }, stallAskedMs);
  return () => clearInterval(timer);
}
