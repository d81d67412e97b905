import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../../src/kernel/package-root.js';

/** How a kiosk is started on a Pi, where memory is scarce. */
const unit = readFileSync(new URL('hardware/raspberry-pi/lening.service', packageRoot), 'utf8');
const nodeFlags = unit.match(/(?<=^ExecStart=.*)--\S+(?=.* dist\/)/gm) ?? [];
const settings = [...unit.matchAll(/^Environment=(\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]);
const environment = { ...process.env, ...Object.fromEntries(settings) };

/** A program of the bench. */
export interface Program {
  /** Resolves with the rest of the first line that begins with `word`. */
  says(word: string): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `name` of this folder. */
export function start(name: 'kiosk' | 'catalogue', ...args: string[]): Program {
  const file = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  // The catalogue’s machine is another one.
  const [flags, env] = name === 'kiosk' ? [nodeFlags, environment] : [[], process.env];
  const child: ChildProcess = spawn(process.execPath, [...flags, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  let said = '';
  const waiting = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const look of waiting) look();
  });
  return {
    says: (word) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = said.split('\n').find((each) => each.startsWith(word));
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line.slice(word.length).trim());
        };
        waiting.add(look);
        child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${said}`)));
        look();
      }),
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.removeAllListeners('exit');
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}
