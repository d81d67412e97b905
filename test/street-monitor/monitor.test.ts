import t from 'tap';
import { topicsOf } from '../../src/contract/topics.js';
import { kioskId } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { connectMqtt } from '../../src/mqtt/connection.js';
import { applyMessage, isOnline, type Street } from '../../src/street-monitor/kiosk-status.js';
import { startMonitor } from '../../src/street-monitor/monitor.js';
import { renderTable } from '../../src/street-monitor/table.js';
import { displayWidth } from '../../src/terminal/columns.js';
import { embedded } from '../support/brokers.js';
import { contract } from '../support/contract.js';
import { until } from '../support/until.js';

const now = 1_795_446_580_000;
const session = '5f1c7b0e9a3d2c44';
const example = (name: string): object => contract.components.messages[name]?.examples[0]?.payload as object;
const bytes = (body: object) => Buffer.from(JSON.stringify(body));

/** A street after some messages of its kiosks. */
function street(...messages: readonly (readonly [kiosk: string, what: string, body: object])[]): Street {
  return messages.reduce<Street>(
    (all, [kiosk, what, body]) => applyMessage(all, `lening/v1/jiangning/${kiosk}/${what}`, bytes(body)),
    new Map(),
  );
}
const only = (all: Street) => [...all.values()][0] ?? t.fail('a kiosk');

t.test(
  'a kiosk is there as its own present life says, and not when it has been silent for long',
  async (t) => {
    const health = example('health');
    const is = (state: object, nowMs = now) => {
      const kiosk = only(street(['jn-01', 'health', health], ['jn-01', 'state', state]));
      return typeof kiosk === 'object' && isOnline(kiosk, nowMs);
    };
    t.equal(is({ online: true, session }), true);
    t.equal(is({ online: false, session }), false);
    t.equal(is({ online: false, session: '00000000000000aa' }), true, 'the late will of another life');
    t.equal(is({ online: true, session }, now + 200_000), false, 'it has said nothing for three minutes');
  },
);

t.test('the table fits its terminal, and says what is wrong and what to do', async (t) => {
  const all = street(
    ['jn-02', 'state', { online: false, session }],
    ['jn-01', 'health', example('health')],
    ['jn-01', 'state', { online: true, session }],
    ['jn-01', 'alerts', example('alerts')],
    ['jn-01', 'health', { nonsense: true }],
    ['catalogue', 'state', { online: true, session }],
  );
  for (const width of [80, 60, 40]) {
    const lines = renderTable(all, { nowMs: now, width, isConnected: true, broker: 'broker.example' });
    t.ok(Math.max(...lines.map(displayWidth)) <= width, `${width} columns`);
  }
  const text = renderTable(all, { nowMs: now, width: 80, isConnected: false, broker: 'broker.example' }).join(
    '\n',
  );
  t.match(text, /1\/2 在线 online/);
  t.match(text, /jn-01 +● 有故障 +17 +5 +2 +3 s +0\/1/);
  t.match(text, /jn-02 +○ 离线/);
  t.match(text, /! jn-01 {2}main {2}board.lost\n {4}A locker board does not answer. → Check its supply/);
  t.match(text, /no connection/);
});

t.test('once, with JSON, says what the broker retains', async (t) => {
  const broker = await embedded.start(t.testdir(), t);
  t.teardown(() => broker.kill());
  const { state, health } = topicsOf('jiangning', kioskId('jn-01'));
  let isOnline = false;
  const kiosk = connectMqtt({
    url: broker.url,
    clientId: 'played',
    subscribe: [state],
    log: silentLog,
    onMessage: () => undefined,
    onOnline(online) {
      isOnline = online;
    },
  });
  t.teardown(() => kiosk.close());
  await until(() => isOnline, 'the played kiosk to be online');
  kiosk.publish(health, JSON.stringify(example('health')), { retain: true });
  kiosk.publish(state, JSON.stringify({ online: true, session }), { retain: true });
  let said = '';
  const output = {
    write(text: string) {
      said += text;
    },
  };
  const monitor = startMonitor({ url: broker.url, street: 'jiangning', json: true, once: true }, output);
  t.equal(await monitor.done, 0);
  await monitor.close();
  t.match(JSON.parse(said), [{ kiosk: 'jn-01', health: { books: 17 }, alerts: [] }]);
});
