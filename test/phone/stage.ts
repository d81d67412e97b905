import type { Test } from 'tap';
import type { GrantStatus } from '../../src/catalogue/grants.js';
import type { PresenceVerdict } from '../../src/catalogue/presence.js';
import { sampleData } from '../../src/catalogue/sample-data.js';
import { itemId, kioskId, lockerNo, type PassId, passId, patronId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { epochMs } from '../../src/kernel/time.js';
import type { PhoneCatalogue } from '../../src/phone/desk.js';
import { createSampleSignIn } from '../../src/phone/sample-sign-in.js';
import { createPhone, type PhoneOptions } from '../../src/phone/server.js';
import { Visitor } from './visitor.js';

export const kiosk = kioskId('jn-01');
export const wang = patronId('7d1c3f0a9b2e4851');
export const li = patronId('1f8e6a2c5d3b7094');
export const bianCheng = itemId('30106000000058');
export const goodCode = '12345678';
const book = { name: '边城', author: '沈从文' };
const start = 1_795_446_000_000;

/** What a catalogue says of a grant that was just given. */
export function givenGrant(change: Partial<GrantStatus> = {}): GrantStatus {
  const at = epochMs(start);
  return {
    kiosk,
    patron: wang,
    item: bianCheng,
    at,
    until: epochMs(start + limits.phoneGrantMs),
    stage: 'given',
    isSent: true,
    reason: null,
    locker: null,
    found: null,
    dueAt: null,
    ...change,
  };
}

/** The pages before a catalogue that is played by hand: one book in locker 4, and `goodCode` on the screen. */
export async function openPhone(t: Test, change: Partial<PhoneOptions> = {}) {
  let now = start;
  const nowMs = () => epochMs(now);
  const grants = new Map<PassId, GrantStatus>();
  const checked: { code: string; at: number }[] = [];
  const give = (isSent: boolean): PhoneCatalogue['sendGrant'] => {
    return (wanted) => {
      const pass = passId(String(grants.size + 1).padStart(16, '0'));
      grants.set(pass, givenGrant({ ...wanted, isSent, at: nowMs() }));
      return pass;
    };
  };
  const hers: PhoneCatalogue['grantStatus'] = (pass, patron) => {
    const grant = grants.get(pass);
    return grant?.patron === patron ? grant : null;
  };
  const catalogue: PhoneCatalogue = {
    stations: () => [],
    booksFor: () => [{ locker: lockerNo(4), item: bianCheng, title: book.name, author: book.author }],
    bookOf: (item) => (item === bianCheng ? book : null),
    checkPresence({ code, at }): PresenceVerdict {
      checked.push({ code, at });
      return code === goodCode ? 'present' : 'wrong';
    },
    sendGrant: give(true),
    makeGrant: give(false),
    grantStatus: hers,
    grantText: (pass, patron) => (hers(pass, patron) ? `LN1:${pass}` : null),
    sameGrant: () => null,
  };
  const phone = createPhone({
    port: 0,
    catalogue,
    kiosks: new Map([[kiosk, { zh: '江宁路书庭', en: 'Jiangning Road' }]]),
    signIn: (tickets, clock) => createSampleSignIn(sampleData.patrons, tickets, clock),
    log: silentLog,
    nowMs,
    ...change,
  });
  t.teardown(() => phone.close());
  const { url, port } = await phone.start();
  const visitor = new Visitor(url);
  return {
    url,
    port,
    visitor,
    catalogue,
    grants,
    checked,
    /** Changes what the catalogue says of the newest grant. */
    say(news: Partial<GrantStatus>): void {
      const newest = [...grants].at(-1);
      if (newest) grants.set(newest[0], { ...newest[1], ...news });
    },
    pass(ms: number): void {
      now += ms;
    },
    signIn: (patron = wang) => visitor.post('sign-in', { patron, to: `/k/${kiosk}` }),
  };
}
