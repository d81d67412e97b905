import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { packageRoot } from '../kernel/package-root.js';
import { type EpochMs, epochMs, isEpochMs } from '../kernel/time.js';

/** Where a kiosk's clock gets its time from. */
export interface ClockSources {
  /** When this program was built: no clock that is right shows less. */
  readonly builtAt: EpochMs;
  /** The machine's calendar time, right or wrong, in milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds that never jump. */
  elapsedMs(): number;
  /** Whether the network has set the calendar since the machine started; null where nobody can tell. */
  isSynchronized(): boolean | null;
}

/** No release was built before. */
const oldestBuild = epochMs(Date.UTC(2026, 0, 1));

/**
 * When this program was built. Set-up writes the date of the commit into `file` beside what it compiles; where there is no
 * such note, or one that makes no sense, it counts as the first release.
 */
export function readBuiltAt(file = new URL('dist/build.json', packageRoot)): EpochMs {
  if (!existsSync(file)) return oldestBuild;
  const match = /"builtAtMs":\s*(\d{1,15})/.exec(readFileSync(file, 'utf8'));
  const noted = Number(match?.[1] ?? 0);
  return epochMs(Math.max(oldestBuild, isEpochMs(noted) ? noted : 0));
}

/** Who can tell whether the network has set the clock. */
export interface TimeServices {
  /** The folder of systemd-timesyncd, there while it runs; it makes the file `synchronized` in it when the clock is set. */
  readonly timesyncFolder: string;
  /** systemd's command, which knows of every other service: see `askSystemd`. */
  readonly timedatectl: string;
}

export const systemServices: TimeServices = {
  timesyncFolder: '/run/systemd/timesync',
  timedatectl: 'timedatectl',
};

/** This machine's clocks. */
export function machineTime(services: TimeServices = systemServices): ClockSources {
  return {
    builtAt: readBuiltAt(),
    wallMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    isSynchronized: synchronizationOf(services),
  };
}

const question = ['show', '--property=NTP', '--property=NTPSynchronized'];

/**
 * Returns what tells whether the network has set the clock since the machine started: true, not yet (false), or null where
 * nobody can tell. systemd-timesyncd says so by a file. For chrony, ntpd and others the kernel knows: whoever disciplines
 * the clock keeps its maximum error below 16 s, and systemd's `timedatectl` reads that (adjtimex(2)), which Node cannot.
 * The first answer is waited for, for a second at most; later ones come while the program goes on.
 */
export function synchronizationOf({ timesyncFolder, timedatectl }: TimeServices): () => boolean | null {
  let answer: boolean | null = null;
  let isFirst = true;
  let isAsking = false;
  return () => {
    if (existsSync(timesyncFolder)) return existsSync(`${timesyncFolder}/synchronized`);
    if (isFirst) answer = askSystemdNow(timedatectl);
    else if (!isAsking) {
      isAsking = true;
      const child = execFile(timedatectl, question, { timeout: 5_000 }, (error, text) => {
        isAsking = false;
        answer = error ? null : answerIn(text);
      });
      child.unref();
    }
    isFirst = false;
    return answer;
  };
}

function askSystemdNow(timedatectl: string): boolean | null {
  try {
    return answerIn(execFileSync(timedatectl, question, { encoding: 'utf8', timeout: 1_000, stdio: 'pipe' }));
  } catch {
    // No such command, or no systemd that answers: nobody can tell.
    return null;
  }
}

function answerIn(text: string): boolean | null {
  if (/^NTPSynchronized=yes$/m.test(text)) return true;
  return /^NTP=yes$/m.test(text) ? false : null;
}
