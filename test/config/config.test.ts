import { fileURLToPath } from 'node:url';
import t from 'tap';
import { lockersOf } from '../../hardware/cabinet.js';
import { defaultTimeouts } from '../../src/circulation/timeouts.js';
import { parseConfig } from '../../src/config/config.js';
import { Fault } from '../../src/kernel/faults.js';
import { packageRoot } from '../../src/kernel/package-root.js';

const file = fileURLToPath(new URL('kiosk.yaml', packageRoot));
const valid = {
  kiosk: 'jn-01',
  name: { zh: '江宁路书庭', en: 'Jiangning Road' },
  street: 'jiangning',
  dataFolder: 'data',
  cabinetFile: 'hardware/mega-24.yaml',
  boards: { main: { port: '/dev/ttyACM0' } },
  reader: { port: 'tcp://127.0.0.1:9000' },
  screen: { wechatUrl: 'https://example.org/k/' },
  link: { brokerUrl: 'mqtt://127.0.0.1:1883' },
  passKeys: ['-----BEGIN PUBLIC KEY-----'],
};
const parse = (change: object) => parseConfig(JSON.stringify({ ...valid, ...change }), file);

t.test('a short configuration gets defaults, absolute paths and its cabinet', async (t) => {
  const config = parse({});
  t.match(config, {
    policy: { loanDays: 28, loansPerPatron: 5 },
    reader: { kind: 'generic', baudRate: 9_600 },
    library: { checkDigit: true, institutions: [] },
    firstStock: [],
  });
  t.strictSame(config.waits, defaultTimeouts);
  t.equal(config.dataFolder, fileURLToPath(new URL('data', packageRoot)));
  t.equal(lockersOf(config.cabinet).length, 24);
});

t.test('place and Home Assistant are optional settings', async (t) => {
  t.match(parse({}), { place: {}, monitoring: { homeAssistant: { prefix: 'homeassistant' } } });
  const place = { lat: 31.24, lon: 121.44, address: { zh: '江宁路 500 号', en: '500 Jiangning Road' } };
  t.strictSame(parse({ place }).place, place);
  t.strictSame(parse({ monitoring: { homeAssistant: { prefix: 'ha' } } }).monitoring.homeAssistant, {
    prefix: 'ha',
  });
  t.equal(parse({ monitoring: { homeAssistant: false } }).monitoring.homeAssistant, false);
});

t.test('a backup medium is an optional setting', async (t) => {
  t.notOk('backup' in parse({}));
  t.strictSame(parse({ backup: { folder: '/media/stick/backups' } }).backup, {
    folder: '/media/stick/backups',
    everyHours: 24,
  });
});

t.test('the link needs TLS, a loopback address or `plain: forced`', async (t) => {
  for (const brokerUrl of [
    'mqtt://localhost',
    'mqtt://127.0.0.9:1884',
    'mqtt://[::1]:1883',
    'mqtts://broker',
  ]) {
    t.strictSame(parse({ link: { brokerUrl } }).link, { brokerUrl });
  }
  const forced = { brokerUrl: 'mqtt://broker', plain: 'forced' };
  t.strictSame(parse({ link: forced }).link, forced);
  const tls = { caFile: 'tls/ca.crt', certFile: '/etc/a.crt', keyFile: 'tls/a.key' };
  const inPackage = (path: string) => fileURLToPath(new URL(path, packageRoot));
  t.strictSame(parse({ link: { brokerUrl: 'mqtts://broker', tls } }).link, {
    brokerUrl: 'mqtts://broker',
    tls: { caFile: inPackage('tls/ca.crt'), certFile: '/etc/a.crt', keyFile: inPackage('tls/a.key') },
  });
});

t.test('every mistake is reported with its path', async (t) => {
  const cases = [
    [{ kioks: 'jn-01' }, /kioks/],
    [{ kiosk: 'JN 01' }, /kiosk/],
    [{ backup: { folder: 'stick', everyHours: 0 } }, /backup\.everyHours/],
    [{ boards: { main: { port: 'COM3' } } }, /boards\.main\.port/],
    [{ boards: {} }, /boards: main of .*mega-24\.yaml is missing/],
    [
      { boards: { main: { port: '/dev/a' }, left: { port: '/dev/b' } } },
      /boards: left is not in .*mega-24\.yaml/,
    ],
    [{ boards: { main: { port: 'tcp://' } } }, /boards\.main\.port/],
    [{ boards: { main: { port: 'tcp://127.0.0.1' } } }, /boards\.main\.port/],
    [{ boards: { main: { port: 'tcp://127.0.0.1:70000' } } }, /boards\.main\.port/],
    [
      { boards: { main: { port: valid.reader.port } } },
      /boards\.main\.port: .* is already used by reader\.port/,
    ],
    [{ reader: { port: 'tcp://:9000' } }, /reader\.port/],
    [{ reader: { port: '/dev/a', kind: 'gm66' } }, /reader\.kind/],
    [{ reader: { port: '/dev/a', kind: 'gm65', baudRate: 921_600 } }, /115200[\s\S]*reader\.baudRate/],
    [
      { library: { institutions: [{ institution: '23', checkDigit: false }] } },
      /institutions\[0\]\.institution/,
    ],
    [
      { library: { institutions: [true, false].map((checkDigit) => ({ institution: '0234', checkDigit })) } },
      /twice[\s\S]*library\.institutions/,
    ],
    [{ link: { brokerUrl: 'mqtt://' } }, /link\.brokerUrl/],
    [{ link: { brokerUrl: 'mqtt://broker:99999' } }, /link\.brokerUrl/],
    [{ link: { brokerUrl: 'http://broker:1883' } }, /link\.brokerUrl/],
    [{ link: { brokerUrl: 'mqtt://broker' } }, /plain: forced[\s\S]*link\.brokerUrl/],
    [{ link: { brokerUrl: 'mqtt://127.0.0.1.example.org' } }, /link\.brokerUrl/],
    [{ link: { brokerUrl: 'mqtt://127.0.0.1', tls: { caFile: 'ca.crt' } } }, /mqtts[\s\S]*link\.tls/],
    [{ link: { brokerUrl: 'mqtts://broker', tls: { certFile: 'a.crt' } } }, /keyFile[\s\S]*link\.tls/],
    [{ link: { brokerUrl: 'mqtts://broker', plain: 'yes' } }, /link\.plain/],
    [{ policy: { loanDays: 0 } }, /policy\.loanDays/],
    [{ waits: { doorOpenMs: 5 } }, /waits\.doorOpenMs/],
    [{ firstStock: [{ locker: 1, item: '12' }] }, /firstStock\[0\]\.item/],
    [{ firstStock: [{ locker: 25, item: '30106000000017' }] }, /no locker 25/],
    [{ firstStock: [1, 2].map((locker) => ({ locker, item: '30106000000017' })) }, /twice/],
    [{ passKeys: [] }, /passKeys/],
    [{ cabinetFile: 'nowhere.yaml' }, /nowhere\.yaml cannot be read/],
  ] as const;
  for (const [change, place] of cases) {
    t.throws(() => parse(change), { code: 'config.invalid', message: place }, JSON.stringify(change));
  }
  t.throws(() => parseConfig('a: [', file), Fault, 'broken YAML is a Fault too');
  t.throws(() => parseConfig('a: *nothing', file), { code: 'config.invalid', message: /nothing/ });
});
