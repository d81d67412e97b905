import type { KioskId, PatronId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { RateLimiter } from '../kernel/rate-limiter.js';
import type { EpochMs } from '../kernel/time.js';
import { makePresenceSecret, type PresenceSecret, stepOfCode } from '../passes/presence.js';
import type { Connection } from './database.js';
import type { DocumentChanged, Versions } from './versions.js';

/** A claim to stand at a kiosk, with the code that was read from its screen. */
export interface PresenceClaim {
  readonly kiosk: KioskId;
  readonly patron: PatronId;
  readonly code: string;
  /** When the code reached the catalogue. */
  readonly at: EpochMs;
}

/** `wrong`: not a code of this kiosk, or not of that time. `too-often`: too many attempts by this patron or at this kiosk. */
export type PresenceVerdict = 'present' | 'wrong' | 'too-often';

/** Checks whether patrons stand at a kiosk. */
export interface Presence {
  checkPresence(claim: PresenceClaim): PresenceVerdict;
  /** Replaces the secret of `kiosk`; codes of the old one are wrong at once. */
  renewPresence(kiosk: KioskId): void;
}

/** Presence as other modules of the catalogue use it. */
export interface PresenceStore extends Presence {
  /** Creates the secret of a kiosk that has none. */
  ensure(kiosk: KioskId): void;
}

/** One code for half a minute: long enough to be scanned, soon enough worthless to who photographs it. */
const shape = { periodS: limits.presencePeriodS, digits: limits.presenceCodeChars };

/** Creates the function that reads the presence secret of a kiosk; it returns null where there is none. */
export function preparePresenceSecrets(db: Connection): (kiosk: KioskId) => PresenceSecret | null {
  const secretOf = db.prepare<[string], string>('SELECT secret FROM presence WHERE kiosk = ?').pluck();
  return (kiosk) => {
    const secret = secretOf.get(kiosk);
    return secret === undefined ? null : { secret, ...shape };
  };
}

/** Creates the presence checks on a database. Attempts are counted in memory only. */
export function preparePresence(db: Connection, versions: Versions, changed: DocumentChanged): PresenceStore {
  const secretOf = preparePresenceSecrets(db);
  const put = db.prepare<[string, string]>('INSERT OR REPLACE INTO presence VALUES (?, ?)');
  const wrongByPatron = new RateLimiter(limits.presenceGuessAttempts, limits.presenceGuessMs);
  const wrongByKiosk = new RateLimiter(limits.presenceKioskGuessAttempts, limits.presenceGuessMs);
  const uses = new RateLimiter(limits.presenceUseTimes, limits.presenceGuessMs);
  const renewPresence = (kiosk: KioskId) => {
    db.transaction(() => {
      put.run(kiosk, makePresenceSecret());
      versions.raise('presence', kiosk);
    })();
    changed('presence', kiosk);
  };
  return {
    renewPresence,
    ensure(kiosk) {
      if (secretOf(kiosk) === null) renewPresence(kiosk);
    },
    checkPresence({ kiosk, patron, code, at }) {
      if (wrongByPatron.isLimited(patron, at) || wrongByKiosk.isLimited(kiosk, at)) return 'too-often';
      const secret = secretOf(kiosk);
      const step = secret && stepOfCode(secret, code, at);
      if (step === null) {
        wrongByPatron.tryAdd(patron, at);
        wrongByKiosk.tryAdd(kiosk, at);
        return 'wrong';
      }
      return uses.tryAdd(`${kiosk} ${step} ${patron}`, at) ? 'present' : 'too-often';
    },
  };
}
