import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AssertionError } from '../../../src/kernel/assert.js';
import { createRandom, type Random } from '../support/random.js';
import type { Action, TakenAction } from './action.js';
import { actions } from './actions/index.js';
import { type Breaker, Violation } from './check.js';
import { type CheckKind, createChecks } from './check-kind.js';
import { checkKinds } from './checks/index.js';
import type { Coverage } from './coverage.js';

import { World } from './world.js';

/** What one run is made from. */
export interface RunParts {
  readonly seed: number;
  readonly folder: string;
  /** Creates what breaks the kiosk, anew for each run. */
  breaker(): Breaker;
  readonly coverage: Coverage;
  /** All of them unless given. */
  readonly checks?: readonly CheckKind[];
}

/** What came of a run. */
export interface Run {
  readonly seed: number;
  readonly actions: readonly TakenAction[];
  readonly words: readonly string[];
  readonly steps: number;
  readonly simulatedMs: number;
  readonly digest: string;
  /** Which promise was broken and how; null when none was. */
  readonly violation: { readonly check: string; readonly message: string } | null;
}

/** Simulates a run of `length` actions that the seed chooses. */
export function simulateSeed(parts: RunParts, length: number): Run {
  const chance = createRandom(parts.seed, 'story');
  return play(parts, (world, at) => (at < length ? nextAction(world, chance) : null));
}

/** Replays a run action by action, or what is left of it. */
export function replay(parts: RunParts, taken: readonly TakenAction[]): Run {
  return play(parts, (_world, at) => taken[at] ?? null);
}

const byName = new Map(actions.map((action) => [action.name, action]));

function nextAction(world: World, chance: Random): TakenAction {
  const weights = actions.map(
    ({ faultGroup, weight }) => weight(world) * (faultGroup ? world.mix[faultGroup] : 1),
  );
  let left = chance.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  const action = (actions[at] ?? actions[0])?.name ?? '';
  return { action, dice: chance.between(0, 0x7fff_ffff), waitMs: waitOf(chance) };
}

/** People are quick, or they dawdle, or nobody comes for long. */
function waitOf(chance: Random): number {
  const kind = chance.next();
  if (kind < 0.75) return chance.between(10, 2_500);
  if (kind < 0.93) return chance.between(1_000, 16_000);
  if (kind < 0.99) return chance.between(10_000, 150_000);
  return chance.between(600_000, 2 * 86_400_000);
}

function play(parts: RunParts, next: (world: World, at: number) => TakenAction | null): Run {
  const folder = mkdtempSync(join(parts.folder, 'run-'));
  const taken: TakenAction[] = [];
  const words: string[] = [];
  const checks = (watched: World) => createChecks(parts.checks ?? checkKinds, watched);
  const world = new World({ ...parts, breaker: parts.breaker(), folder, checks });
  let violation: Run['violation'] = null;
  try {
    world.begin();
    for (let action = next(world, 0); action; action = next(world, taken.length)) {
      taken.push(action);
      words.push('');
      words[words.length - 1] = take(world, action, byName.get(action.action));
    }
    settle(world);
  } catch (error) {
    violation = violationOf(error);
  } finally {
    world.machine.close();
    rmSync(folder, { recursive: true });
  }
  const { steps, time } = world;
  return {
    seed: parts.seed,
    actions: taken,
    words,
    steps,
    simulatedMs: time.nowMs,
    digest: world.digest(),
    violation,
  };
}

/** Also a bug that shows itself is a promise broken. */
function violationOf(error: unknown): Run['violation'] {
  if (error instanceof Violation) return { check: error.check, message: error.message };
  if (error instanceof AssertionError) return { check: 'no-assertion-fails', message: error.message };
  throw error;
}

function take(world: World, { waitMs, dice, action }: TakenAction, what: Action | undefined): string {
  world.time.pass(waitMs);
  if (!what) throw new TypeError(`no action is called ${action}`);
  return what.run(world, createRandom(dice, action));
}

/** All faults are over, doors are shut, people leave; then time enough passes, and what must come about has. */
function settle(world: World): void {
  const { machine, cabinet, network, wall, time } = world;
  wall.synchronize();
  if (!machine.isOn) world.start();
  else if (machine.program.isJournalBroken) {
    machine.die();
    world.gone(false);
    world.start();
  }
  machine.armCut(null);
  for (const board of cabinet.boards) {
    board.refuses = false;
    cabinet.plug(board);
  }
  for (const locker of cabinet.lockers.values()) cabinet.repair(locker);
  network.heal();
  time.pass(10_000);
  for (const locker of cabinet.lockers.values()) world.people.shut(locker.no);
  for (let minute = 0; minute < 15; minute += 1) time.pass(60_000);
  world.catalogueRestarts();
  time.pass(60_000);
  world.atRest();
  machine.die();
  world.gone(false);
  world.start();
}
