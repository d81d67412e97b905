/** `npm run journal`: looks after the journal of a kiosk that is stopped. */

import { statSync } from 'node:fs';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { createBackups } from '../../../src/journal/backups.js';
import { openJournal } from '../../../src/journal/open.js';
import { checkCopy, compactFile, repairFile, requireFile, restoreFile } from '../../../src/journal/repair.js';
import { createLog } from '../../../src/machine/log.js';
import { type Command, numberFrom } from '../../../src/terminal/command.js';
import { page, runTechnicianTool, technicianCommand } from '../support/command.js';
import { checkText, repairText } from './words.js';

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

/** What a command says, and whether a journal is as it should be. */
export interface Outcome {
  readonly text: string;
  readonly isGood: boolean;
}

const good = (text: string): Outcome => ({ text, isGood: true });

/** Checks a journal without changing it. Like all commands here it throws the faults of the journal. */
function check(file: string): Outcome {
  const result = checkCopy(file, ledgerRules);
  return { text: checkText(file, result), isGood: result.findings.length === 0 };
}

/** Copies a journal into the folder `to`, which is on another medium, and checks the copy. */
async function backup(file: string, to: string): Promise<Outcome> {
  const rulesModule = new URL('../../../src/circulation/ledger-rules.js', import.meta.url).href;
  requireFile(file);
  const journal = openJournal({ file, ...ledgerRules });
  try {
    const log = createLog({ level: 'error' });
    const made = await createBackups({ journal, folder: to, everyMs: 0, rulesModule, log }).make();
    return good(page('✓', `备份完成，已核对。Backed up and checked: ${made}`));
  } finally {
    journal.close();
  }
}

/** Puts the newest good copy of the folder `from` in the place of a journal, which is kept aside. */
async function restore(file: string, from: string): Promise<Outcome> {
  const { backup: copy, aside, last } = await restoreFile(file, from, ledgerRules);
  return good(
    page('✓', `已恢复到第 ${last} 条。Restored up to event ${last}, from ${copy}`) +
      page('·', '连上总馆后自动开始新账期。请清点书柜，并与总馆核对借阅。') +
      page('·', 'It goes on in a new epoch once it hears from the catalogue. Count the lockers.') +
      (aside === null ? '' : page('·', `原文件保留在 The file it replaces is kept: ${aside}`)),
  );
}

/** Removes events older than `keepDays` (the default of housekeeping) that the catalogue has. */
function compact(file: string, keepDays: number | undefined): Outcome {
  const { putAway } = compactFile(file, ledgerRules, keepDays);
  const size = `${Math.ceil(statSync(file).size / 1_024)} KB`;
  return good(page('✓', `整理了 ${putAway} 条旧记录。${putAway} events put away; the file has ${size}.`));
}

/** Rebuilds a damaged journal from what can be read; the damaged file is kept aside. */
function repair(file: string): Outcome {
  return good(repairText(repairFile(file, ledgerRules)));
}

await runTechnicianTool(import.meta.url, journalCommand);
