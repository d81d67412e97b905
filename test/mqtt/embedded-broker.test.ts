import { once } from 'node:events';
import { connect } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import t from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { startEmbeddedBroker } from '../../src/mqtt/embedded-broker.js';
import { until } from '../support/until.js';

const closeOf = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', resolve));
const portOf = (url: string) => Number(new URL(url).port);

t.test('a port that is taken is a fault of its own', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog });
  t.teardown(() => broker.close());
  await t.rejects(startEmbeddedBroker({ port: portOf(broker.url), log: silentLog }), {
    code: 'broker.port-taken',
  });
});

t.test('closing drops clients at once, and the port can be used again', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog });
  const port = portOf(broker.url);
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  const silent = connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  const gone = Promise.all([closeOf(client), once(silent, 'close')]);
  await broker.close();
  await gone;
  const second = await startEmbeddedBroker({ port, log: silentLog });
  const other = await mqtt.connectAsync(second.url, { reconnectPeriod: 0 });
  t.ok(other.connected);
  other.end(true);
  await second.close();
});

t.test('the last will of a client that dies reaches the others', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog });
  t.teardown(() => broker.close());
  const ear = await mqtt.connectAsync(broker.url);
  t.teardown(() => ear.endAsync(true));
  const heard: string[] = [];
  ear.on('message', (_topic, payload) => heard.push(payload.toString()));
  await ear.subscribeAsync('state', { qos: 1 });
  const will = { topic: 'state', payload: Buffer.from('gone'), qos: 1, retain: true } as const;
  const dying = await mqtt.connectAsync(broker.url, { will, reconnectPeriod: 0 });
  dying.stream.destroy();
  await until(() => heard.includes('gone'), 'the will');
});

t.test('the broker keeps no session and no huge message', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog });
  t.teardown(() => broker.close());
  const keeper = mqtt.connect(broker.url, { clean: false, clientId: 'keeper', reconnectPeriod: 0 });
  keeper.on('error', () => undefined);
  await closeOf(keeper);
  t.notOk(keeper.connected);
  const giant = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  giant.on('error', () => undefined);
  const closed = closeOf(giant);
  giant.publish('a', Buffer.alloc(limits.linkMessageBytes + 1), { retain: true });
  await closed;
  const ear = await mqtt.connectAsync(broker.url);
  t.teardown(() => ear.endAsync(true));
  const topics: string[] = [];
  ear.on('message', (topic) => topics.push(topic));
  await ear.subscribeAsync('#', { qos: 1 });
  await ear.publishAsync('end', 'x', { qos: 1 });
  await until(() => topics.includes('end'), 'the last message');
  t.strictSame(topics, ['end']);
});

t.test('the number of retained messages is bounded; a deleted one frees its place', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog });
  t.teardown(() => broker.close());
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  client.on('error', () => undefined);
  const keep = (topic: string, text = 'x') => client.publishAsync(topic, text, { qos: 1, retain: true });
  for (let n = 0; n < limits.brokerRetainedLength; n++) await keep(`kept/${n}`);
  await keep('kept/0', '');
  await keep('in/its/place');
  await keep('kept/1', 'replaced');
  const closed = closeOf(client);
  client.publish('one/more', 'x', { retain: true });
  await closed;
  t.notOk(client.connected);
});

t.test('so are their bytes; a replaced or deleted one frees its bytes', async (t) => {
  const broker = await startEmbeddedBroker({ port: 0, log: silentLog, retainedBytes: 1_000 });
  t.teardown(() => broker.close());
  const client = await mqtt.connectAsync(broker.url, { reconnectPeriod: 0 });
  client.on('error', () => undefined);
  const keep = (topic: string, bytes: number) =>
    client.publishAsync(topic, Buffer.alloc(bytes), { qos: 1, retain: true });
  await keep('a', 900);
  await keep('a', 400);
  await keep('b', 600);
  await keep('b', 0);
  await keep('c', 600);
  const closed = closeOf(client);
  client.publish('d', 'x', { retain: true });
  await closed;
  t.notOk(client.connected);
});
