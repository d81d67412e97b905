import { existsSync, readFileSync } from 'node:fs';
import { openDatabase } from '../../src/catalogue/database.js';
import type { Event } from '../../src/circulation/event.js';
import type { Witnessed } from './names.js';

/** What became of all that one kiosk ever made durable. */
export interface Judgement {
  readonly made: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Events that only a card knew which was then replaced by an old copy. */
  readonly goneWithCard: number;
  readonly commands: number;
  readonly commandsRunTwice: number;
  /** The same, where an old card had forgotten them. */
  readonly commandsRunAgainByOldCard: number;
}

/** Up to where the card was copied that took the place of a later one. */
export interface Rewind {
  readonly epoch: string;
  readonly position: number;
  /** How many lines the witness had when it took that place. */
  readonly atLine: number;
}

interface Stored {
  readonly epoch: string;
  readonly position: number;
  readonly body: string;
}

/** Compares what `witnessFile` says that the kiosk made with what the catalogue in `catalogueFile` has of it. */
export function judge(
  kiosk: string,
  witnessFile: string,
  catalogueFile: string,
  rewinds: readonly Rewind[],
): Judgement {
  const made = witnessed(witnessFile);
  const stored = storedOf(kiosk, catalogueFile);
  const places = new Map(stored.map(({ epoch, position, body }) => [`${epoch}/${position}`, body]));
  const bodies = new Set(stored.map(({ body }) => body));
  const isGone = ({ epoch, position }: Witnessed, line: number) =>
    rewinds.some((each) => each.epoch === epoch && position > each.position && line < each.atLine);
  let [lost, goneWithCard] = [0, 0];
  const different = new Set<string>();
  for (const [line, each] of made.entries()) {
    const key = `${each.epoch}/${each.position}/${each.body}`;
    if (different.has(key)) continue;
    different.add(key);
    const isStored = places.get(`${each.epoch}/${each.position}`) === each.body;
    // An old card goes on under the old epoch until it hears better; what it made comes again in the next.
    if (isStored || (rewinds.some(({ atLine }) => line >= atLine) && bodies.has(each.body))) continue;
    if (isGone(each, line)) goneWithCard += 1;
    else lost += 1;
  }
  const twice = repeated(stored.flatMap(({ body }) => commandOf(body)));
  const isOld = rewinds.length > 0;
  return {
    made: different.size,
    stored: stored.length,
    lost,
    doubled: repeated(stored.flatMap(({ body }) => loanOf(body))),
    outOfOrder: gaps(stored),
    goneWithCard,
    commands: stored.filter(({ body }) => commandOf(body).length > 0).length,
    commandsRunTwice: isOld ? 0 : twice,
    commandsRunAgainByOldCard: isOld ? twice : 0,
  };
}

function witnessed(file: string): Witnessed[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A kiosk that was killed while it wrote left half a line, of which the next life told the whole again.
  return lines.flatMap((line): Witnessed[] => (line.endsWith('}') ? [JSON.parse(line)] : []));
}

function storedOf(kiosk: string, file: string): Stored[] {
  const db = openDatabase(file);
  const rows = db
    .prepare<[string], Stored>(
      `SELECT epoch.epoch AS epoch, position, body FROM event JOIN epoch ON epoch.id = epoch_id
       WHERE kiosk = ? ORDER BY epoch_id, position`,
    )
    .all(kiosk);
  db.close();
  return rows;
}

const eventOf = (body: string): Event => JSON.parse(body);

function commandOf(body: string): string[] {
  const event = eventOf(body);
  return event.type === 'command-taken' ? [event.command] : [];
}

/** A loan by its visit and its patron, who comes only once. */
function loanOf(body: string): string[] {
  const event = eventOf(body);
  return event.type === 'item-lent' ? [`${event.visit} ${event.patron}`] : [];
}

/** How many of `names` are there again. */
const repeated = (names: readonly string[]): number => names.length - new Set(names).size;

/** Events that do not follow the one before in their epoch. */
function gaps(stored: readonly Stored[]): number {
  return stored.filter(({ epoch, position }, at) => {
    const before = stored[at - 1];
    return position !== (before?.epoch === epoch ? before.position + 1 : 1);
  }).length;
}
