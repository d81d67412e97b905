import type { StaffAct } from '../circulation/input.js';
import { lockerOf } from '../circulation/ledger.js';
import type { Farewell, StaffWork, State, Visit, Working } from '../circulation/state.js';
import type { Sentence } from '../display/phrases.js';
import type { Moment } from '../kernel/time.js';
import type { ScreenIntent } from './intent.js';

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
      return groupsOf([
        { words: words.return, intent: { kind: 'choose-return' }, look: 'main' },
        { words: words.renew, intent: { kind: 'choose-renewal', item: visit.item }, look: 'main' },
      ]);
    case 'working':
      return workChoices(visit);
    case 'opening':
      return visit.work ? staffDoorChoices(visit, visit.work) : [];
    case 'open': {
      if (visit.work) return staffDoorChoices(visit, visit.work);
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
  { recentLoans: justLent }: State,
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
  return groupsOf(choices);
}

/** Opening all doors is confirmed twice, each time at another place. */
function workChoices({ work, emergency }: Working): readonly ChoiceGroup[] {
  if (emergency === 'asked') return groupsOf([staffChoices.back, staffChoices.openAll]);
  if (emergency === 'confirmed') return groupsOf([staffChoices.openAllNow, staffChoices.back]);
  if (work.task !== null) return groupsOf([staffChoices.done]);
  return groupsOf([staffChoices.restock, staffChoices.count], [staffChoices.emergency]);
}

function staffDoorChoices({ kind }: Visit, { task, left, found }: StaffWork): readonly ChoiceGroup[] {
  const choices = [
    ...(kind === 'open' && task === 'count' && found !== null ? [staffChoices.nothing] : []),
    ...(left.length > 0 ? [staffChoices.last] : []),
  ];
  return groupsOf(choices);
}

/** Groups that answer no question; empty ones are left out. */
function groupsOf(...groups: readonly (readonly Choice[])[]): readonly ChoiceGroup[] {
  return groups.filter(({ length }) => length > 0).map((choices) => ({ question: null, choices }));
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

function staffChoice(act: StaffAct, look: Choice['look'], zh: string, en: string): Choice {
  return { words: { zh, en }, intent: { kind: 'staff', act }, look };
}

const staffChoices = {
  restock: staffChoice({ do: 'restock' }, 'plain', '上架', 'Restock'),
  count: staffChoice({ do: 'count' }, 'plain', '清点', 'Count'),
  emergency: staffChoice({ do: 'open-all' }, 'plain', '全部打开…', 'Open all…'),
  done: staffChoice({ do: 'menu' }, 'plain', '做完了', 'Finished'),
  nothing: staffChoice({ do: 'found-nothing' }, 'main', '里面没有书', 'Nothing here'),
  last: staffChoice({ do: 'menu' }, 'plain', '开完这扇就停', 'Stop after this door'),
  back: staffChoice({ do: 'menu' }, 'plain', '不，返回', 'No, go back'),
  openAll: staffChoice({ do: 'confirm' }, 'danger', '是的，全部打开', 'Yes, open all'),
  openAllNow: staffChoice({ do: 'confirm' }, 'danger', '马上全部打开', 'Open all now'),
};
