import t, { type Test } from 'tap';
import { surveyCabinet } from '../../../scripts/technician/board-info/survey.js';
import { plugKerong } from '../../support/plugged-kerong.js';
import { cabinetNamed, portsOf, startLockerTest } from './technician.js';

const cabinet = cabinetNamed('kerong-24');

function plug(t: Test) {
  const kerong = plugKerong(t);
  return { kerong, plugged: { host: kerong.at.host, cabinet, ports: portsOf(cabinet) } };
}

t.test('a Kerong board is asked for its status and for nothing else', async (t) => {
  const { kerong, plugged } = plug(t);
  const { text, hasFault } = await surveyCabinet(plugged, false, plugged.host);
  t.notOk(hasFault, text);
  t.match(text, /firmware +kerong cu48\n[\s\S]*doors shut +1-24\n/);
  t.match(Buffer.from(kerong.heard).toString('hex'), /^(020000500355)+$/);
});

t.test('a lock of a Kerong board is tried like any other', async (t) => {
  const { kerong, plugged } = plug(t);
  const lockerTest = startLockerTest(plugged, [5]);
  await plugged.host.timers.until(() => lockerTest.out().includes('开门 opened'), 'door 5 being seen open');
  t.same(
    kerong.act(() => kerong.wired.closeDoor(5)),
    { ok: true },
  );
  t.match(await lockerTest.ended, [{ result: 'ok' }]);
  t.match(lockerTest.out(), /✓ +5 .*正常 ok/);
});

t.test('nobody on the port is told from a board', async (t) => {
  const { kerong, plugged } = plug(t);
  kerong.unplug();
  const { text, hasFault } = await surveyCabinet(plugged, false, plugged.host);
  t.ok(hasFault);
  t.match(text, /✗ 锁板 board main[\s\S]*打不开串口/);
});
