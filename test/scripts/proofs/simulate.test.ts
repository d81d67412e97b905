import t from 'tap';
import { runCampaign } from '../../../scripts/proofs/simulate/campaign.js';
import { sound } from '../../../scripts/proofs/simulate/check.js';
import { checkKinds } from '../../../scripts/proofs/simulate/checks/index.js';
import { Coverage } from '../../../scripts/proofs/simulate/coverage.js';
import { replay, simulateSeed } from '../../../scripts/proofs/simulate/trace.js';
import { variants } from '../../../scripts/proofs/simulate/variants/index.js';
import { inMemoryFolder } from '../../../scripts/proofs/support/command.js';

const parts = (folder: string, seed: number) => ({
  seed,
  folder,
  coverage: new Coverage(),
  breaker: () => sound,
});

const campaign = { length: 120, stopAtFirst: false, shrinks: false, onProgress: () => undefined };

t.test('twenty runs break no promise', async (t) => {
  const found = inMemoryFolder((folder) =>
    runCampaign({ ...parts(folder, 1), ...campaign, firstSeed: 1, seeds: 20, shrink: true }),
  );
  const broken = found.broken.map(({ seed, violation, words }) => ({ seed, violation, words }));
  t.strictSame(broken, []);
  t.ok(found.steps > 1_000, `${found.steps} steps`);
});

t.test('a seed gives the same run again, and so does a replay of its actions', async (t) => {
  inMemoryFolder((folder) => {
    const first = simulateSeed(parts(folder, 7), 150);
    t.equal(simulateSeed(parts(folder, 7), 150).digest, first.digest);
    t.equal(replay(parts(folder, 7), first.actions).digest, first.digest);
    t.not(simulateSeed(parts(folder, 8), 150).digest, first.digest);
  });
});

t.test('every check is proven by a kiosk that breaks its promise', async (t) => {
  const unproven = checkKinds.filter(({ name }) => !variants.some(({ check }) => check === name));
  t.strictSame(unproven, []);
});

for (const name of ['effects-before-append', 'lends-at-pulse', 'puback-moves-mark']) {
  t.test(`${name} is found, and its trace becomes short`, async (t) => {
    const variant = variants.find((each) => each.name === name);
    const breaker = variant?.create ?? (() => sound);
    const found = inMemoryFolder((folder) =>
      runCampaign({
        ...parts(folder, 1),
        ...campaign,
        breaker,
        firstSeed: 1,
        seeds: 20,
        stopAtFirst: true,
        shrink: true,
      }),
    );
    const [short] = found.broken;
    t.equal(short?.violation?.check, variant?.check);
    t.ok(short && short.actions.length < 12, short?.words.join('; ') ?? 'not found');
  });
}
