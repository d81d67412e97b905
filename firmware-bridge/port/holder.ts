import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { deviceNumberOf } from '../../src/kernel/device-number.js';

/**
 * Names the program that has locked the device at `path`, e.g. `node main.js (process 812)`; undefined when nobody has, and where
 * there is no `/proc/locks`. Looks without opening, which alone would restart an Arduino.
 */
export async function whoLocks(path: string): Promise<string | undefined> {
  const device = await stat(path).catch(() => undefined);
  if (!device) return undefined;
  const locks = (await readFile('/proc/locks', 'utf8').catch(() => '')).split('\n');
  const ours = `${lockId(device.dev)}:${device.ino}`;
  const lock = locks.map((line) => line.trim().split(/\s+/)).find((fields) => fields.includes(ours));
  const pid = lock?.[PID_FIELD];
  if (pid === undefined) return undefined;
  return Number(pid) === process.pid ? itself : nameOf(pid);
}

/**
 * Names the programs that have `path` open, e.g. `minicom (process 812)`, as far as this user may see them.
 * Linux only; elsewhere, and for other users' programs, the answer is `another program`.
 */
export async function whoHolds(path: string): Promise<string> {
  const device = await realpath(path).catch(() => path);
  const pids = (await list('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const holders = await Promise.all(pids.map((pid) => describeIfHolding(pid, device)));
  const named = holders.filter((holder) => holder !== undefined);
  if (named.length > 0) return named.join(' and ');
  return (await describeIfHolding(String(process.pid), device)) ? itself : 'another program';
}

const itself = 'this program itself';
/** A line of /proc/locks: `1: FLOCK ADVISORY WRITE 812 00:1a:3 0 EOF`. */
const PID_FIELD = 4;

/** The kernel's name for the file system of a device, as in /proc/locks: major and minor number in hex. */
function lockId(dev: number): string {
  const { major, minor } = deviceNumberOf(dev);
  return [major, minor].map((part) => part.toString(16).padStart(2, '0')).join(':');
}

async function describeIfHolding(pid: string, device: string): Promise<string | undefined> {
  for (const fd of await list(`/proc/${pid}/fd`)) {
    if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) === device) return nameOf(pid);
  }
  return undefined;
}

/** By its command line: newer versions of Node call every process of theirs `MainThread`. */
async function nameOf(pid: string): Promise<string> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...words] = line.split('\0').map((word) => basename(word));
  const script = program === 'node' ? words.find((word) => /\.[cm]?js$/.test(word)) : undefined;
  const name = script === undefined ? program : `${program} ${script}`;
  return `${name || 'a program'} (process ${pid})`;
}

/** A folder's names; none where the process has ended or is another user's. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
