import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AssertionError } from '../../../src/kernel/assert.js';
import { createRandom, type Random } from '../support/random.js';
import type { Action, Deed } from './action.js';
import { actions } from './actions/index.js';
import { type CheckKind, Violation } from './check.js';
import { checkKinds } from './checks/index.js';
import type { Coverage } from './coverage.js';
import { settle } from './settle.js';
import type { Breaker } from './witness.js';
import { World } from './world.js';

/** How one story is told. */
export interface StoryParts {
  readonly seed: number;
  /** Where journals are kept meanwhile. */
  readonly folder: string;
  /** Makes what breaks the kiosk, anew for each telling. */
  breaker(): Breaker;
  readonly coverage: Coverage;
  /** All of them unless given. */
  readonly checks?: readonly CheckKind[];
}

/** What came of a story. */
export interface Telling {
  readonly seed: number;
  readonly deeds: readonly Deed[];
  /** Each deed in words, while asked for. */
  readonly words: readonly string[];
  readonly steps: number;
  readonly simulatedMs: number;
  readonly digest: string;
  /** Which promise was broken and how; null when none was. */
  readonly violation: { readonly check: string; readonly message: string } | null;
}

/** Tells a story of `length` deeds that chance chooses as they come. */
export function tell(parts: StoryParts, length: number): Telling {
  const chance = createRandom(parts.seed, 'story');
  return play(parts, (world, at) => (at < length ? nextDeed(world, chance) : null));
}

/** Tells a story again, deed by deed, or what is left of it. */
export function retell(parts: StoryParts, deeds: readonly Deed[]): Telling {
  return play(parts, (_world, at) => deeds[at] ?? null);
}

const byName = new Map(actions.map((action) => [action.name, action]));

function nextDeed(world: World, chance: Random): Deed {
  const weights = actions.map(({ trouble, weight }) => weight(world) * (trouble ? world.mix[trouble] : 1));
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

function play(parts: StoryParts, next: (world: World, at: number) => Deed | null): Telling {
  const folder = mkdtempSync(join(parts.folder, 'story-'));
  const deeds: Deed[] = [];
  const words: string[] = [];
  const world = new World({ ...parts, breaker: parts.breaker(), folder, checks: parts.checks ?? checkKinds });
  let violation: Telling['violation'] = null;
  try {
    world.begin();
    for (let deed = next(world, 0); deed; deed = next(world, deeds.length)) {
      deeds.push(deed);
      words.push('');
      words[words.length - 1] = take(world, deed, byName.get(deed.action));
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
    deeds,
    words,
    steps,
    simulatedMs: time.nowMs,
    digest: world.digest(),
    violation,
  };
}

/** Also a bug that shows itself is a promise broken. */
function violationOf(error: unknown): Telling['violation'] {
  if (error instanceof Violation) return { check: error.check, message: error.message };
  if (error instanceof AssertionError) return { check: 'no-assertion-fails', message: error.message };
  throw error;
}

function take(world: World, { waitMs, dice, action }: Deed, what: Action | undefined): string {
  world.time.pass(waitMs);
  if (!what) throw new TypeError(`no action is called ${action}`);
  return what.run(world, createRandom(dice, action));
}
