import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { type FaultProxy, startFaultProxy } from '../../../scripts/proofs/support/fault-proxy.js';
import { until } from '../../support/until.js';

const numbers = Buffer.from(Array.from({ length: 4_000 }, (_, n) => n % 251));

const isClosed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** A server that sends back what it gets, behind a proxy, and a client of it. */
async function stage(t: Test): Promise<{ proxy: FaultProxy; client: Socket; heard: () => Buffer }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const proxy = await startFaultProxy(address.port, () => 0.5);
  const client = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await once(client, 'connect');
  let heard = Buffer.alloc(0);
  client.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
  });
  t.teardown(async () => {
    client.destroy();
    await proxy.close();
    server.close();
  });
  return { proxy, client, heard: () => heard };
}

t.test('a delay keeps what it carries in order, and is as long as it says', async (t) => {
  const { proxy, client, heard } = await stage(t);
  proxy.setDelay(40, 20);
  const sentMs = performance.now();
  for (let at = 0; at < numbers.length; at += 100) client.write(numbers.subarray(at, at + 100));
  await until(() => heard().length === numbers.length, 'all of it');
  t.ok(performance.now() - sentMs >= 99, 'there and back');
  t.strictSame(heard(), numbers);
});

t.test('a slow way, and one of a byte at a time, lose nothing', async (t) => {
  const { proxy, client, heard } = await stage(t);
  proxy.slow(40_000);
  const sentMs = performance.now();
  client.write(numbers);
  await until(() => heard().length === numbers.length, 'all of it');
  t.ok(performance.now() - sentMs >= 70, 'no more than so much in a second');
  proxy.trickle(true);
  client.write(numbers.subarray(0, 20));
  await until(() => heard().length > numbers.length, 'the first byte');
  t.ok(heard().length < numbers.length + 10, 'one byte after the other');
  proxy.trickle(false);
  await until(() => heard().length === numbers.length + 20, 'the rest');
  t.strictSame(heard().subarray(numbers.length), numbers.subarray(0, 20));
});

t.test('a stalled way carries all of it later', async (t) => {
  const { proxy, client, heard } = await stage(t);
  proxy.stall('down', true);
  client.write(numbers);
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.equal(heard().length, 0);
  proxy.stall('both', false);
  await until(() => heard().length === numbers.length, 'all of it');
  t.strictSame(heard(), numbers);
});

t.test('cut, half closed or shut, a connection ends at both ends', async (t) => {
  for (const kind of ['reset', 'end', 'half'] as const) {
    const { proxy, client } = await stage(t);
    const closed = isClosed(client);
    proxy.cut(kind);
    await closed;
    await until(() => proxy.connections === 0, 'no connection');
  }
  const { proxy } = await stage(t);
  proxy.open(false);
  const refused = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await isClosed(refused);
  t.equal(proxy.connections, 1, 'the one from before');
});
