import type { RequestedHold } from '../../../../src/circulation/input.js';
import { type HoldId, holdId, passId, visitNo } from '../../../../src/kernel/ids.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { createRandom } from '../../support/random.js';
import type { Action } from '../action.js';
import { rough } from '../network.js';

const setClock: Action = {
  name: 'set-clock',
  weight: () => 0.2,
  run(world) {
    world.wall.synchronize();
    return 'the network sets the clock';
  },
};

const linkDown: Action = {
  name: 'link-down',
  faultGroup: 'network',
  weight: ({ network }) => (network.isUp ? 0.3 : 0),
  run(world) {
    world.network.cut();
    return 'the link is cut';
  },
};

const linkUp: Action = {
  name: 'link-up',
  weight: ({ network }) => (network.isUp ? 0 : 1),
  run(world) {
    world.network.mend();
    return 'the link is mended';
  },
};

const storm: Action = {
  name: 'storm',
  faultGroup: 'network',
  weight: ({ network }) => (network.weather === rough ? 0 : 0.2),
  run(world) {
    world.network.weather = rough;
    return 'messages are lost, doubled and late';
  },
};

const backUp: Action = {
  name: 'back-up',
  weight: () => 0.1,
  run(world) {
    world.catalogue.backUp();
    return 'the catalogue is backed up';
  },
};

const restore: Action = {
  name: 'restore-catalogue',
  faultGroup: 'network',
  weight: () => 0.1,
  run(world) {
    world.catalogue.restore();
    world.catalogueRestarts();
    return 'the catalogue is restored from its backup';
  },
};

/** The catalogue says who and what may be lent. */
const tellDirectory: Action = {
  name: 'tell-directory',
  weight: ({ machine }) => (machine.isOn ? 0.4 : 0),
  run(world, dice) {
    const { facts, patrons, items } = world.actors;
    const some = <T>(list: readonly T[], share: number) => new Set(list.filter(() => dice.chance(share)));
    const revoked = new Set(
      dice.chance(0.5) ? [passId(dice.between(0x10000, 0x10008).toString(16).padStart(16, '0'))] : [],
    );
    const directory = { items: facts, wanted: some(items, 0.2), blocked: some(patrons, 0.15), revoked };
    world.submit({ kind: 'directory-updated', directory });
    return `the catalogue publishes its directory; ${directory.blocked.size} patrons are blocked`;
  },
};

/** The catalogue wants books kept, or no longer. */
const tellHolds: Action = {
  name: 'tell-holds',
  weight: ({ machine }) => (machine.isOn && machine.state.journalWritable ? 0.6 : 0),
  run(world, dice) {
    const { items, patrons } = world.actors;
    const holds = new Map<HoldId, RequestedHold>();
    for (let n = dice.between(0, 3); n > 0; n -= 1) {
      const number = dice.between(1, 40);
      const until = epochMs(world.wall.trueMs + dice.between(-1, 72) * 3_600_000);
      // The same hold is always of the same book for the same patron.
      const at = createRandom(number, 'hold');
      holds.set(holdId(`hold-${number}`), { item: at.pick(items), patron: at.pick(patrons), until });
    }
    world.submit({ kind: 'holds-updated', holds });
    return `the catalogue wants ${holds.size} books kept`;
  },
};

const tellPolicy: Action = {
  name: 'tell-policy',
  weight: () => 0.1,
  run(world, dice) {
    const policy = {
      ...world.actors.settings.policy,
      loanDays: dice.pick([14, 28]),
      loanDaysOfClass: new Map([['short', 3]]),
      loansPerPatron: dice.pick([2, 3]),
    };
    world.submit({ kind: 'policy-updated', policy });
    return `the catalogue publishes the policy: ${policy.loansPerPatron} books for ${policy.loanDays} days`;
  },
};

/** A book that is on loan came back at another kiosk, and somebody brings it here one day; a list may also be old. */
const tellReturns: Action = {
  name: 'tell-returns',
  weight: ({ machine }) =>
    machine.isOn && machine.state.journalWritable && machine.state.ledger.loans.size > 0 ? 0.3 : 0,
  run(world, dice) {
    const loans = world.machine.isOn ? [...world.machine.state.ledger.loans] : [];
    const outside = loans.filter(([item]) => world.people.holder(item) !== undefined);
    if (outside.length === 0) return 'no book on loan could come back elsewhere';
    const [item, loan] = dice.pick(outside);
    const isOld = dice.chance(0.2);
    const visit = isOld ? visitNo(Math.max(1, loan.visit - 1)) : loan.visit;
    if (!isOld) world.people.returnElsewhere(item, dice.between(0, world.actors.patrons.length - 1));
    world.submit({ kind: 'returns-updated', returns: new Map([[item, visit]]) });
    return `the catalogue says that book ${item} came back elsewhere${isOld ? ', long ago' : ''}`;
  },
};

/** Nothing happens, and the journal sees to its own house. */
const tidy: Action = {
  name: 'tidy',
  weight: ({ machine }) => (machine.isOn ? 0.3 : 0),
  run(world) {
    if (!world.machine.isOn) return 'the kiosk is off';
    const { life } = world.machine;
    let pieces = 1;
    while (life.tidy()) pieces += 1;
    return `the journal is tidied in ${pieces} pieces`;
  },
};

/** Nothing for long. */
const quiet: Action = {
  name: 'quiet',
  weight: () => 0.3,
  run(world, dice) {
    const hours = dice.between(1, 72);
    world.time.pass(hours * 3_600_000);
    return `nobody comes for ${hours} hours`;
  },
};

/** Until just before, or just after, the next deadline of the kiosk. */
const untilDeadline: Action = {
  name: 'until-deadline',
  weight: ({ machine }) => (machine.isOn && machine.life.wakesAtMs !== null ? 2 : 0),
  run(world, dice) {
    const wakesAtMs = world.machine.isOn ? world.machine.life.wakesAtMs : null;
    if (wakesAtMs === null) return 'nothing is waited for';
    const waitMs = Math.max(0, wakesAtMs - world.time.nowMs + dice.between(-40, 40));
    world.time.pass(waitMs);
    return `${Math.round(waitMs / 1_000)} s pass, about until the next deadline of the kiosk`;
  },
};

/** Time, the link and the catalogue. */
export const street: readonly Action[] = [
  setClock,
  linkDown,
  linkUp,
  storm,
  backUp,
  restore,
  tellDirectory,
  tellHolds,
  tellPolicy,
  tellReturns,
  tidy,
  quiet,
  untilDeadline,
];
