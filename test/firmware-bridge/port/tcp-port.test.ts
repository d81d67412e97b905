import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openPort } from '../../../firmware-bridge/port/index.js';
import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { until } from '../../support/until.js';

async function adapter(test: Test) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = await openPort(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    baudRate: 57_600,
  });
  let ending: Fault | null | undefined;
  port.onClose((fault) => {
    ending = fault;
  });
  await until(() => sockets.length === 1);
  test.teardown(async () => {
    await port.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const [socket] = sockets;
  if (!socket) throw new Error('not connected');
  return { port, socket, ending: () => ending };
}

t.test('carries bytes both ways', async (t) => {
  const { port, socket } = await adapter(t);
  const got: number[] = [];
  port.onData((bytes) => got.push(...bytes));
  socket.write(Uint8Array.of(0, 0xf7, 0xff));
  port.write(Uint8Array.of(1, 2));
  const [chunk] = await once(socket, 'data');
  t.same([...chunk], [1, 2]);
  await until(() => got.length === 3);
  t.same(got, [0, 0xf7, 0xff]);
});

t.test('reports the far side hanging up', async (t) => {
  const { port, socket, ending } = await adapter(t);
  port.onData(() => undefined);
  socket.end();
  await until(() => ending() !== undefined);
  t.match(ending(), { code: 'port.lost', message: /far side/ });
});

t.test('closes within its time though the far side never finishes', async (t) => {
  const { port, socket, ending } = await adapter(t);
  port.onData(() => undefined);
  socket.resume();
  await port.close();
  t.equal(ending(), null);
});

t.test('gives up a far side that takes nothing', async (t) => {
  const { port, socket, ending } = await adapter(t);
  socket.pause();
  for (let sent = 0; sent < 64 && ending() === undefined; sent += 1) {
    for (let i = 0; i < 512; i += 1) port.write(new Uint8Array(limits.portWriteQueueBytes / 2));
    await new Promise(setImmediate);
  }
  t.match(ending(), { code: 'port.lost', message: /takes no bytes/ });
});

t.test('says what is wrong with an address', async (t) => {
  const open = (path: string) => openPort(path, { baudRate: 57_600 });
  await t.rejects(open('tcp://127.0.0.1'), { code: 'config.invalid' });
  await t.rejects(open('tcp://127.0.0.1:1'), { code: 'port.unavailable', message: /ECONNREFUSED/ });
});
