import type { Damage, StaffTask, WithheldReason } from '../circulation/event.js';
import type { StaffWork, Working } from '../circulation/state.js';
import { type BookTitle, doorZh, inEn, inZh, type Saying, type Sentence } from '../display/phrases.js';
import type { LockerNo } from '../kernel/ids.js';

/** What staff do next with no door unlocked, by the task they chose. */
export function workWords(task: StaffWork['task'], emergency: Working['emergency']): Saying {
  return emergency === 'no' ? work[task ?? 'none'] : confirmations[emergency];
}

const work: Readonly<Record<NonNullable<StaffWork['task']> | 'none', Saying>> = {
  none: {
    headline: { zh: '工作人员，您好', en: 'Hello. What would you like to do?' },
    detail: { zh: '请点一项工作，或点一扇门。', en: 'Tap a task, or tap a door.' },
  },
  restock: {
    headline: { zh: '上架：\u200b请扫书上的条码', en: 'Restock: scan a book' },
    detail: {
      zh: '扫一本，开一扇门，放好关门，再扫下一本。',
      en: 'Scan one, put it in, close the door, scan the next.',
    },
  },
  count: {
    headline: { zh: '清点', en: 'Count' },
    detail: { zh: '正在开下一扇门。', en: 'The next door is opening.' },
  },
  'open-all': {
    headline: { zh: '正在打开\u200b所有的门', en: 'Opening every door' },
    detail: { zh: '请站开一点。', en: 'Please stand clear.' },
  },
};

const confirmations: Readonly<Record<Exclude<Working['emergency'], 'no'>, Saying>> = {
  asked: {
    headline: { zh: '真的要打开\u200b所有的门吗？', en: 'Open every door?' },
    detail: {
      zh: '只在紧急情况下用。之后每一格都要清点才能再用。',
      en: 'Only for an emergency. Afterwards every door must be counted before it is used.',
    },
  },
  confirmed: {
    headline: { zh: '请再确认一次', en: 'Please confirm once more' },
    detail: { zh: '确认后，所有的门马上打开。', en: 'Once confirmed, all doors open at once.' },
  },
};

/** What staff do at an unlocked door. */
export interface StaffDoor {
  readonly locker: LockerNo;
  readonly isOpen: boolean;
  readonly task: StaffTask;
  /** The book it is about: put in, taken out, or recorded to be inside; null: none is. */
  readonly book: BookTitle | null;
  /** Whether there is such a book, also one whose title is not known. */
  readonly hasBook: boolean;
  /** What a count found; undefined: nothing said yet. */
  readonly found: { readonly book: BookTitle | null } | 'nothing' | undefined;
}

/** What to do at a door that is unlocked for staff. */
export function staffDoorWords(door: StaffDoor): Saying {
  const { locker, isOpen, task } = door;
  if (task === 'open-all') return work['open-all'];
  const headline = isOpen
    ? { zh: `已打开${doorZh(locker)}`, en: `You opened door ${locker}` }
    : { zh: `请打开${doorZh(locker)}`, en: `Please open door ${locker}` };
  return { headline, detail: taskWords(task, door) };
}

function taskWords(task: Exclude<StaffTask, 'open-all'>, door: StaffDoor): Sentence {
  const { book } = door;
  switch (task) {
    case 'restock':
      return {
        zh: `放好${inZh(book)}，把门关好。`,
        en: `Put ${inEn(book)} inside, then close the door.`,
      };
    case 'withdraw':
      return { zh: `取出${inZh(book)}，把门关好。`, en: `Take ${inEn(book)} out, then close the door.` };
    case 'open':
      return {
        zh: '看好以后，把门关上。这次开门有记录。',
        en: 'Close the door when you are done. This opening is on record.',
      };
    case 'count':
      return countWords(door);
  }
}

function countWords({ isOpen, book, hasBook, found }: StaffDoor): Sentence {
  if (found === 'nothing')
    return { zh: '已记下：里面没有书。请关好门。', en: 'Noted: nothing inside. Close the door.' };
  if (found)
    return {
      zh: `已记下：${inZh(found.book)}。请关好门。`,
      en: `Noted: ${inEn(found.book)}. Close the door.`,
    };
  const recorded = hasBook
    ? { zh: `记录：${inZh(book)}。`, en: `On record: ${inEn(book)}.` }
    : { zh: '记录：没有书。', en: 'On record: no book.' };
  return isOpen
    ? {
        zh: `${recorded.zh}扫里面的书，\u200b或点“里面没有书”。`,
        en: `${recorded.en} Scan what is inside, or tap “Nothing here”.`,
      }
    : recorded;
}

const withheldReasons: Readonly<Record<WithheldReason, Sentence>> = {
  'did-not-open': { zh: '门打不开', en: 'Did not open' },
  'door-silent': { zh: '门开关没反应', en: 'Switch silent' },
  'door-forced': { zh: '门自己开过', en: 'Opened unasked' },
  'outcome-unknown': { zh: '结果不明', en: 'Outcome unknown' },
  'not-taken': { zh: '读者没拿到书', en: 'Book not taken' },
  misplaced: { zh: '书在别处还了', en: 'Book was elsewhere' },
  withdrawal: { zh: '书要取走', en: 'To be taken out' },
  emergency: { zh: '紧急打开过', en: 'Emergency opening' },
  'out-of-service': { zh: '已停用', en: 'Out of service' },
};

/** Why a locker is kept out of use, in few words. */
export function withheldWords(reason: WithheldReason): Sentence {
  return withheldReasons[reason];
}

const damages: Readonly<Record<Damage, Sentence>> = {
  wet: { zh: '淋湿', en: 'Wet' },
  torn: { zh: '破损', en: 'Torn' },
  'missing-pages': { zh: '缺页', en: 'Missing pages' },
};

/** What is wrong with a book. */
export function damageWords(damage: Damage): Sentence {
  return damages[damage];
}

/** What else staff want to know of a locker. */
export const signs = {
  underWay: { zh: '进行中', en: 'Under way' },
  open: { zh: '门开着', en: 'Door open' },
  unknown: { zh: '门况不明', en: 'Door unknown' },
  chattering: { zh: '开关抖动', en: 'Switch chatters' },
  absent: { zh: '感应不到书', en: 'No book sensed' },
  present: { zh: '感应到书', en: 'Book sensed' },
  reserved: { zh: '已预约', en: 'Reserved' },
  expired: { zh: '预约过期', en: 'Hold expired' },
  wanted: { zh: '别处需要', en: 'Wanted elsewhere' },
  unregistered: { zh: '没有登记', en: 'Not registered' },
} as const satisfies Record<string, Sentence>;
