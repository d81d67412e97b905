import t from 'tap';
import {
  createMachine,
  type Machine,
  type MachineOptions,
} from '../../../firmware-bridge/emulator/machine.js';
import { probeHex } from '../../support/hex-file.js';

const bootMs = 20;

function probe(options?: MachineOptions) {
  const machine = createMachine(probeHex(), options);
  let said = '';
  machine.onSent((byte) => {
    said += String.fromCharCode(byte);
  });
  const hear = () => {
    const heard = said;
    said = '';
    return heard;
  };
  machine.run(bootMs);
  return { machine, hear };
}

const send = (machine: Machine, text: string) => machine.uart.write(Buffer.from(text));

t.test(
  'a reset keeps SRAM and EEPROM, power-off keeps EEPROM only, and MCUSR tells them apart',
  async (t) => {
    const { machine, hear } = probe();
    t.equal(hear(), '!110', 'power-on');
    machine.reset();
    machine.run(bootMs);
    t.equal(hear(), '!221', 'external');
    machine.reset('brown-out');
    machine.run(bootMs);
    t.equal(hear(), '!432', 'brown-out');
    send(machine, 'under way');
    machine.powerOff();
    machine.run(1_000);
    t.equal(hear(), '', 'silent without power');
    machine.powerOn();
    machine.run(bootMs);
    t.equal(hear(), '!113', 'power-on again');
    machine.powerOff();
    send(machine, 'for nobody');
    machine.powerOn();
    machine.run(bootMs);
    t.equal(hear(), '!114', 'bytes for a board without power are lost');
  },
);

t.test('the watchdog resets a program that hangs', async (t) => {
  const { machine, hear } = probe();
  hear();
  send(machine, 'W');
  machine.run(115);
  t.equal(hear(), '', 'not yet');
  machine.run(25);
  t.equal(hear(), '!821');
});

t.test('the watchdog goes on after its own reset, at its shortest period', async (t) => {
  const { machine, hear } = probe();
  hear();
  send(machine, 'H');
  machine.run(120 + 2 * 16 - 5);
  t.equal(hear(), '', 'hangs twice more');
  machine.run(25);
  t.equal(hear(), '!821');
});

t.test('an EEPROM given is used and changed in place', async (t) => {
  const eeprom = new Uint8Array(4_096).fill(0xff);
  eeprom[5] = 6;
  const { hear } = probe({ eeprom });
  t.equal(hear(), '!117');
  t.equal(eeprom[5], 7);
});

t.test('a timer keeps exact time', async (t) => {
  const { machine } = probe();
  const toggles: number[] = [];
  machine.onPinChange((pin) => {
    if (pin === 13) toggles.push(machine.elapsedMs);
  });
  machine.run(2_500);
  const gaps = toggles.slice(1).map((ms, i) => ms - (toggles[i] ?? 0));
  t.ok(gaps.length >= 3);
  for (const gap of gaps) t.ok(Math.abs(gap - 500) < 0.02, `${gap} ms`);
});

t.test('bytes take their time on the wire, both ways', async (t) => {
  const { machine } = probe();
  const sentAt: number[] = [];
  machine.onSent(() => sentAt.push(machine.cycles));
  const startCycle = machine.cycles;
  const byteCycles = 35 * 8 * 10;
  send(machine, 'abcdefghijklmnopqrst');
  machine.run(20);
  t.equal(sentAt.length, 20);
  const first = (sentAt[0] ?? 0) - startCycle;
  t.ok(first >= 2 * byteCycles && first < 2 * byteCycles + 1_000, `received, then sent: ${first} cycles`);
  const all = (sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0);
  t.ok(Math.abs(all - 19 * byteCycles) < 600, `${all} cycles for 19 more`);
});

t.test('a program that looks away too long loses bytes and is told so', async (t) => {
  const { machine, hear } = probe();
  hear();
  send(machine, 'B0123456789abcdefghijz');
  machine.run(30);
  const heard = hear();
  t.match(heard, /^B\?012[^3]*z$/, 'the receiver holds three');
});

t.test('a switch to ground is seen, and released the pull-up is', async (t) => {
  const { machine, hear } = probe();
  hear();
  t.equal(machine.pinLevel(30), 'pulled-up');
  machine.drivePin(30, 'low');
  machine.run(2);
  t.equal(hear(), 'c');
  machine.reset();
  machine.run(bootMs);
  t.equal(hear(), '!221c', 'a switch does not move because the board was reset');
  machine.drivePin(30, 'released');
  machine.run(2);
  t.equal(hear(), 'o');
});

t.test('every pin becomes an input the moment the board loses power or is reset', async (t) => {
  const { machine } = probe();
  send(machine, 'P');
  machine.run(10);
  t.equal(machine.pinLevel(22), 'high');
  const seen: string[] = [];
  machine.onPinChange((pin, level) => {
    if (pin === 22) seen.push(level);
  });
  machine.reset();
  t.same(seen, ['floating']);
  machine.run(bootMs);
  send(machine, 'P');
  machine.run(10);
  machine.powerOff();
  t.same(seen, ['floating', 'low', 'high', 'floating']);
});

t.test('power lost from within a pin change stops the program there', async (t) => {
  const { machine, hear } = probe();
  hear();
  machine.onPinChange((pin, level) => {
    if (pin === 22 && level === 'high') machine.powerOff();
  });
  send(machine, 'P');
  machine.run(50);
  t.notOk(machine.running);
  t.equal(hear(), '', 'not even the echo');
});

t.test('an idle board sleeps nearly all the time', async (t) => {
  const { machine } = probe();
  const awakeBefore = machine.awakeCycles;
  const before = machine.cycles;
  machine.run(10_000);
  const share = (machine.awakeCycles - awakeBefore) / (machine.cycles - before);
  t.ok(share < 0.05, `${(share * 100).toFixed(1)} % awake`);
});

t.test('the same inputs give the same run to the cycle', async (t) => {
  const run = () => {
    const { machine } = probe();
    const trace: string[] = [];
    machine.onSent((byte) => trace.push(`${machine.cycles} sent ${byte}`));
    machine.onPinChange((pin, level) => trace.push(`${machine.cycles} ${pin} ${level}`));
    send(machine, 'helloP');
    machine.run(33);
    machine.drivePin(30, 'low');
    machine.run(1_000);
    return [...trace, machine.cycles, machine.awakeCycles];
  };
  t.same(run(), run());
});

t.test('what is set for a moment of the board’s time happens then, in order, powered or not', async (t) => {
  const { machine } = probe();
  const start = machine.elapsedMs;
  const rung: [string, number][] = [];
  const ring = (name: string) => () => rung.push([name, Math.round(machine.elapsedMs - start)]);
  machine.after(20, ring('second'));
  machine.after(10, () => {
    ring('first')();
    machine.powerOff();
    machine.after(5, ring('set by the first'));
  });
  machine.after(12, ring('taken back'))();
  machine.run(15);
  t.same(rung, [
    ['first', 10],
    ['set by the first', 15],
  ]);
  machine.run(100);
  t.same(rung.slice(2), [['second', 20]]);
});
