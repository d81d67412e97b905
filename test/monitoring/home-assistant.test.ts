import t from 'tap';
import { z } from 'zod';
import { topicsOf } from '../../src/contract/topics.js';
import { kioskId, lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { discoveryOf, discoveryTopic } from '../../src/monitoring/home-assistant.js';
import { contract } from '../support/contract.js';
import { deviceSchema, deviceTopic } from '../support/home-assistant.js';

const subject = {
  street: 'jiangning',
  kiosk: kioskId('jn-01'),
  name: { zh: '江宁路书庭', en: 'Jiangning Road' },
  version: '0.1.0',
  lockers: [1, 2, 24].map(lockerNo),
};
const topics = topicsOf(subject.street, subject.kiosk);
const { device, components } = deviceSchema.parse(discoveryOf(subject));
const component = (id: string) => components.find((one) => one.id === id);

t.test('the description is valid for Home Assistant, and on its discovery topic', async (t) => {
  t.match(discoveryTopic('homeassistant', subject), deviceTopic);
  t.equal(discoveryTopic('ha', subject).split('/')[2], 'jn-01', 'a level that an access list can compare');
  t.strictSame(device.identifiers, ['lening-jiangning-jn-01']);
  const ids = components.map(({ unique_id }) => unique_id);
  t.equal(new Set(ids).size, ids.length);
  t.ok(ids.every((id) => id.startsWith('lening-jiangning-jn-01-')));
  t.notOk(deviceSchema.safeParse({ ...discoveryOf(subject), colour: 'red' }).success);
});

t.test('the description has each door and its faults, backlog, stock, temperature and alerts', async (t) => {
  const seen = components.map(({ id, platform }) => `${platform} ${id}`);
  const doors = [1, 2, 24].flatMap((n) => [`binary_sensor door-${n}`, `binary_sensor fault-${n}`]);
  const others = [
    ...['books', 'empty', 'unsent', 'oldest-unsent', 'cpu'].map((id) => `sensor ${id}`),
    ...['binary_sensor alerts', 'binary_sensor online', 'event alert', 'button identify', 'button self-test'],
  ];
  t.strictSame(seen.sort(), [...doors, ...others].sort());
  t.match(component('door-24'), { device_class: 'door', value_template: /'eq', 24\).*'None'/ });
  t.match(component('fault-24'), { device_class: 'problem' });
});

t.test('the buttons send requests, and none moves a lock', async (t) => {
  const commands = components.filter(({ command_topic }) => command_topic !== undefined);
  t.match(commands, [
    { platform: 'button', command_topic: `${topics.request}/identify`, payload_press: '{}' },
    { platform: 'button', command_topic: `${topics.request}/self-test`, payload_press: '{}' },
  ]);
  t.equal(commands.length, 2);
});

t.test('of a disconnected kiosk only the connection stays available', async (t) => {
  const online = component('online');
  t.match(online?.availability, [{ topic: topics.state, value_template: "{{ 'online' }}" }]);
  for (const { id, availability } of components.filter((one) => one !== online)) {
    t.match(availability, [{ topic: topics.state, value_template: /value_json\.online/ }], id);
  }
  const fromHealth = components.filter(
    (one) => one.state_topic === topics.health && one.platform !== 'button',
  );
  t.equal(fromHealth.length, 5 + 2 * subject.lockers.length);
  for (const each of fromHealth) t.match(each, { expire_after: (3 * limits.healthEveryMs) / 1_000 }, each.id);
});

/** The contract’s example of what is said on a topic. */
function exampleOn(topic: string | undefined): unknown {
  const name = topic?.split('/').at(-1) ?? '';
  return contract.components.messages[name]?.examples[0]?.payload;
}

t.test('each template reads the values of the message', async (t) => {
  for (const { id, platform, state_topic, ...rest } of components) {
    if (platform === 'button' || !('value_template' in rest)) continue;
    const paths = [...(rest.value_template ?? '').matchAll(/value_json((?:\.\w+)+)/g)];
    t.ok(paths.length > 0 && state_topic !== undefined, id);
    for (const [, path = ''] of paths) {
      let value = exampleOn(state_topic);
      for (const key of path.slice(1).split('.')) value = z.record(z.string(), z.unknown()).parse(value)[key];
      t.not(value, undefined, `${id}: ${path}`);
    }
  }
});
