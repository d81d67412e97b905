import {
  type BoardEvent,
  createLockerBoard,
  inspectMega,
  type Readiness,
} from '../../../firmware-bridge/board/index.js';
import type { Host } from '../../../firmware-bridge/port/index.js';
import type { BoardDescription } from '../../../hardware/cabinet.js';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { silentLog } from '../../../src/kernel/log.js';
import type { Cancel } from '../../../src/kernel/wait.js';
import type { PluggedCabinet } from '../support/cabinet-options.js';
import { type Survey, surveyText } from './words.js';

const nothing = () => undefined;

/** Asks who is on the port of one board; a Kerong board is only asked for its status. No lock is moved. */
async function surveyBoard(description: BoardDescription, path: string, host: Host): Promise<Survey> {
  const { board, kind } = description;
  try {
    if (kind === 'kerong') {
      return { board, path, kind, readiness: await readinessOf(description, path, host) };
    }
    return { board, path, kind, inspection: await inspectMega({ description, path, log: silentLog, host }) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { board, path, kind: 'fault', fault: error };
  }
}

/** Brings a board up once, to learn what it says then. */
async function readinessOf(description: BoardDescription, path: string, host: Host): Promise<Readiness> {
  let cancel: Cancel | undefined;
  let hear: (event: BoardEvent) => void = nothing;
  const board = createLockerBoard({
    description,
    path,
    host,
    log: silentLog,
    onEvent: (event) => hear(event),
  });
  try {
    return await new Promise((resolve, reject) => {
      const silent = new Fault('board.silent', `${path} is open but nothing there answers`);
      cancel = host.timers.wait(limits.boardReadyMs, () => reject(silent));
      hear = (event) => {
        if (event.kind === 'ready') resolve(event);
        if (event.kind === 'lost') reject(event.fault);
      };
      board.start();
    });
  } finally {
    cancel?.();
    await board.close();
  }
}

/**
 * Asks who is on each port of a cabinet; a Kerong board is only asked for its status. No lock is moved.
 * `text` is for people, or one line of JSON; `hasFault`: at least one board was not found.
 */
export async function surveyCabinet(
  { cabinet, ports }: Pick<PluggedCabinet, 'cabinet' | 'ports'>,
  asJson: boolean,
  host: Host,
): Promise<{ readonly text: string; readonly hasFault: boolean }> {
  const surveys = await Promise.all(
    cabinet.boards.map((description) => {
      const path = ports.get(description.board);
      assert(path !== undefined, 'every board has a port');
      return surveyBoard(description, path, host);
    }),
  );
  const hasFault = surveys.some(({ kind }) => kind === 'fault');
  const text = asJson
    ? `${JSON.stringify({ boards: surveys.map(surveyJson) })}\n`
    : surveys.map(surveyText).join('\n');
  return { text, hasFault };
}

/** A survey as JSON can say it. */
function surveyJson(survey: Survey): object {
  const { board, path, kind } = survey;
  if (kind === 'fault')
    return { board, path, fault: { code: survey.fault.code, message: survey.fault.message } };
  if (kind === 'kerong') {
    const { firmware, doors } = survey.readiness;
    return { board, path, kind, firmware, doors: Object.fromEntries(doors) };
  }
  const { firmware, welcome, settings, lockers } = survey.inspection;
  const { kind: _, ...status } = survey.inspection.status;
  const { protocol, settingsCrc } = welcome;
  return {
    board,
    path,
    kind,
    firmware,
    protocol,
    settings,
    settingsCrc,
    status,
    lockers: Object.fromEntries(lockers),
  };
}
