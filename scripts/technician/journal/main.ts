/** `npm run journal`: looks after the journal of a kiosk that is stopped. */
import { type Command, numberFrom } from '../../../src/terminal/command.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { backup, check, compact, type Outcome, repair, restore } from './commands.js';

/** The command line of `npm run journal`; `report` gets what a command came to. */
export function journalCommand(report: (outcome: Outcome) => void = print): Command {
  const summary = '先停下书亭程序。Looks after the journal of a stopped kiosk.';
  const journal = technicianCommand('journal', summary, [
    'npm run journal -- check data/journal.db',
    'npm run journal -- restore data/journal.db --from /mnt/backup',
  ]);
  const on = (name: string, words: string) =>
    journal
      .command(name)
      .description(words)
      .argument('<file>', '数据目录里的 journal.db journal.db in the data folder');
  on('check', '检查 what is wrong with it').action((file: string) => report(check(file)));
  on('backup', '备份 a copy on a second medium')
    .requiredOption('--to <folder>', '第二存储的目录 a folder of the second medium')
    .action(async (file: string, { to }: { to: string }) => report(await backup(file, to)));
  on('restore', '恢复 the newest good copy')
    .requiredOption('--from <folder>', '备份的目录 the folder of the copies')
    .action(async (file: string, { from }: { from: string }) => report(await restore(file, from)));
  on('compact', '整理 put old events away')
    .option('--days <number>', '保留多少天 days of events to keep', numberFrom(0))
    .action((file: string, { days }: { days?: number }) => report(compact(file, days)));
  on('repair', '修复 make the best of a damaged one').action((file: string) => report(repair(file)));
  return journal;
}

function print({ text, isGood }: Outcome): void {
  process.stdout.write(text);
  if (!isGood) process.exitCode = 1;
}

await runTechnicianTool(import.meta.url, journalCommand);
