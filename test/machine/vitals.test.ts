import { statSync } from 'node:fs';
import t from 'tap';
import { createVitalsReader } from '../../src/machine/vitals.js';

/** The name of the device that holds `folder`, as sysfs has it. */
function deviceOf(folder: string): string {
  const { dev } = statSync(folder);
  return `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
}

t.test('a machine of which nothing is known says so, and nothing fails', async (t) => {
  const folder = t.testdir({});
  const { disk, cpu, memory } = createVitalsReader(folder, folder)();
  t.match(disk, { freeBytes: Number, totalBytes: Number, writtenBytes: null, lifeUsedPercent: null });
  t.match(cpu, { celsius: null, underVoltage: null, load1: Number });
  t.ok(memory.rssBytes > 0 && memory.freeBytes > 0);
  t.equal(createVitalsReader(`${folder}/none`, folder)().disk, null);
});

t.test('a Pi tells its heat, its supply, and how worn its card is', async (t) => {
  const root = t.testdir({});
  t.testdir({
    sys: {
      dev: {
        block: {
          [deviceOf(root)]: {
            stat: '     211      170    13354      259     2094     3105    90120     1841   0      740     2100\n',
            device: { life_time: '0x02 0x04\n' },
          },
        },
      },
      class: {
        thermal: { thermal_zone0: { temp: '61234\n' } },
        hwmon: {
          hwmon0: { name: 'cpu_thermal\n' },
          hwmon1: { name: 'rpi_volt\n', in0_lcrit_alarm: '1\n' },
        },
      },
    },
  });
  const { disk, cpu } = createVitalsReader(root, root)();
  t.match(disk, { writtenBytes: 90_120 * 512, lifeUsedPercent: 40 });
  t.match(cpu, { celsius: 61.234, underVoltage: true });
});
