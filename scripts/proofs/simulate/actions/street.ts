import type { RequestedHold } from '../../../../src/circulation/input.js';
import type { Order } from '../../../../src/circulation/order.js';
import {
  commandId,
  type HoldId,
  holdId,
  lockerNo,
  passId,
  staffId,
  visitNo,
} from '../../../../src/kernel/ids.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { createRandom } from '../../support/random.js';
import { type Action, action, fault, isOn, isWritable, when } from '../action.js';
import { rough } from '../network.js';
import type { World } from '../world.js';

const isLinkUp = ({ network }: World) => network.isUp;
const isStormy = ({ network }: World) => network.weather === rough;

/** Time, the link and the catalogue. */
export const street: readonly Action[] = [
  action('set-clock', 0.2, (world) => {
    world.wall.synchronize();
    return 'the network sets the clock';
  }),
  fault('network', 'link-down', when(0.3, isLinkUp), (world) => {
    world.network.cut();
    return 'the link is cut';
  }),
  action('link-up', when(0, isLinkUp, 1), (world) => {
    world.network.repair();
    return 'the link is mended';
  }),
  fault('network', 'storm', when(0, isStormy, 0.2), (world) => {
    world.network.weather = rough;
    return 'messages are lost, doubled and late';
  }),
  action('back-up', 0.1, (world) => {
    world.catalogue.backUp();
    return 'the catalogue is backed up';
  }),
  fault('network', 'restore-catalogue', 0.1, (world) => {
    world.catalogue.restore();
    world.catalogueRestarts();
    return 'the catalogue is restored from its backup';
  }),
  action('tell-directory', when(0.4, isOn), (world, dice) => {
    const { facts, patrons, items } = world.actors;
    const some = <T>(list: readonly T[], share: number) => new Set(list.filter(() => dice.chance(share)));
    const revoked = new Set(
      dice.chance(0.5) ? [passId(dice.between(0x10000, 0x10008).toString(16).padStart(16, '0'))] : [],
    );
    const directory = { items: facts, wanted: some(items, 0.2), blocked: some(patrons, 0.15), revoked };
    world.submit({ kind: 'directory-updated', directory });
    return `the catalogue publishes its directory; ${directory.blocked.size} patrons are blocked`;
  }),
  action('tell-holds', when(0.6, isWritable), (world, dice) => {
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
  }),
  action('tell-policy', 0.1, (world, dice) => {
    const policy = {
      ...world.actors.settings.policy,
      loanDays: dice.pick([14, 28]),
      loanDaysOfClass: new Map([['short', 3]]),
      loansPerPatron: dice.pick([2, 3]),
    };
    world.submit({ kind: 'policy-updated', policy });
    return `the catalogue publishes the policy: ${policy.loansPerPatron} books for ${policy.loanDays} days`;
  }),
  /** A book that is on loan came back at another kiosk, and somebody brings it here one day; a list may also be old. */
  action(
    'tell-returns',
    when(0.3, (world) => isWritable(world) && world.machine.state.ledger.loans.size > 0),
    (world, dice) => {
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
  ),
  action('tidy', when(0.3, isOn), (world) => {
    if (!world.machine.isOn) return 'the kiosk is off';
    const { program } = world.machine;
    let pieces = 1;
    while (program.tidy()) pieces += 1;
    return `the journal is tidied in ${pieces} pieces`;
  }),
  action('quiet', 0.3, (world, dice) => {
    const hours = dice.between(1, 72);
    world.time.pass(hours * 3_600_000);
    return `nobody comes for ${hours} hours`;
  }),
  action(
    'until-deadline',
    when(2, ({ machine }) => machine.isOn && machine.program.wakesAtMs !== null),
    (world, dice) => {
      const wakesAtMs = world.machine.isOn ? world.machine.program.wakesAtMs : null;
      if (wakesAtMs === null) return 'nothing is waited for';
      const waitMs = Math.max(0, wakesAtMs - world.time.nowMs + dice.between(-40, 40));
      world.time.pass(waitMs);
      return `${Math.round(waitMs / 1_000)} s pass, about until the next deadline of the kiosk`;
    },
  ),
];

const hour = 3_600_000;
/** Commands repeat themselves: their numbers are few, and each means the same whenever it comes. */
const numbersAtMost = 400;

function orderOf(number: number, { actors }: World): Order {
  const at = createRandom(number, 'order');
  const by = staffId('5555555555555555');
  const locker = at.chance(0.1)
    ? lockerNo(999)
    : at.pick(actors.settings.boards.size > 0 ? lockersOf(actors) : []);
  switch (at.pick(['withhold', 'restore', 'restore', 'release', 'absent'] as const)) {
    case 'withhold':
      return { kind: 'withhold', locker, by };
    case 'restore':
      return { kind: 'restore', locker, by };
    case 'release':
      return { kind: 'release', hold: holdId(`never-placed-${number}`) };
    case 'absent':
      return { kind: 'open', locker: lockerNo(999), by, reason: 'inspection' };
  }
}

const lockersOf = ({ settings }: World['actors']) => [...settings.boards.values()].flat();

/** What is ordered from afar. */
export const orders: readonly Action[] = [
  action('order', when(0.6, isOn), (world, dice) => {
    const number = dice.between(1, numbersAtMost);
    const issuedAt = epochMs(Math.floor(world.wall.trueMs / (12 * hour)) * 12 * hour);
    const isLate = dice.chance(0.15);
    const expiresAt = epochMs(isLate ? issuedAt + 1 : issuedAt + 24 * hour);
    // A command is what it is: the same id is never given to another.
    const id = (issuedAt / hour) * 1_000 + number * 2 + Number(isLate);
    const command = commandId(Math.round(id).toString(16).padStart(16, '0'));
    world.submit({
      kind: 'command-received',
      command: { command, issuedAt, expiresAt, order: orderOf(number, world) },
    });
    return `the catalogue orders ${orderOf(number, world).kind}${isLate ? ', too late' : ''}`;
  }),
];
