import t from 'tap';
import { Session } from '../../../firmware-bridge/board/session.js';
import { decodeFrame, type Frame } from '../../../firmware-bridge/board/wire.js';
import { VirtualTime } from '../../../src/kernel/virtual-time.js';

const pulse = { kind: 'pulse', locker: 1, pulseMs: 500, tag: 0 } as const;
const status = {
  kind: 'status',
  bootId: 1,
  uptimeS: 1,
  resetCause: 1,
  locksOn: 0,
  badFrames: 0,
  ignoredWrites: 0,
  guardTrips: 0,
  rxOverruns: 0,
  freeRam: 1,
  loopMaxUs: 1,
} as const;

function open() {
  const sent: Frame[] = [];
  const heard: Frame[] = [];
  const time = new VirtualTime();
  const session = new Session(
    (bytes) => {
      const frame = decodeFrame(bytes);
      if (frame.ok) sent.push(frame.value);
    },
    (frame) => heard.push(frame),
    time.wait,
  );
  session.begin(77);
  return { session, sent, heard, time };
}

t.test(
  'never gives a pulse the sequence of one of the four before it, nor that of what comes unasked',
  async (t) => {
    const { session, sent } = open();
    // Around a whole turn of the 255 sequences.
    for (let heartbeats = 245; heartbeats < 260; heartbeats += 1) {
      for (let i = 0; i < 4; i += 1) session.ask(pulse);
      for (let beat = 0; beat < heartbeats; beat += 1) session.ask({ kind: 'heartbeat' });
    }
    const pulses = sent.filter(({ message }) => message.kind === 'pulse').map(({ sequence }) => sequence);
    t.notOk(pulses.some((sequence, at) => pulses.slice(Math.max(0, at - 4), at).includes(sequence)));
    t.notOk(sent.some(({ sequence }) => sequence === 0));
  },
);

t.test('asks HELLO outside of any session and everything else inside', async (t) => {
  const { session, sent } = open();
  session.ask({ kind: 'hello', protocol: 2, hostNonce: 1 });
  session.ask(pulse);
  t.same(
    sent.map((frame) => frame.session),
    [0, 77],
  );
});

t.test('hears nothing of another session', async (t) => {
  const { session, heard } = open();
  const answers: Frame[] = [];
  const sequence = session.ask({ kind: 'heartbeat' }, (frame) => answers.push(frame));
  session.receive({ session: 76, sequence, message: status });
  t.same([heard, answers], [[], []]);
  session.receive({ session: 77, sequence, message: status });
  t.equal(heard.length, 1);
  t.equal(answers.length, 1);
});

t.test('gives an answer to whoever asked, once', async (t) => {
  const { session } = open();
  let answers = 0;
  const sequence = session.ask({ kind: 'heartbeat' }, () => {
    answers += 1;
  });
  session.receive({ session: 77, sequence, message: status });
  session.receive({ session: 77, sequence, message: status });
  t.equal(answers, 1);
});

t.test('tells the question that stayed without an answer', async (t) => {
  const { session, time } = open();
  const answer = session.answerTo({ kind: 'queryDoors' }, 'doors', 10);
  time.pass(10);
  await t.rejects(answer, { code: 'board.lost', message: /no doors to a queryDoors within 10 ms/ });
});
