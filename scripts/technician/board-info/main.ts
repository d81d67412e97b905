/** `npm run board-info`: who is on the ports of a kiosk that is stopped. Nothing is changed on the boards. */
import { parseArgs } from 'node:util';
import { assert } from '../../../src/kernel/assert.js';
import { Fault } from '../../../src/kernel/faults.js';
import { cabinetOptions, readCabinetOptions } from '../support/cabinet-options.js';
import { explainFault } from '../support/explain.js';
import { type Survey, surveyBoard } from './survey.js';
import { surveyText } from './words.js';

const usage = `npm run board-info -- CABINET [--json]

 CABINET  --config FILE   as the kiosk 与书亭程序相同
      or  --cabinet FILE --port BOARD=/dev/… (each board)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...cabinetOptions, json: { type: 'boolean', default: false } } });
  const plugged = readCabinetOptions(values);
  if (plugged === null) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const { cabinet, ports } = plugged;
  const surveys = await Promise.all(
    cabinet.boards.map((description) => {
      const path = ports.get(description.board);
      assert(path !== undefined, 'every board has a port');
      return surveyBoard(description, path);
    }),
  );
  if (surveys.some(({ kind }) => kind === 'fault')) process.exitCode = 1;
  process.stdout.write(
    values.json ? `${JSON.stringify({ boards: surveys.map(plain) })}\n` : surveys.map(surveyText).join('\n'),
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

main().catch((error: unknown) => {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n\n${usage}`);
  else throw error;
  process.exitCode = 1;
});
