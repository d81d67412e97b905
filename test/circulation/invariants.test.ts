import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import type { Input } from '../../src/circulation/input.js';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import type { Door } from '../../src/circulation/state.js';
import { checkAlways, claim, settlements } from './invariants.js';
import { player } from './player.js';
import { cabinet, catalogueInputs, step, take } from './random-steps.js';

t.test('the invariants hold for random inputs in any order', async (t) => {
  fc.assert(
    fc.property(catalogueInputs, fc.array(step, { maxLength: 120, size: 'max' }), (before, steps) => {
      const boards = new Map(cabinet.map(({ board, lockers }) => [board, lockers]));
      const kiosk = player({ boards, ready: false, onDecision: checkAlways });
      for (const next of [...allReady('closed'), ...before, ...steps]) take(kiosk, next);
      kiosk
        .journal(true)
        .play(...allReady('closed'))
        .wait(600_000);
      for (const [visit, outcomes] of settlements(kiosk.events))
        claim(outcomes === 1, `visit ${visit} has its outcome once its door is known for long enough`);
      claim(kiosk.state.visit.kind === 'idle', 'nobody is waited for');
      const replayed = kiosk.events.reduce(applyEvent, emptyLedger);
      claim(isDeepStrictEqual(replayed, kiosk.state.ledger), 'the events add up to what the kiosk knows');
    }),
    { numRuns: 2_000 },
  );
  t.pass('2000 random stories of up to 120 steps');
});

function allReady(door: Door): Input[] {
  return cabinet.map(({ board, lockers }) => ({
    kind: 'board-ready',
    board,
    doors: new Map(lockers.map((locker) => [locker, door])),
    items: new Map(),
    chattering: new Set(),
    lastPulse: null,
  }));
}
