import t from 'tap';
import { surveyCabinet } from '../../../scripts/technician/board-info/survey.js';
import { durationWords, ranges, resetCauseWords } from '../../../scripts/technician/board-info/words.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { StandardFirmata } from '../../support/standard-firmata.js';
import { cabinetNamed, plugCabinet, startLockerTest } from './technician.js';

t.test('boards that nobody has configured yet say so, and still do after being asked', async (t) => {
  const plugged = plugCabinet(t, 'mega-48');
  for (let time = 1; time <= 2; time += 1) {
    const { text, hasFault } = await surveyCabinet(plugged, false, plugged.host);
    t.notOk(hasFault, text);
    t.match(
      text,
      /board left[\s\S]*settings +– 尚无 none yet[\s\S]*board right[\s\S]*settings +– 尚无 none yet/,
    );
    t.notMatch(text, 'doors');
  }
});

t.test('a configured board tells its doors, with all else that a technician asks', async (t) => {
  const plugged = plugCabinet(t, 'mega-48');
  await startLockerTest(plugged, [1, 25], { waitMs: null }).ended;
  const right = plugged.boards[1];
  right?.act(() => right.cabinet.forceDoor(27));
  await plugged.host.timers.pass(2_000);
  const { text, hasFault } = await surveyCabinet(plugged, false, plugged.host);
  t.notOk(hasFault, text);
  const [, ofRight = ''] = text.split('board right');
  t.match(ofRight, /firmware +lening \d+\.\d+, protocol \d/);
  t.match(ofRight, /reset by +上电 power-on/);
  t.match(ofRight, /settings +✓ 相同 equal/);
  t.match(ofRight, /bad frames +0\n/);
  t.match(ofRight, /doors open +27\n.*doors shut +25-26 28-48\n.*unknown +–\n.*chattering +–\n/);
  t.ok(Math.max(...text.split('\n').map(displayWidth)) <= 60, 'it fits a photo of the screen');

  // As JSON; a board that keeps the settings of another description is told from one that agrees.
  const other = cabinetNamed('mega-48', (yaml) => yaml.replace('debounceMs: 30', 'debounceMs: 31'));
  const asJson = await surveyCabinet({ ...plugged, cabinet: other }, true, plugged.host);
  t.match(JSON.parse(asJson.text).boards, [
    { board: 'left', settings: 'different', status: { locksOn: 0 }, lockers: { 1: { door: 'unknown' } } },
    { board: 'right', settings: 'equal', lockers: { 27: { door: 'open' }, 48: { door: 'closed' } } },
  ]);
});

t.test(
  'a stock Firmata is named with the remedy and asked nothing but who it is; a port in use names its user',
  async (t) => {
    const plugged = plugCabinet(t, 'mega-48');
    const { host } = plugged;
    host.unplug('left');
    const line = host.plug('left', (bytes) => stock.receive(bytes));
    const stock = new StandardFirmata((bytes) => line.write(bytes));
    await host.openPort('right', { baudRate: 57_600 });
    const { text, hasFault } = await surveyCabinet(plugged, false, host);
    t.ok(hasFault);
    const [ofLeft = '', ofRight = ''] = text.split('board right');
    t.match(ofLeft, /StandardFirmata/);
    t.match(ofLeft, /不是所描述的锁板/);
    t.match(ofLeft, /flash\s+firmware-bridge\/firmware/);
    t.ok(
      stock.messages.every((message) => /^(f9|f0 ?79 ?f7)$/i.test(message)),
      stock.messages.join(),
    );
    t.match(ofRight, /right is held by this\s+program\s+itself/);
  },
);

t.test('numbers become words', async (t) => {
  t.match(resetCauseWords(9), /power-on; .*watchdog/);
  t.match(resetCauseWords(0), /unknown/);
  t.strictSame([0, 59, 61, 3_600, 90_061].map(durationWords), [
    '0 s',
    '59 s',
    '1 min 1 s',
    '1 h 0 min',
    '1 d 1 h',
  ]);
  t.strictSame([[], [7], [3, 1, 2, 9]].map(ranges), ['–', '7', '1-3 9']);
});
