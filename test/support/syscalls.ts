import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One completed system call: which, on which file (its path, as the kernel names it), and what it returned. */
export interface Syscall {
  readonly name: string;
  readonly fd: number;
  readonly path: string;
  readonly returned: number;
}

const traced = 'write,writev,pwrite64,pwritev,fsync,fdatasync';
/** `-y` names files, `-s` keeps the beginning of what was written, for the caller to recognise. */
const options = ['-f', '-y', '-s', '64', '-e', `trace=${traced}`, '-e', 'signal=none'];

/** Runs a Node program under strace; its standard output can be read, its calls are in `traceFile` at its end. */
export function spawnTraced(traceFile: string, nodeArgs: readonly string[]): ChildProcess {
  return spawn('strace', [...options, '-o', traceFile, process.execPath, ...nodeArgs], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The writing and syncing calls of a trace, in the order in which they began. */
export function readTrace(traceFile: string): Syscall[] {
  const unfinished = new Map<string, string>();
  const calls: Syscall[] = [];
  for (const line of readFileSync(traceFile, 'utf8').split('\n')) {
    const [, thread = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const started = /^(.*) <unfinished \.\.\.>$/.exec(text);
    if (started) {
      unfinished.set(thread, started[1] ?? '');
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const call = syscallOf(resumed ? `${unfinished.get(thread) ?? ''}${resumed[1] ?? ''}` : text);
    if (call) calls.push(call);
  }
  return calls;
}

function syscallOf(text: string): Syscall | null {
  const match = /^(\w+)\((\d+)<([^>]*)>.*\)\s+= (-?\d+)/.exec(text);
  if (!match) return null;
  return { name: match[1] ?? '', fd: Number(match[2]), path: match[3] ?? '', returned: Number(match[4]) };
}

export const isSync = ({ name }: Syscall) => name === 'fsync' || name === 'fdatasync';
