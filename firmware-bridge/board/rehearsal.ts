import { Session } from './session.js';

/** Pulses until the engine has compiled the path (some 5 ms on a PC). */
const pulses = 300;

const nobody = () => undefined;

/**
 * Puts pulses together that go nowhere: their session has no wire. Done once the handshake is over, whose messages leave
 * the engine with code made for others: so the first resident does not wait for the code of a pulse.
 */
export function rehearsePulses(): void {
  const session = new Session(nobody, nobody);
  session.begin(0x0001_0001);
  for (let tag = 0; tag < pulses; tag += 1) {
    session.ask({ kind: 'pulse', locker: 1, pulseMs: 1, tag }, nobody);
  }
}
