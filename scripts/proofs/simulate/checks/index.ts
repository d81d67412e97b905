import type { CheckKind } from '../check-kind.js';
import { bounded, noNamesInLogs } from './bounds.js';
import { nothingExpiresWrongly } from './calendar.js';
import { catalogueEqualsJournal, forgetsPatrons } from './catalogue.js';
import { commandsRunOnce } from './commands.js';
import { nobodyWaitsForever } from './deadlines.js';
import { doorNeverGuessed, oneDoorAtATime, onlySureDoors } from './doors.js';
import { noFalseAlarm, noOpeningUnnoticed, oneLoanPerGrant } from './doubts.js';
import { faultStaysLocal, faultsArePublished } from './faults.js';
import { noPulseWithoutIntent, oneOutcomePerIntent } from './intents.js';
import { ledgerEqualsReplay } from './ledger.js';
import { loanMatchesHands } from './loans.js';
import { itemInOnePlace } from './places.js';
import { emergencyIsConfirmed, noForbiddenLoan, pinsAreCounted } from './rules.js';

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
