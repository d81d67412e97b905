import { readFileSync } from 'node:fs';
import t from 'tap';
import type { LockerBoardOptions } from '../../../../firmware-bridge/board/index.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { plug, watch } from '../../../support/board-events.js';
import { kerong16, kerong24, plugKerong } from '../../../support/plugged-kerong.js';

const statusOnly = (dialect: 'cu48' | 'cu16') =>
  dialect === 'cu48' ? /^(020000500355)+$/ : /^(0230300365)+$/;
const hexOf = (bytes: readonly number[]) => Buffer.from(bytes).toString('hex');

/** The last byte of an answer, its sum, made wrong. */
const spoilt = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 4 ? byte ^ 0x10 : byte));

t.test('a board of another dialect, another address, or none is refused by name', async (t) => {
  const dialect = plugKerong(t, kerong24, { dialect: 'cu16', address: 3 });
  const lost = await watch(t, { ...dialect.at, description: kerong24 }).next('lost');
  t.match(lost.fault, { code: 'board.silent', message: /nothing answers as cu48 at address 0/ });
  t.match(hexOf(dialect.heard), statusOnly('cu48'), 'asked for its status and nothing else');
});

t.test('a board that answers in another dialect is foreign, and it is said which it speaks', async (t) => {
  const plugged = plugKerong(t, kerong16);
  plugged.fromBoard = () => Uint8Array.from(Buffer.from('020000650700000000c00331', 'hex'));
  const lost = await watch(t, { ...plugged.at, description: kerong16 }).next('lost');
  t.match(lost.fault, { code: 'board.foreign', message: /answers in cu48, not in cu16/ });
  t.match(hexOf(plugged.heard), statusOnly('cu16'));
});

t.test('a board with another address that answers all the same is foreign', async (t) => {
  const plugged = plugKerong(t);
  plugged.fromBoard = () => Uint8Array.from(Buffer.from('0201006500008000000003eb', 'hex'));
  const lost = await watch(t, { ...plugged.at, description: kerong24 }).next('lost');
  t.match(lost.fault, { code: 'board.foreign', message: /board 1 answers, not board 0/ });
});

t.test('a board with bad sums is foreign, and what it said is told', async (t) => {
  const plugged = plugKerong(t);
  plugged.fromBoard = spoilt;
  const { board, next } = watch(t, { ...plugged.at, description: kerong24 });
  t.match((await next('lost')).fault, {
    code: 'board.foreign',
    message: /no status of cu48: 02 00 00 65 ef ff ff/,
  });
  t.notOk(board.ready);
  t.match(hexOf(plugged.heard), statusOnly('cu48'));
});

t.test('a Mega on the port is refused, and none of its pins moves', async (t) => {
  const mega = plug(t);
  let moved = 0;
  const lost = watch(t, { ...mega.at, description: kerong24 }).next('lost');
  mega.machine.onPinChange((pin) => {
    if (pin > 13) moved += 1;
  });
  t.match((await lost).fault.code, /^board\.(foreign|silent)$/);
  t.equal(moved, 0);
});

t.test('refused, it is asked again, and taken when it has become the described board', async (t) => {
  const plugged = plugKerong(t);
  plugged.fromBoard = spoilt;
  const { next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('lost');
  plugged.fromBoard = undefined;
  await next('ready');
});

t.test('every hook unlocked right after connecting is told to the maintainer, and believed', async (t) => {
  const plugged = plugKerong(t, kerong24);
  const warned: object[] = [];
  const log: LockerBoardOptions['log'] = { ...silentLog, warn: (fields) => warned.push(fields) };
  const description = { ...kerong24, hookBit: 'unlocked' } as const;
  const { doors } = await watch(t, { ...plugged.at, description, log }).next('ready');
  t.match(warned, [{ code: 'board.hooks-inverted', board: 'main', hookBit: 'unlocked' }]);
  t.same(new Set(doors.values()), new Set(['open']), 'nothing is guessed');
});

t.test('one shut door is enough for no warning', async (t) => {
  const plugged = plugKerong(t);
  for (const { locker } of kerong24.lockers.slice(1)) plugged.wired.forceDoor(locker);
  const warned: object[] = [];
  const log: LockerBoardOptions['log'] = { ...silentLog, warn: (fields) => warned.push(fields) };
  await watch(t, { ...plugged.at, description: kerong24, log }).next('ready');
  t.same(warned, []);
});

t.test('no part of the driver holds a number for all locks or all boards', async (t) => {
  const source = readFileSync(new URL('firmware-bridge/board/kerong/codec.ts', packageRoot), 'utf8');
  t.notMatch(source.replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, ''), /0x0?a\b|0x33|0x3[78]/i);
});
