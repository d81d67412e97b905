import { readdir, readFile, readlink, realpath } from 'node:fs/promises';

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
  return (await describeIfHolding(String(process.pid), device)) ? 'this program itself' : 'another program';
}

async function describeIfHolding(pid: string, device: string): Promise<string | undefined> {
  for (const fd of await list(`/proc/${pid}/fd`)) {
    if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) !== device) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program');
    return `${name.trim()} (process ${pid})`;
  }
  return undefined;
}

/** A folder's names; none where the process has ended or is another user's. */
function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
