import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program that does not end in so long is killed. */
const endMs = 5_000;

/** A compiled program of ours that runs as a process of its own. */
export interface Program {
  readonly pid: number;
  /** Resolves with the rest of the first line of its output that has `text` in it; rejects when it ends before. */
  says(text: string): Promise<string>;
  /** Signals it and waits until it has ended; resolves with its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the program at `url`; `flags` are Node's. */
export function startProgram(
  url: URL,
  args: readonly string[],
  { flags = [], env = process.env }: { flags?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Program {
  const file = fileURLToPath(url);
  const child = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} does not start`);
  let output = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const look of waiting) look();
  });
  return {
    pid,
    says: (text) =>
      new Promise((resolve, reject) => {
        const fail = (code: number | null) => reject(new Error(`${file} ended with ${code}: ${output}`));
        const look = () => {
          const line = output
            .split('\n')
            .slice(0, -1)
            .find((each) => each.includes(text));
          if (line === undefined) return;
          waiting.delete(look);
          child.off('exit', fail);
          resolve(line.slice(line.indexOf(text) + text.length).trim());
        };
        waiting.add(look);
        child.once('exit', fail);
        look();
      }),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.removeAllListeners('exit');
      const ended = once(child, 'exit');
      const deadline = setTimeout(() => child.kill('SIGKILL'), endMs);
      child.kill(signal);
      await ended;
      clearTimeout(deadline);
      return child.exitCode;
    },
  };
}
