import t from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { until } from '../../support/until.js';
import { cabinetPath, runTool } from './technician.js';

const cabinetFile = cabinetPath('kerong-24');
const emulator = await startEmulator({ cabinetFile });
t.teardown(() => emulator.stop());
const args = ['--cabinet', cabinetFile, '--port', `main=${emulator.boards.main}`];

t.test('a Kerong board is asked for its status and for nothing else', async (t) => {
  const before = await emulator.snapshot();
  const tool = runTool(t, 'board-info', args);
  t.equal(await tool.ended, 0, tool.err());
  t.match(tool.out(), /firmware +kerong cu48\n[\s\S]*doors shut +1-24\n/);
  t.same(await emulator.snapshot(), before);
});

t.test('a lock of a Kerong board is tried like any other', async (t) => {
  const tool = runTool(t, 'locker-test', [...args, '5']);
  await until(() => tool.out().includes('开门 opened'), 'door 5 being seen open');
  t.same(await emulator.door(5, 'close'), { ok: true });
  t.equal(await tool.ended, 0, tool.err());
  t.match(tool.out(), /✓ +5 .*正常 ok/);
});

t.test('nobody on the port is told from a board', async (t) => {
  await emulator.fault({ kind: 'unplug', board: 'main' });
  const tool = runTool(t, 'board-info', args);
  t.equal(await tool.ended, 1);
  t.match(tool.out(), /✗ 锁板 board main[\s\S]*打不开串口/);
});
