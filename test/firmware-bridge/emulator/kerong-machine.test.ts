import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { coilMs, type KerongOptions } from '../../../firmware-bridge/emulator/kerong-machine.js';
import { WiredKerong } from '../../../firmware-bridge/emulator/wired-kerong.js';
import { parseCabinet } from '../../../hardware/cabinet.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { kerongIn } from '../../support/plugged-kerong.js';

const kerong24 = readFileSync(new URL('hardware/kerong-24.yaml', packageRoot), 'utf8');

function board(yaml = kerong24, device: Partial<KerongOptions> = {}) {
  const wired = new WiredKerong(kerongIn(parseCabinet(yaml, 'kerong.yaml')), undefined, device);
  const { machine } = wired;
  let sent: number[] = [];
  machine.onSent((byte) => sent.push(byte));
  /** Sends bytes, lets time pass, and says what came back. */
  const ask = (hex: string, waitMs = 20) => {
    sent = [];
    machine.uart.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    machine.runUntil(machine.elapsedMs + waitMs);
    return Buffer.from(sent).toString('hex').replace(/../g, '$& ').trim();
  };
  const coilsOn = () => wired.lockers().flatMap(({ locker, relayOn }) => (relayOn ? [locker] : []));
  return { wired, machine, ask, coilsOn };
}

const allLocked = '02 00 00 65 ff ff ff 00 00 00 03 67';
const inCu16 = (yaml: string) =>
  yaml
    .replace('cu48', 'cu16')
    .replace('address: 0', 'address: 3')
    .replace(/\n.*locker: 17,[\s\S]*$/, '\n');

t.test('CU48 says which hooks hold, takes its own time for it, and nothing else', async (t) => {
  const { wired, machine, ask } = board();
  t.equal(ask('02 00 00 50 03 55'), allLocked);
  wired.forceDoor(3);
  t.equal(ask('02 00 00 50 03 55'), '02 00 00 65 fb ff ff 00 00 00 03 63');
  t.equal(
    ask('02 00 00 50 03 55', 10),
    '02 00 00 65 fb ff ff 00 00',
    '6 + 12 bytes take 9.4 ms, the turn 2 ms',
  );
  t.same(machine.violations, []);
});

t.test(
  'a pulse holds one coil for the board’s own time; the door springs ajar; nothing is answered',
  async (t) => {
    const { wired, machine, ask, coilsOn } = board();
    t.equal(ask('02 00 06 51 03 5c'), '');
    t.same(coilsOn(), [7]);
    t.match(wired.lockers()[6], { door: 'open' });
    t.equal(ask('02 00 00 50 03 55'), '02 00 00 65 bf ff ff 00 00 00 03 27');
    machine.runUntil(coilMs + 10);
    t.same(coilsOn(), []);
    t.same(wired.openDoor(7), { ok: false, reason: 'door-already-open' });
    t.same(wired.closeDoor(7), { ok: true });
    t.equal(ask('02 00 00 50 03 55'), allLocked);
    t.same(wired.openDoor(7), { ok: false, reason: 'door-latched' });
    t.same(machine.violations, []);
  },
);

t.test('a jammed hook does not let go', async (t) => {
  const { wired, ask } = board();
  wired.jamLatch(7, true);
  ask('02 00 06 51 03 5c');
  t.equal(ask('02 00 00 50 03 55'), allLocked);
});

t.test('the bit may be wired the other way round', async (t) => {
  const { wired, ask } = board(kerong24.replace('hookBit: locked', 'hookBit: unlocked'));
  wired.forceDoor(24);
  t.equal(ask('02 00 00 50 03 55'), '02 00 00 65 00 00 80 00 00 00 03 ea');
});

t.test('what is no request for it, a CU48 board meets with silence', async (t) => {
  const { machine, ask } = board();
  let coils = 0;
  machine.onCoil(() => {
    coils += 1;
  });
  for (const [hex, why] of [
    ['02 01 00 50 03 56', 'another board’s'],
    ['02 00 00 50 03 56', 'a wrong sum'],
    ['02 00 00 50 04 56', 'no end'],
    ['02 00 00 52 03 57', 'no such command'],
    ['02 00 31 51 03 87', 'no such lock'],
    ['02 00 30 03 35', 'CU16'],
    ['02 00 00 50', 'half a request'],
  ] as const) {
    t.equal(ask(hex, 50), '', why);
  }
  t.equal(ask('50 03 55'), '', 'the other half, too late');
  t.equal(ask(`fe 02 02 00 00 50 03 55`), allLocked, 'found after noise');
  t.equal(coils, 0);
  t.same(machine.violations, []);
});

t.test('noise opens nothing', async (t) => {
  const { machine, ask, coilsOn } = board();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (noise) => {
      ask(Buffer.from(noise).toString('hex'), 60);
      return coilsOn().length === 0;
    }),
  );
  t.notMatch(machine.violations.join(), 'open-all');
});

t.test('CU16 says it in nine bytes', async (t) => {
  const { wired, machine, ask, coilsOn } = board(inCu16(kerong24));
  t.equal(ask('02 30 30 03 65'), '02 30 35 ff ff 00 00 03 68');
  t.equal(ask('02 3f 31 03 75'), '');
  t.same(coilsOn(), [16]);
  t.equal(ask('02 30 30 03 65'), '02 30 35 ff 7f 00 00 03 e8');
  t.equal(ask('02 20 30 03 55'), '', 'another board’s');
  t.match(wired.lockers()[15], { door: 'open' });
  t.same(machine.violations, []);
});

t.test('some boards of CU16 answer an unlock with their status', async (t) => {
  const { ask } = board(inCu16(kerong24), { answersUnlock: true });
  t.equal(ask('02 30 31 03 66'), '02 30 35 fe ff 00 00 03 67');
});

t.test(
  'an order for all locks or all boards is obeyed, as the real board would, and written down',
  async (t) => {
    for (const [yaml, hex] of [
      [kerong24, '02 00 30 51 03 86'],
      [kerong24, '02 0a 30 51 03 90'],
      [inCu16(kerong24), '02 30 33 03 68'],
      [inCu16(kerong24), '02 f0 33 03 28'],
    ] as const) {
      const { machine, ask, coilsOn } = board(yaml);
      ask(hex, 30);
      t.ok(coilsOn().length >= 16, hex);
      t.match(machine.violations.join(), 'open-all', hex);
    }
  },
);

t.test('who speaks while the answer is due, or opens a second lock meanwhile, is written down', async (t) => {
  const impatient = board();
  impatient.ask('02 00 00 50 03 55 02 00 00 50 03 55', 60);
  t.match(impatient.machine.violations, [/^overlap/]);
  const greedy = board();
  greedy.ask('02 00 00 51 03 56');
  greedy.ask('02 00 01 51 03 57');
  t.match(greedy.machine.violations, [/^two-coils: lock 2/]);
});

t.test('without power it is silent, holds nothing and hears nothing', async (t) => {
  const { machine, ask, coilsOn } = board();
  ask('02 00 06 51 03 5c');
  machine.powerOff();
  t.same(coilsOn(), []);
  t.equal(ask('02 00 00 50 03 55', 100), '');
  machine.powerOn();
  t.equal(ask('02 00 00 50 03 55'), '02 00 00 65 bf ff ff 00 00 00 03 27', 'the door stands open');
});

t.test('a hook contact that chatters turns over in the board’s time', async (t) => {
  const { wired, ask } = board();
  wired.chatter(1, 20);
  const seen = [1, 2, 3, 4].map(() => ask('02 00 00 50 03 55').split(' ')[4]);
  t.same(new Set(seen), new Set(['fe', 'ff']));
  wired.quiet(1);
  t.equal(ask('02 00 00 50 03 55'), allLocked);
});
