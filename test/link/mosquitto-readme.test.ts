import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';
import { freePort, runMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import { linkSchema, locateFiles } from '../../src/config/link.js';
import { silentLog } from '../../src/kernel/log.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { connectMqtt } from '../../src/mqtt/connection.js';
import { until } from '../support/until.js';

const root = fileURLToPath(packageRoot);
const readme = readFileSync(join(root, 'src/link/mosquitto/README.md'), 'utf8');

/** The contents of the code blocks in a language, as they stand in the list. */
function blocks(language: string): string[] {
  const found = readme.matchAll(new RegExp(`^ +\`\`\`${language}\\n([^]*?)^ +\`\`\``, 'gm'));
  return [...found].map(([, text = '']) => text.replace(/^ {1,3}/gm, ''));
}

t.test('a broker set up by the README accepts the kiosk', async (t) => {
  const folder = t.testdir();
  symlinkSync(join(root, 'src'), join(folder, 'src'));
  mkdirSync(join(folder, 'etc/mosquitto'), { recursive: true });
  const program = join(root, 'dist/scripts/technician/certificates/main.js');
  const commands = blocks('sh')
    .join('')
    .replaceAll('npm run certificates --', `${process.execPath} ${program}`)
    .replaceAll('broker.example.org', '127.0.0.1')
    .replaceAll('/etc/mosquitto', `${folder}/etc/mosquitto`)
    .replaceAll(' -o mosquitto', '')
    .replace(/^sudo (apt-get|systemctl) .*$/gm, '')
    .replaceAll('sudo ', '');
  const isRevocation = (line: string) => line.includes(' revoke ');
  const run = (lines: readonly string[]) => {
    const { status, stderr } = spawnSync('sh', ['-e', '-c', lines.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
    });
    t.equal(status, 0, stderr);
  };
  const lines = commands.split('\n');
  run(lines.filter((line) => !isRevocation(line)));

  const port = await freePort();
  const file = join(folder, 'etc/mosquitto/mosquitto.conf');
  const text = readFileSync(file, 'utf8')
    .replaceAll('/etc/mosquitto', `${folder}/etc/mosquitto`)
    .replace('/var/lib/mosquitto', folder)
    .replace('listener 8883', `listener ${port} 127.0.0.1`)
    .replace('listener 8884', `listener ${await freePort()} 127.0.0.1`);
  writeFileSync(file, text);
  const mosquitto = await runMosquitto(file, port, 'mqtts');
  t.teardown(mosquitto.kill);

  cpSync(join(folder, 'certificates/jn-01'), join(folder, 'tls'), { recursive: true });
  t.equal(statSync(join(folder, 'tls/private.key')).mode & 0o777, 0o600);
  const settings = parse(blocks('yaml').join('').replace('broker.example.org', `127.0.0.1:${port}`));
  const { brokerUrl, tls } = locateFiles(linkSchema.parse(settings.link), (path) => join(folder, path));
  let isOnline = false;
  const connection = connectMqtt({
    url: brokerUrl,
    ...(tls && { tls }),
    clientId: 'lening-jn-01',
    subscribe: ['#'],
    log: silentLog,
    onOnline: (online) => {
      isOnline = online;
    },
    onMessage: () => undefined,
  });
  t.teardown(() => connection.close());
  await until(() => isOnline, 'the kiosk to be let in');
  run(lines.filter(isRevocation));
});
