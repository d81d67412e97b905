import { lockerOf } from '../circulation/ledger.js';
import type { Farewell, State, Visit } from '../circulation/state.js';
import type { Moment } from '../kernel/time.js';
import type { ScreenIntent } from './intent.js';
import type { Sentence } from './phrases.js';

/** One button. */
export interface Choice {
  readonly words: Sentence;
  readonly intent: ScreenIntent;
  /** `main`: what most people want; `danger`: what must not happen by mistake. */
  readonly look: 'main' | 'plain' | 'danger';
}

/** Buttons that belong together, below the question they answer. */
export interface ChoiceGroup {
  readonly question: Sentence | null;
  readonly choices: readonly Choice[];
}

/** What a resident may choose besides books, and giving up. */
export function choicesOf(state: State, visit: Visit, moment: Moment): readonly ChoiceGroup[] {
  switch (visit.kind) {
    case 'asking':
      return [
        {
          question: null,
          choices: [
            { words: words.return, intent: { kind: 'choose-return' }, look: 'main' },
            { words: words.renew, intent: { kind: 'choose-renewal', item: visit.item }, look: 'main' },
          ],
        },
      ];
    case 'open': {
      const { intent, damage } = lockerOf(state.ledger, visit.locker);
      return intent?.purpose === 'checkin' && damage === null ? [damageQuestion] : [];
    }
    case 'farewell':
      return farewellChoices(state, visit, moment);
    default:
      return [];
  }
}

function farewellChoices(
  { justLent }: State,
  { outcome, locker, holder }: Farewell,
  { elapsedMs }: Moment,
): readonly ChoiceGroup[] {
  if (outcome.kind === 'returned') return outcome.damage === null ? [damageQuestion] : [];
  const choices: Choice[] = [];
  if (holder) {
    const another = outcome.kind === 'lent' ? words.another : words.goOn;
    choices.push({ words: another, intent: { kind: 'want-another' }, look: 'plain' });
  }
  const lent = locker === null ? undefined : justLent.get(locker);
  if (outcome.kind === 'lent' && locker !== null && lent?.visit === outcome.visit && lent.until > elapsedMs)
    choices.push({ words: words.notTaken, intent: { kind: 'not-taken', locker }, look: 'plain' });
  return choices.length > 0 ? [{ question: null, choices }] : [];
}

const words = {
  return: { zh: '还书', en: 'Return' },
  renew: { zh: '续借', en: 'Renew' },
  another: { zh: '再借一本', en: 'Borrow another' },
  goOn: { zh: '借书或续借', en: 'Borrow or renew' },
  notTaken: { zh: '没拿到书', en: 'I did not take it' },
} as const satisfies Record<string, Sentence>;

const damageQuestion: ChoiceGroup = {
  question: { zh: '书有损坏，请点一下：', en: 'Is the book damaged? Please tap:' },
  choices: [
    { words: { zh: '淋湿', en: 'Wet' }, intent: { kind: 'report-damage', damage: 'wet' }, look: 'plain' },
    { words: { zh: '破损', en: 'Torn' }, intent: { kind: 'report-damage', damage: 'torn' }, look: 'plain' },
    {
      words: { zh: '缺页', en: 'Missing pages' },
      intent: { kind: 'report-damage', damage: 'missing-pages' },
      look: 'plain',
    },
  ],
};
