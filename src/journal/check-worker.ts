import { parentPort, workerData } from 'node:worker_threads';
import { checkFile } from './check.js';
import type { LedgerRules } from './rules.js';

/** What a checking thread is started with: the file, and the module that exports `ledgerRules`. */
export interface CheckTask {
  readonly file: string;
  readonly rulesModule: string;
}

const { file, rulesModule } = workerData as CheckTask;
const { ledgerRules } = (await import(rulesModule)) as { ledgerRules: LedgerRules };
parentPort?.postMessage(checkFile(file, ledgerRules));
