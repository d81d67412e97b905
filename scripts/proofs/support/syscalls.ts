import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One completed system call: which, on which file (its path, as the kernel names it), and what it returned. */
export interface Syscall {
  readonly name: string;
  readonly fd: number;
  readonly path: string;
  readonly returned: number;
  /** The beginning of what was written, in the escapes of C; empty for a sync. */
  readonly data: string;
  /** Places in the order of the trace: one call was over before another began when its `end` is the smaller. */
  readonly begin: number;
  readonly end: number;
}

const traced = 'write,writev,pwrite64,pwritev,fsync,fdatasync';
/** `-y` names files, `-s` keeps the beginning of what was written. */
const options = ['-f', '-y', '-s', '16', '-e', `trace=${traced}`, '-e', 'signal=none'];

/** Runs a Node program under strace; its standard output can be read, its calls are in `traceFile` at its end. */
export function spawnTraced(traceFile: string, nodeArgs: readonly string[]): ChildProcess {
  return spawn('strace', [...options, '-o', traceFile, process.execPath, ...nodeArgs], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Traces a running process from the moment this resolves until it ends; then `exit` follows on the child. */
export async function attachTrace(traceFile: string, pid: number): Promise<ChildProcess> {
  const child = spawn('strace', [...options, '-o', traceFile, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  for await (const chunk of child.stderr) {
    words += chunk;
    if (words.includes('attached')) break;
  }
  if (!words.includes('attached')) throw new Error(`strace does not attach: ${words}`);
  child.stderr.resume();
  return child;
}

/** The writing and syncing calls of a trace, in the order in which they ended. */
export function readTrace(traceFile: string): Syscall[] {
  const unfinished = new Map<string, { text: string; begin: number }>();
  return readFileSync(traceFile, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      const [, thread = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
      const started = /^(.*) <unfinished \.\.\.>$/.exec(text)?.[1];
      if (started !== undefined) {
        unfinished.set(thread, { text: started, begin: at });
        return [];
      }
      const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
      const beginning = rest === undefined ? undefined : unfinished.get(thread);
      return syscallOf(`${beginning?.text ?? ''}${rest ?? text}`, beginning?.begin ?? at, at);
    });
}

function syscallOf(text: string, begin: number, end: number): Syscall[] {
  const match = /^(\w+)\((\d+)<([^>]*)>+(?:, "((?:[^"\\]|\\.)*)")?.*\)\s+= (-?\d+)/.exec(text);
  if (!match) return [];
  const [, name = '', fd, path = '', data = '', returned] = match;
  return [{ name, fd: Number(fd), path, data, returned: Number(returned), begin, end }];
}

/** Whether a call waited for the disk. */
export const isSync = ({ name }: Syscall) => name === 'fsync' || name === 'fdatasync';
