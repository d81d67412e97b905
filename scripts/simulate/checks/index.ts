import type { CheckKind } from '../check.js';
import { noPulseWithoutIntent, oneOutcomePerIntent } from './intents.js';
import { ledgerEqualsReplay } from './ledger.js';

/** Everything that is watched after each step. */
export const checkKinds: readonly CheckKind[] = [
  noPulseWithoutIntent,
  oneOutcomePerIntent,
  ledgerEqualsReplay,
];
