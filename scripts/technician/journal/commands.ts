import { statSync } from 'node:fs';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { createBackups } from '../../../src/journal/backups.js';
import { openJournal } from '../../../src/journal/open.js';
import { checkCopy, compactFile, repairFile, requireFile, restoreFile } from '../../../src/journal/repair.js';
import { createLog } from '../../../src/machine/log.js';
import { checkText, paragraph, repairText } from './words.js';

/** What a command says, and whether a journal is as it should be. */
export interface Outcome {
  readonly text: string;
  readonly isGood: boolean;
}

const good = (text: string): Outcome => ({ text, isGood: true });

/** Checks a journal without changing it. Like all commands here it throws the faults of the journal. */
export function check(file: string): Outcome {
  const result = checkCopy(file, ledgerRules);
  return { text: checkText(file, result), isGood: result.findings.length === 0 };
}

/** Copies a journal into the folder `to`, which is on another medium, and checks the copy. */
export async function backup(file: string, to: string): Promise<Outcome> {
  const rulesModule = new URL('../../../src/circulation/ledger-rules.js', import.meta.url).href;
  requireFile(file);
  const journal = openJournal({ file, ...ledgerRules });
  try {
    const log = createLog({ level: 'error' });
    const made = await createBackups({ journal, folder: to, everyMs: 0, rulesModule, log }).make();
    return good(paragraph('✓', `备份完成，已核对。Backed up and checked: ${made}`));
  } finally {
    journal.close();
  }
}

/** Puts the newest good copy of the folder `from` in the place of a journal, which is kept aside. */
export async function restore(file: string, from: string): Promise<Outcome> {
  const { backup: copy, aside, last } = await restoreFile(file, from, ledgerRules);
  return good(
    paragraph('✓', `已恢复到第 ${last} 条。Restored up to event ${last}, from ${copy}`) +
      paragraph('·', '连上总馆后自动开始新账期。请清点书柜，并与总馆核对借阅。') +
      paragraph('·', 'It goes on in a new epoch once it hears from the catalogue. Count the lockers.') +
      (aside === null ? '' : paragraph('·', `原文件保留在 The file it replaces is kept: ${aside}`)),
  );
}

/** Removes events older than `keepDays` (the default of housekeeping) that the catalogue has. */
export function compact(file: string, keepDays: number | undefined): Outcome {
  const { putAway } = compactFile(file, ledgerRules, keepDays);
  const size = `${Math.ceil(statSync(file).size / 1_024)} KB`;
  return good(
    paragraph('✓', `整理了 ${putAway} 条旧记录。${putAway} events put away; the file has ${size}.`),
  );
}

/** Rebuilds a damaged journal from what can be read; the damaged file is kept aside. */
export function repair(file: string): Outcome {
  return good(repairText(repairFile(file, ledgerRules)));
}
