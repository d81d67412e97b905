import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { followScreen } from '../../scripts/proofs/support/screen-follower.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { until } from '../support/until.js';

const program = fileURLToPath(new URL('dist/src/main.js', packageRoot));
/** Longest wait for anything: only says that the demo hangs. */
const hungMs = 60_000;
t.setTimeout(300_000);

/** What the machine's calendar shows, in libfaketime's words. */
const calendars = {
  '1970 y': '@1970-01-01 00:00:10',
  today: '+0',
  '+1 y': '+365d',
  '+5 y': '+1826d',
  '+20 y': '+7305d',
};
/** What systemd says of the time service: none, one that has set the clock, or one that has not yet (chrony, ntpd, …). */
const services = {
  none: 'exit 1',
  set: 'echo NTP=yes; echo NTPSynchronized=yes',
  unset: 'echo NTP=yes; echo NTPSynchronized=no',
};

type Calendar = keyof typeof calendars;
type Service = keyof typeof services;

/** `CALENDARS=all npm test wrong-calendar` tries each calendar with each service. */
const all = (Object.keys(calendars) as Calendar[]).flatMap((calendar) =>
  (Object.keys(services) as Service[]).map((service) => [calendar, service] as const),
);
const few = [
  ['1970 y', 'none'],
  ['+20 y', 'none'],
] as unknown as typeof all;

/** Starts the demo on that machine, and finds where its pages are. */
async function startDemo(t: Test, folder: string, calendar: Calendar, service: Service) {
  const commands = join(folder, 'bin');
  mkdirSync(commands);
  writeFileSync(join(commands, 'timedatectl'), `#!/bin/sh\n${services[service]}\n`);
  chmodSync(join(commands, 'timedatectl'), 0o755);
  const env = {
    ...process.env,
    PATH: `${commands}:${process.env.PATH}`,
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
    FAKETIME: calendars[calendar],
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const args = [program, '--any-ports', '--data', join(folder, 'data')];
  const demo = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => demo.kill('SIGKILL'));
  const urls: Record<string, string> = {};
  for await (const line of createInterface({ input: demo.stdout })) {
    const [, name, url] = /(Screen|Cabinet page) +(http\S+)/.exec(line) ?? [];
    if (name !== undefined && url !== undefined) urls[name] = url;
    if (line.includes('Ctrl-C')) break;
  }
  demo.stdout.resume();
  return { demo, screen: urls.Screen ?? '', cabinet: urls['Cabinet page'] ?? '' };
}

for (const [calendar, service] of process.env.CALENDARS === 'all' ? all : few) {
  t.test(`calendar ${calendar}, time service ${service}: the demo lends a book`, async (t) => {
    const folder = t.testdir();
    const { demo, screen, cabinet } = await startDemo(t, folder, calendar, service);
    const { sees, touch, stop } = await followScreen(screen);
    t.teardown(stop);
    const post = (path: string, body: object) =>
      fetch(new URL(`api/${path}`, cabinet), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const { props, lockers } = await (await fetch(new URL('api/cabinet', cabinet))).json();
    await sees('an idle kiosk', ({ phase }) => phase === 'idle', hungMs);
    // She tries again until it works: on a busy machine the reader or a board may not be connected for a moment.
    const tries = async (attempt: () => Promise<unknown>, what: string, phase: string) => {
      let isShown = false;
      const shown = sees(what, (view) => view.phase === phase, hungMs).then(() => {
        isShown = true;
      });
      const tried = until(
        async () => {
          if (!isShown) await attempt();
          return isShown;
        },
        what,
        hungMs,
      );
      await Promise.all([shown, tried]);
    };
    const code = { text: props.people[0].codes[0].text };
    await tries(() => post('scan', code), 'the choice of a book', 'choosing');
    const { item, locker } = lockers.find(({ item }: { item: string | null }) => item !== null);
    await tries(() => touch({ kind: 'choose-locker', locker }), 'the released door', 'opening');
    // The latch is free a moment after the screen says so; until then the answer (200) says that the door did not move.
    const pull = async () => (await post('door', { locker, action: 'open' })).json();
    await until(async () => (await pull()).ok === true, 'the latch', hungMs);
    await sees('the open door', ({ phase }) => phase === 'open', hungMs);
    await post('book', { action: 'take', locker, item });
    await post('door', { locker, action: 'close' });
    await sees('the due date', ({ phase, due }) => phase === 'farewell' && due !== null, hungMs);
    demo.kill('SIGINT');
    t.strictSame(await once(demo, 'exit'), [0, null]);

    const journal = new Database(join(folder, 'data', 'journal.db'), { readonly: true });
    const trusts = journal.prepare('SELECT DISTINCT trust FROM event').pluck().all();
    journal.close();
    // A service that has set the clock to 1970 has not.
    const isTrusted = calendar !== '1970 y' && service !== 'unset';
    t.strictSame(trusts, [isTrusted ? 'trusted' : 'floor']);
  });
}
