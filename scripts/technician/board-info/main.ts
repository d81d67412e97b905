/** `npm run board-info`: who is on the ports of a kiosk that is stopped. Nothing is changed on the boards. */
import { thisHost } from '../../../firmware-bridge/port/index.js';
import type { Command } from '../../../src/terminal/command.js';
import { type CabinetOptions, readCabinetOptions, withCabinetOptions } from '../support/cabinet-options.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { surveyCabinet } from './survey.js';

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
  const { text, hasFault } = await surveyCabinet(readCabinetOptions(options), options.json, thisHost);
  if (hasFault) process.exitCode = 1;
  process.stdout.write(text);
}

await runTechnicianTool(import.meta.url, boardInfoCommand);
