import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import t, { type Test } from 'tap';
import { Followers } from '../../src/screen/followers.js';
import { until } from '../support/until.js';

const big = (name: string) => name.padEnd(65_536, '.');

/** A page that has connected and reads nothing until it is resumed. */
async function slowPage(t: Test) {
  const followers = new Followers();
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    followers.add(response, 'edition', big('first'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  t.teardown(() => {
    socket.destroy();
    server.close();
  });
  await until(() => responses.length === 1);
  const [response] = responses;
  if (!response) throw new Error('no response');
  return { followers, socket, response };
}

/** Publishes until the network takes no more, then as many again. */
async function publishPastFull(followers: Followers, response: ServerResponse): Promise<void> {
  for (let i = 0; !response.writableNeedDrain; i++) {
    followers.publish(big(`filling ${i}`));
    await new Promise(setImmediate);
  }
  for (let i = 0; i < 200; i++) followers.publish(big(`skipped ${i}`));
}

t.test('a page that does not read costs at most one message, and skips to the newest', async (t) => {
  const { followers, socket, response } = await slowPage(t);
  await publishPastFull(followers, response);
  t.ok(response.writableLength < 2 * 65_536 + 1_024, `${response.writableLength} bytes wait`);
  followers.publish('newest');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.resume();
  await until(() => text.includes('data: newest'));
  t.notMatch(text, /skipped/);
});

t.test('a page that takes nothing for two beats is dropped; one that reads is not', async (t) => {
  const { followers, socket, response } = await slowPage(t);
  followers.beat();
  followers.beat();
  followers.beat();
  t.equal(followers.size, 1, 'nothing was stuck yet');
  await publishPastFull(followers, response);
  followers.beat();
  t.notOk(response.destroyed);
  followers.beat();
  t.ok(response.destroyed);
  await until(() => followers.size === 0);
  socket.destroy();
});
