import { alertsOf } from '../../../../src/circulation/alerts.js';
import type { WithheldReason } from '../../../../src/circulation/event.js';
import { type Ledger, lockerOf } from '../../../../src/circulation/ledger.js';
import type { State } from '../../../../src/circulation/state.js';
import type { FaultCode } from '../../../../src/kernel/faults.js';
import { itemId, type LockerNo } from '../../../../src/kernel/ids.js';
import type { Moment } from '../../../../src/kernel/time.js';
import { check } from '../check-kind.js';
import { newcomer } from '../phone.js';
import type { World } from '../world.js';

const strangeBook = itemId('39999900000099');

/** Shut as far as is known, not doubted, nothing under way: whatever else is broken, this locker works. */
function works({ reports, cabinet }: World, ledger: Ledger, locker: LockerNo): boolean {
  const { intent, withheld } = lockerOf(ledger, locker);
  const isReported = reports.ready.has(cabinet.boardOf(locker).id) && reports.door(locker) === 'closed';
  return isReported && !reports.chattering.has(locker) && intent === null && withheld === null;
}

/** Known to the catalogue, undamaged, kept for nobody, and not under way at another door. */
function isForAnybody({ ledger, directory }: State, locker: LockerNo): boolean {
  const { item, damage } = lockerOf(ledger, locker);
  if (item === null || damage !== null) return false;
  const isKept = [...ledger.holds.values()].some((hold) => hold.item === item && hold.ended === null);
  const isUnderWay = [...ledger.lockers.values()].some(({ intent }) => intent?.item === item);
  return !isKept && !isUnderWay && (directory.items === null || directory.items.has(item));
}

/** While nobody is there, whoever came would get each book whose locker works, and could bring one back. */
export const faultStaysLocal = check('fault-stays-local', [8], (world, fail) => {
  let seen: State | null = null;
  const unlocks = (state: State, moment: Moment, inputs: Parameters<World['ask']>[1][]) => {
    let asked = state;
    let effects = 0;
    for (const input of inputs) {
      const decision = world.ask(asked, input, moment);
      asked = decision.state;
      effects += decision.effects.length;
    }
    return effects === 1;
  };
  return {
    stepped(state, moment) {
      const isNews =
        seen?.ledger !== state.ledger || seen.doors !== state.doors || seen.boards !== state.boards;
      if (state.visit.kind !== 'idle' || !state.journalWritable || !isNews) return;
      seen = state;
      const working = world.actors.lockers.filter((each) => works(world, state.ledger, each));
      const full = working.filter((each) => lockerOf(state.ledger, each).item !== null);
      for (const locker of full.filter((each) => isForAnybody(state, each))) {
        const chosen = { kind: 'locker-chosen', locker } as const;
        if (!unlocks(state, moment, [chosen, { kind: 'pass-shown', holder: newcomer }]))
          fail(`locker ${locker} works and its book cannot be borrowed`);
      }
      if (full.length === working.length) return;
      if (!unlocks(state, moment, [{ kind: 'item-shown', item: strangeBook }]))
        fail('an empty locker works and nothing can be brought back');
    },
  };
});

const codes: Readonly<Record<WithheldReason, FaultCode>> = {
  'did-not-open': 'locker.did-not-open',
  'door-silent': 'locker.door-silent',
  'door-forced': 'locker.forced',
  'outcome-unknown': 'locker.outcome-unknown',
  'not-taken': 'locker.not-taken',
  misplaced: 'locker.misplaced',
  withdrawal: 'locker.withdrawal',
  emergency: 'locker.emergency',
  'out-of-service': 'locker.out-of-service',
};

/** What is broken is published, each by its name, and nothing else. */
export const faultsArePublished = check('faults-are-published', [8], (world, fail) => {
  const { reports, actors } = world;
  return {
    stepped(state) {
      const expected: string[] = state.journalWritable ? [] : ['journal.write'];
      for (const board of actors.boards.keys())
        if (!reports.ready.has(board)) expected.push(`board.lost ${board}`);
      for (const locker of actors.lockers) {
        const { withheld, damage } = lockerOf(state.ledger, locker);
        if (withheld) expected.push(`${codes[withheld]} ${locker}`);
        if (damage) expected.push(`item.damaged ${locker}`);
        if (reports.chattering.has(locker)) expected.push(`locker.chatters ${locker}`);
        const { visit } = state;
        const isUsed = (visit.kind === 'opening' || visit.kind === 'open') && visit.locker === locker;
        if (reports.door(locker) === 'open' && !isUsed) expected.push(`locker.left-open ${locker}`);
      }
      const published = alertsOf(state).map(({ code, board, locker }) =>
        `${code} ${board ?? locker ?? ''}`.trim(),
      );
      if (published.join() !== expected.join()) fail(`published: ${published}; so it is: ${expected}`);
    },
  };
});
