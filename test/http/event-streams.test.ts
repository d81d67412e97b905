import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import t, { type Test } from 'tap';
import { EventStreams } from '../../src/http/event-streams.js';
import { until } from '../support/until.js';

const big = (name: string) => name.padEnd(65_536, '.');

/** A page that has connected and reads nothing until it is resumed; `publish` sends a state. */
async function slowPage(t: Test) {
  let state = big('first');
  const streams = new EventStreams({ data: () => state });
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    streams.add(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  t.teardown(() => {
    streams.close();
    socket.destroy();
    server.close();
  });
  await until(() => responses.length === 1);
  const [response] = responses;
  if (!response) throw new Error('no response');
  const publish = async (next: string) => {
    state = next;
    streams.changed();
    await new Promise(setImmediate);
  };
  /** Publishes until the network takes no more, then as many again. */
  const publishPastFull = async () => {
    for (let i = 0; !response.writableNeedDrain; i++) await publish(big(`filling ${i}`));
    for (let i = 0; i < 200; i++) await publish(big(`skipped ${i}`));
  };
  return { streams, socket, response, publish, publishPastFull };
}

t.test('a page that does not read costs at most one message, and skips to the newest', async (t) => {
  const { socket, response, publish, publishPastFull } = await slowPage(t);
  await publishPastFull();
  t.ok(response.writableLength < 2 * 65_536 + 1_024, `${response.writableLength} bytes wait`);
  await publish('newest');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.resume();
  await until(() => text.includes('data: newest'));
  t.notMatch(text, /skipped/);
});

t.test('a page that takes nothing for two beats is dropped; one that reads is not', async (t) => {
  const { streams, socket, response, publishPastFull } = await slowPage(t);
  streams.beat();
  streams.beat();
  streams.beat();
  t.equal(streams.size, 1, 'nothing was stuck yet');
  await publishPastFull();
  streams.beat();
  t.notOk(response.destroyed);
  streams.beat();
  t.ok(response.destroyed);
  await until(() => streams.size === 0);
  socket.destroy();
});
