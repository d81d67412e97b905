import t from 'tap';
import { defaultTimeouts } from '../../src/circulation/timeouts.js';
import { limits } from '../../src/kernel/limits.js';

t.test('every limit is a positive whole number', async (t) => {
  t.strictSame(
    Object.entries(limits).filter(([, value]) => !Number.isSafeInteger(value) || value <= 0),
    [],
  );
});

t.test('every limit says its unit, or that it counts something', async (t) => {
  const units =
    /(Ms|S|Bytes|PerSecond|Chars|Pages|Length|Events|Batches|Steps|Attempts|Clients|Times|Days|Backups|Celsius)$/;
  t.strictSame(
    Object.keys(limits).filter((name) => !units.test(name)),
    [],
  );
});

const durations = { ...limits, ...defaultTimeouts };
type Name = keyof typeof durations;

/** Each line: the smaller, the larger, and what would go wrong. */
const ordered: readonly (readonly [Name, Name, string])[] = [
  ['passLengthChars', 'scanLengthBytes', 'a pass as long as allowed must fit into a scan'],
  ['lockRestWaitMs', 'doorOpen', 'a lock waited for would open after its visit'],
  ['boardDescriptionMs', 'boardReadyMs', 'a description that was lost would not be asked for anew'],
  ['heartbeatEveryMs', 'heartbeatDeadlineMs', 'a board would be lost between two heartbeats'],
  ['heartbeatDeadlineMs', 'hostSilenceMs', 'the board would end the session before the kiosk noticed'],
  ['reconnectFirstMs', 'reconnectMaxMs', 'waits grow'],
  ['pinWaitFirstMs', 'pinWaitMaxMs', 'waits grow'],
  ['pinFreeAttempts', 'pinAllCardsAttempts', 'one forgetful resident would stop all cards'],
  ['pinCheckMs', 'visitIdle', 'a PIN is entered within a visit'],
  ['farewell', 'notTakenMs', 'she may come back to say it'],
  ['linkReconnectFirstMs', 'linkReconnectMaxMs', 'waits grow'],
  ['doorOpen', 'visitIdle', 'a door waits less than a visit'],
  ['doorOpen', 'doorClose', 'taking a book takes longer than opening a door'],
  ['clockStepMs', 'clockSettleMs', 'a jump would be believed at once'],
  ['clockSettleMs', 'clockSettleBackMs', 'time that was lost is harder to believe'],
  ['emulatorBusyMs', 'emulatorIdleMs', 'a busy board is looked at more often'],
  ['boardFrameBytes', 'firmataSysexBytes', 'frames of ours must pass the filter'],
  ['kerongPollMs', 'kerongDetectMs', 'a board would be given up before it could answer twice'],
  ['kerongAnswerMs', 'heartbeatDeadlineMs', 'a board would be lost for one answer that got lost'],
  ['kerongCoilMs', 'kerongReleaseMs', 'a hook would be given up while its coil may still be on'],
  ['kerongRestMs', 'lockRestWaitMs', 'a lock would be given up before it has rested'],
  ['phoneAnswerMs', 'phoneOrderMs', 'a phone would show its code only when the order is over'],
  ['phoneOrderMs', 'phoneGrantMs', 'a door would open for a grant that is over'],
  ['phoneGrantMs', 'grantLifeMs', 'a grant would be no pass'],
  ['phoneRepeatMs', 'phoneOrderMs', 'a second tap would wait for what is over'],
  ['boardCloseMs', 'stopMs', 'the board must have let go before the program does'],
  ['portCloseMs', 'stopMs', 'ports must have closed before the program ends'],
  [
    'journalCheckpointSteps',
    'journalWalPages',
    'the log is tidied in a quiet moment before it must be in a busy one',
  ],
];

for (const [smaller, larger, otherwise] of ordered) {
  t.test(`${smaller} < ${larger}: ${otherwise}`, async (t) => {
    t.ok(durations[smaller] < durations[larger], `${durations[smaller]} < ${durations[larger]}`);
  });
}

t.test('a frame of 28 body bytes fits the wire: start, command, pairs of 7 bits, end', async (t) => {
  t.ok(1 + 1 + 2 * 28 + 1 <= limits.boardFrameBytes);
});

t.test('two heartbeats may be missed, and a slow card’s sync does not cost the board', async (t) => {
  const slowSyncMs = 850;
  t.ok(2 * limits.heartbeatEveryMs < limits.heartbeatDeadlineMs);
  t.ok(limits.heartbeatEveryMs + slowSyncMs < limits.heartbeatDeadlineMs);
});

t.test('a pulse that must be asked for again is still over before its end counts as missing', async (t) => {
  t.ok(limits.pulseRepeatMs * limits.pulseAttempts < defaultTimeouts.doorOpen);
});

t.test('a full window of batches fits one message each', async (t) => {
  const eventBytes = 400;
  t.ok(limits.linkBatchEvents * eventBytes < limits.linkMessageBytes);
});

t.test('the log on the card is bounded by its pages', async (t) => {
  t.ok(limits.journalWalPages * (limits.journalPageBytes + 24) <= limits.journalWalBytes);
  t.equal(Math.log2(limits.journalPageBytes) % 1, 0, 'a power of two, as SQLite wants it');
});
