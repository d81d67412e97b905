import { readFileSync } from 'node:fs';
import t from 'tap';
import { registerName } from '../../../../firmware-bridge/reader/gm65/open.js';
import {
  baudData,
  isRight,
  registersOf,
  repairedValue,
} from '../../../../firmware-bridge/reader/gm65/profile.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';

const models = ['gm65', 'gm861'] as const;

t.test(
  'any register content is right after one repair, and only the bits that were wrong change',
  async (t) => {
    for (const model of models) {
      for (const [address, settings] of registersOf(model)) {
        for (let value = 0; value <= 0xff; value += 1) {
          const repaired = repairedValue(value, settings);
          const wrongBits = settings.reduce(
            (bits, setting) => bits | (isRight(value, setting) ? 0 : setting.mask),
            0,
          );
          const isGood =
            settings.every((setting) => isRight(repaired, setting)) &&
            ((repaired ^ value) & ~wrongBits) === 0;
          if (!isGood) t.fail(`${model} ${registerName(address)}: ${value} → ${repaired}`);
        }
      }
    }
  },
);

t.test('setting codes are off, and neither model is ever a keyboard', async (t) => {
  for (const model of models) {
    const registers = registersOf(model);
    t.equal(repairedValue(0x01, registers.get(0x0003) ?? []), 0x02);
    const outputs = [0, 1, 2, 3].map((value) => repairedValue(value, registers.get(0x000d) ?? []));
    t.same(outputs, [0, 0, 0, 3]);
  }
});

// The vendor's own figures.
t.test('the baud register is 3 000 000 / baud, low byte first', async (t) => {
  t.same(baudData(9_600), [0x39, 0x01]);
  t.same(baudData(57_600), [0x34, 0x00]);
  t.same(baudData(115_200), [0x1a, 0x00]);
});

t.test('the README lists every register that may be written', async (t) => {
  const readme = readFileSync(new URL('firmware-bridge/reader/README.md', packageRoot), 'utf8');
  const rows = readme.split('\n').filter((line) => /^\| [0-9A-F]{4}/.test(line));
  for (const model of models) {
    for (const address of registersOf(model).keys())
      t.ok(
        rows.some((row) => row.startsWith(`| ${registerName(address)}`)),
        registerName(address),
      );
  }
});
