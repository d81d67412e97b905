import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { openJournal } from '../../../src/journal/open.js';
import { attachTrace, isSync, readTrace, type Syscall } from '../support/syscalls.js';
import { startKioskHarness, stockedItems } from './kiosk-harness.js';

/** What the kernel saw of a kiosk's steps. */
export interface ScanSyscalls {
  /** Events recorded; each was a step of its own. */
  readonly steps: number;
  readonly syncs: number;
  /** Written to the journal's files. */
  readonly bytes: number;
  readonly unlocks: number;
  /** Unlocks that were written to the board's port with the journal's last write not yet synced, or nothing to sync. */
  readonly unlocksTooEarly: number;
}

/** The beginning of a PULSE on the wire, as strace writes it: F0 07. */
const pulse = '\\360\\7';

/**
 * Counts, under strace, what `scans` checkouts with their checkins cost. The kiosk is killed at the end, so that nothing but
 * its steps is counted.
 */
export async function countSyscalls(folder: string, scans: number): Promise<ScanSyscalls> {
  mkdirSync(folder);
  const harness = await startKioskHarness(folder);
  const traceFile = join(folder, 'trace');
  const trace = await attachTrace(traceFile, harness.pid);
  const ended = once(trace, 'exit');
  for (let n = 0; n < scans; n += 1) await harness.scan(2);
  await harness.kill();
  await ended;
  const journal = openJournal({ file: harness.journalFile, ...ledgerRules });
  const steps = journal.lastPosition() - stockedItems;
  journal.close();
  return { steps, ...judge(readTrace(traceFile), harness.boardPath, harness.journalFile) };
}

function judge(
  calls: readonly Syscall[],
  boardPath: string,
  journalFile: string,
): Omit<ScanSyscalls, 'steps'> {
  const journalCalls = calls.filter(({ path }) => path.startsWith(journalFile));
  const unlocks = calls.filter(({ path, data }) => path.startsWith(boardPath) && data.startsWith(pulse));
  const isTooEarly = (unlock: Syscall) => {
    const before = journalCalls.filter(({ begin }) => begin < unlock.begin);
    const last = before.at(-1);
    return !last || !isSync(last) || last.returned !== 0 || last.end >= unlock.begin;
  };
  return {
    syncs: journalCalls.filter(isSync).length,
    bytes: journalCalls.reduce((sum, call) => sum + (isSync(call) ? 0 : call.returned), 0),
    unlocks: unlocks.length,
    unlocksTooEarly: unlocks.filter(isTooEarly).length,
  };
}
