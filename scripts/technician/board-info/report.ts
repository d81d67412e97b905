import type { Host } from '../../../firmware-bridge/port/index.js';
import { assert } from '../../../src/kernel/assert.js';
import type { PluggedCabinet } from '../support/cabinet-options.js';
import { type Survey, surveyBoard } from './survey.js';
import { surveyText } from './words.js';

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
