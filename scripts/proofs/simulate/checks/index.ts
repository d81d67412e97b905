import type { CheckKind } from '../check-kind.js';
import { nothingExpiresWrongly } from './calendar.js';
import {
  doorNeverGuessed,
  noFalseAlarm,
  noOpeningUnnoticed,
  oneDoorAtATime,
  oneLoanPerGrant,
  onlySureDoors,
} from './doors.js';
import { faultStaysLocal, faultsArePublished } from './faults.js';
import { nobodyWaitsForever, noPulseWithoutIntent, oneOutcomePerIntent } from './intents.js';
import {
  bounded,
  catalogueEqualsJournal,
  forgetsPatrons,
  ledgerEqualsReplay,
  noNamesInLogs,
} from './ledger.js';
import { itemInOnePlace, loanMatchesHands } from './places.js';
import { commandsRunOnce, emergencyIsConfirmed, noForbiddenLoan, pinsAreCounted } from './rules.js';

/** Everything that is watched after each step. */
export const checkKinds: readonly CheckKind[] = [
  noPulseWithoutIntent,
  oneOutcomePerIntent,
  oneDoorAtATime,
  onlySureDoors,
  doorNeverGuessed,
  itemInOnePlace,
  loanMatchesHands,
  ledgerEqualsReplay,
  catalogueEqualsJournal,
  forgetsPatrons,
  commandsRunOnce,
  nobodyWaitsForever,
  faultStaysLocal,
  faultsArePublished,
  noFalseAlarm,
  noOpeningUnnoticed,
  nothingExpiresWrongly,
  oneLoanPerGrant,
  noForbiddenLoan,
  pinsAreCounted,
  emergencyIsConfirmed,
  bounded,
  noNamesInLogs,
];
