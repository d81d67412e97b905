import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { createBackups } from '../../../src/journal/backups.js';
import { openJournal } from '../../../src/journal/open.js';
import {
  checkCopy,
  compactFile,
  insistOnFile,
  repairFile,
  restoreFile,
} from '../../../src/journal/repair.js';
import { createLog } from '../../../src/machine/log.js';
import { checkText, paragraph, repairText } from './words.js';

/** The options of all commands. */
export interface Values {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly days?: string | undefined;
}

/** What a command says, and whether a journal is as it should be. */
export interface Outcome {
  readonly text: string;
  readonly isGood: boolean;
}

type Command = (file: string, values: Values) => Promise<string | Outcome>;

const commands: Readonly<Record<string, Command>> = { check, backup, restore, compact, repair };

/**
 * Runs `npm run journal -- …`; null when these are no arguments of it. Throws the faults of the journal, and a TypeError
 * for options that make no sense.
 */
export async function runCommand(args: readonly string[]): Promise<Outcome | null> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { to: { type: 'string' }, from: { type: 'string' }, days: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = '', file, ...others] = positionals;
  const command = commands[name];
  if (command === undefined || file === undefined || others.length > 0) return null;
  const said = await command(file, values);
  return typeof said === 'string' ? { text: said, isGood: true } : said;
}

async function check(file: string): Promise<Outcome> {
  const result = checkCopy(file, ledgerRules);
  return { text: checkText(file, result), isGood: result.findings.length === 0 };
}

async function backup(file: string, { to }: Values): Promise<string> {
  if (to === undefined) throw new TypeError('--to FOLDER is missing');
  const rulesModule = new URL('../../../src/circulation/ledger-rules.js', import.meta.url).href;
  insistOnFile(file);
  const journal = openJournal({ file, ...ledgerRules });
  try {
    const log = createLog({ level: 'error' });
    const made = await createBackups({ journal, folder: to, everyMs: 0, rulesModule, log }).make();
    return paragraph('✓', `备份完成，已核对。Backed up and checked: ${made}`);
  } finally {
    journal.close();
  }
}

async function restore(file: string, { from }: Values): Promise<string> {
  if (from === undefined) throw new TypeError('--from FOLDER is missing');
  const { backup: copy, aside, last } = await restoreFile(file, from, ledgerRules);
  return (
    paragraph('✓', `已恢复到第 ${last} 条。Restored up to event ${last}, from ${copy}`) +
    paragraph('·', '连上总馆后自动开始新账期。请清点书柜，并与总馆核对借阅。') +
    paragraph('·', 'It goes on in a new epoch once it hears from the catalogue. Count the lockers.') +
    (aside === null ? '' : paragraph('·', `原文件保留在 The file it replaces is kept: ${aside}`))
  );
}

async function compact(file: string, { days }: Values): Promise<string> {
  const keepDays = days === undefined ? undefined : Number(days);
  if (keepDays !== undefined && !(keepDays >= 0)) throw new TypeError('--days takes a number');
  const { putAway } = compactFile(file, ledgerRules, keepDays);
  const size = `${Math.ceil(statSync(file).size / 1_024)} KB`;
  return paragraph('✓', `整理了 ${putAway} 条旧记录。${putAway} events put away; the file has ${size}.`);
}

async function repair(file: string): Promise<string> {
  return repairText(repairFile(file, ledgerRules));
}
