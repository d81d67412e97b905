/** `npm run board-info`: who is on the ports of a kiosk that is stopped. Nothing is changed on the boards. */
import { assert } from '../../../src/kernel/assert.js';
import type { Command } from '../../../src/terminal/command.js';
import { type CabinetOptions, readCabinetOptions, withCabinetOptions } from '../support/cabinet-options.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { type Survey, surveyBoard } from './survey.js';
import { surveyText } from './words.js';

/** The command line of `npm run board-info`. */
export function boardInfoCommand(): Command {
  const summary = '串口上是什么设备；书亭须先停下。Shows the boards of a stopped kiosk; changes nothing.';
  return withCabinetOptions(
    technicianCommand('board-info', summary, ['npm run board-info -- --config kiosk.yaml']),
  )
    .option('--json', 'JSON 格式 as JSON', false)
    .action(showBoards);
}

async function showBoards(options: CabinetOptions & { readonly json: boolean }): Promise<void> {
  const { cabinet, ports } = readCabinetOptions(options);
  const surveys = await Promise.all(
    cabinet.boards.map((description) => {
      const path = ports.get(description.board);
      assert(path !== undefined, 'every board has a port');
      return surveyBoard(description, path);
    }),
  );
  if (surveys.some(({ kind }) => kind === 'fault')) process.exitCode = 1;
  process.stdout.write(
    options.json ? `${JSON.stringify({ boards: surveys.map(plain) })}\n` : surveys.map(surveyText).join('\n'),
  );
}

/** A survey as JSON can say it. */
function plain(survey: Survey): object {
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

await runTechnicianTool(import.meta.url, boardInfoCommand);
