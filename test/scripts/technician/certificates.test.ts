import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import {
  broker,
  holderOf,
  initAuthority,
  issue,
  kioskHolder,
  listIssued,
  maintainerHolder,
  revoke,
} from '../../../scripts/technician/certificates/authority.js';

import { packageRoot } from '../../../src/kernel/package-root.js';

const program = fileURLToPath(new URL('dist/scripts/technician/certificates/main.js', packageRoot));

/** The holder of a label that is good. */
function known(label: string) {
  const holder = holderOf(label);
  if (!holder) throw new Error(label);
  return holder;
}

t.test('keys and the authority are their owner’s alone', async (t) => {
  const folder = t.testdir();
  initAuthority(folder, 'jiangning');
  issue(folder, known('jn-01'));
  const modes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.key') || path === 'authority')
    .map((path) => [path, (statSync(join(folder, path)).mode & 0o777).toString(8)]);
  t.strictSame(Object.fromEntries(modes), {
    authority: '700',
    'authority/ca.key': '600',
    'jn-01/private.key': '600',
  });
});

t.test('a revocation takes every certificate a holder has had, and nobody else’s', async (t) => {
  const folder = t.testdir();
  initAuthority(folder, 'jiangning');
  issue(folder, broker, ['broker.example.org', '192.0.2.7', '2001:db8::7']);
  for (const label of ['jn-01', 'jn-01', 'jn-02', 'catalogue', 'maintainer-wang', 'maintainer-li']) {
    issue(folder, known(label));
  }
  const before = readFileSync(join(folder, 'broker/revoked.crl'), 'utf8');
  t.strictSame(
    [revoke(folder, 'jn-01'), revoke(folder, 'maintainer-wang'), revoke(folder, 'jn-09')],
    [2, 1, 0],
  );
  t.not(readFileSync(join(folder, 'broker/revoked.crl'), 'utf8'), before, 'the broker’s list is another');
  issue(folder, known('jn-01'));
  t.strictSame(
    listIssued(folder).map(({ label, isRevoked }) => (isRevoked ? `${label} revoked` : label)),
    [
      'broker',
      ...['jn-01 revoked', 'jn-01 revoked', 'jn-02', 'catalogue', 'maintainer-wang revoked', 'maintainer-li'],
      'jn-01',
    ],
  );
  const twoYears = 730 * 86_400_000;
  for (const { until } of listIssued(folder))
    t.ok(Math.abs(until.getTime() - Date.now() - twoYears) < 60_000);
});

t.test('an authority is made once; without one there are no certificates', async (t) => {
  const folder = t.testdir();
  t.throws(() => issue(folder, broker), { code: 'certificates.failed', message: /init/ });
  initAuthority(folder, 'jiangning');
  const key = readFileSync(join(folder, 'authority/ca.key'), 'utf8');
  t.throws(() => initAuthority(folder, 'jiangning'), { code: 'certificates.failed', message: /already/ });
  t.equal(readFileSync(join(folder, 'authority/ca.key'), 'utf8'), key);
});

t.test('no kiosk is called like another account, and no name leaves its place', async (t) => {
  for (const name of [
    'catalogue',
    'broker',
    'maintainer',
    'maintainer-wang',
    'authority',
    '../x',
    'a/b',
    'A',
    '+',
    '',
  ]) {
    t.equal(kioskHolder(name), undefined, name);
  }
  for (const name of ['', 'a/CN=catalogue', '..']) t.equal(maintainerHolder(name), undefined, name);
});

t.test('a command that is not understood says how it is used, one that fails says why', async (t) => {
  const folder = t.testdir();
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, '--folder', folder, ...args], { encoding: 'utf8' });
  t.match(run('init', 'jiangning'), { status: 2, stderr: /--host/ });
  t.match(run('kiosk', 'Catalogue'), { status: 2, stderr: /"Catalogue" is not a valid name/ });
  t.match(run('kiosk', 'jn-01'), { status: 1, stderr: /init/ });
});
