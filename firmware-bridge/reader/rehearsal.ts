import { limits } from '../../src/kernel/limits.js';
import { classify, lockerCode, type ScannedAt } from './classify.js';
import { createFramer } from './framer.js';

/** Readings until the engine has compiled the path (some 20 ms on a PC). */
const TIMES = 200;

/** Reads sample codes into nowhere, so that the first resident does not wait for code to be compiled. */
export function rehearseReading(at: ScannedAt): void {
  const framer = createFramer(limits.scanLengthBytes);
  const pass = `]Q1LN1:${'A'.repeat(180)}`;
  const doors = at.lockers.slice(0, 1).map((locker) => lockerCode(at.kiosk, locker));
  const bytes = Buffer.from([pass, 'A30234000517861B', '9787020002207', ...doors, ''].join('\r\n'));
  for (let n = 0; n < TIMES; n++) {
    for (const text of framer.push(bytes).frames) classify(text, at);
  }
}
