import type { Outcome, Purpose } from '../circulation/state.js';
import { type BookTitle, dayWords, inEn, inZh, type Saying, type Sentence } from '../display/phrases.js';

/** The last words of a visit. `book` is the one lent or returned, where it is known. */
export function outcomeWords(outcome: Outcome, book: BookTitle | null): Saying {
  switch (outcome.kind) {
    case 'lent':
      return lent(dayWords(outcome.dueAt), outcome.dueProvisional, book);
    case 'returned':
      return {
        headline: { zh: '还好了，谢谢您', en: 'Returned. Thank you' },
        detail: returnedDetail(outcome.damage !== null, book),
      };
    case 'undone':
      return {
        headline: { zh: '好的，没有借', en: 'All right: not borrowed' },
        detail: { zh: `${inZh(book)}没有记在您名下。`, en: `${inEn(book, true)} is not on your card.` },
      };
    case 'renewed':
      return renewed(dayWords(outcome.dueAt), outcome.dueProvisional, book);
    case 'renewal-asked':
      return {
        headline: { zh: '续借已经记下', en: 'Your renewal is noted' },
        detail: {
          zh: '网络恢复后才能确认。在那以前，请按原来的日期归还。',
          en: 'It is confirmed when we are back online. Until then the old date counts.',
        },
      };
    case 'worked':
      return {
        headline: { zh: '做好了', en: 'Done' },
        detail: { zh: '这次开门已经记下。', en: 'This opening is on record.' },
      };
    case 'never-opened':
    case 'lock-refused':
    case 'outcome-unknown':
      return endings[outcome.kind][outcome.purpose];
    case 'timed-out':
      return {
        headline: { zh: '时间到了，请重新开始', en: 'Time is up. Please start again' },
        detail: { zh: '刚才没有借书，也没有还书。', en: 'Nothing was borrowed or returned.' },
      };
  }
}

function lent(due: Sentence, provisional: boolean, book: BookTitle | null): Saying {
  const headline = { zh: '借好了，请慢慢看', en: 'Borrowed. Enjoy your book' };
  const by = `请最晚 ${due.zh}\u200b归还${inZh(book)}，哪个书亭都可以。`;
  const byEn = `Please return ${inEn(book)} by ${due.en}, at any of our kiosks.`;
  if (!provisional) return { headline, detail: { zh: by, en: byEn } };
  return {
    headline,
    detail: {
      zh: `${by}这个日期可能会有小的更正。`,
      en: `${byEn} This date may still be corrected slightly.`,
    },
  };
}

function returnedDetail(isDamaged: boolean, book: BookTitle | null): Sentence {
  return isDamaged
    ? {
        zh: `谢谢您告诉我们。${inZh(book)}修好以前不会再借出。`,
        en: `Thank you for telling us. ${inEn(book, true)} is not lent until it is repaired.`,
      }
    : { zh: `${inZh(book)}已经还给书亭。`, en: `${inEn(book, true)} is back in the kiosk.` };
}

function renewed(due: Sentence, provisional: boolean, book: BookTitle | null): Saying {
  const headline = { zh: '续借好了', en: 'Renewed' };
  const zh = `请最晚 ${due.zh}\u200b归还${inZh(book)}。`;
  const en = `Please return ${inEn(book)} by ${due.en}.`;
  if (!provisional) return { headline, detail: { zh, en } };
  return {
    headline,
    detail: {
      zh: `${zh}这个日期可能会有小的更正。`,
      en: `${en} This date may still be corrected slightly.`,
    },
  };
}

type Ending = Extract<Outcome, { readonly purpose: Purpose }>['kind'];
const endings: Readonly<Record<Ending, Readonly<Record<Purpose, Saying>>>> = {
  'never-opened': {
    checkout: {
      headline: { zh: '门没有打开，书没有借', en: 'The door stayed shut. Nothing was lent' },
      detail: { zh: '想借这本书，请再来一次。', en: 'If you would like the book, please try again.' },
    },
    checkin: {
      headline: { zh: '门没有打开，书还没有还', en: 'The door stayed shut. Nothing was returned' },
      detail: {
        zh: '要还书，请再扫一次书上的条码。',
        en: 'To return the book, please scan its barcode again.',
      },
    },
    access: {
      headline: { zh: '门没有打开', en: 'The door stayed shut' },
      detail: { zh: '什么都没有改动。', en: 'Nothing was changed.' },
    },
  },
  'lock-refused': {
    checkout: {
      headline: { zh: '这扇门打不开，书没有借', en: 'This door will not open. Nothing was lent' },
      detail: { zh: '对不起，请换一本书。', en: 'We are sorry. Please choose another book.' },
    },
    checkin: {
      headline: { zh: '这扇门打不开，书还没有还', en: 'This door will not open. Nothing was returned' },
      detail: {
        zh: '对不起，请再扫一次书上的条码。',
        en: 'We are sorry. Please scan the barcode once more.',
      },
    },
    access: {
      headline: { zh: '这扇门打不开', en: 'This door will not open' },
      detail: { zh: '什么都没有改动。', en: 'Nothing was changed.' },
    },
  },
  'outcome-unknown': {
    checkout: {
      headline: { zh: '柜子暂时\u200b没有回应', en: 'The cabinet is not answering' },
      detail: {
        zh: '书如果已经取出，您可以带走。我们会核对记录。',
        en: 'If you have the book, you may take it. We will check the record.',
      },
    },
    checkin: {
      headline: { zh: '柜子暂时\u200b没有回应', en: 'The cabinet is not answering' },
      detail: {
        zh: '书如果已经放好，关上门就可以了。我们会核对记录。',
        en: 'If the book is inside, just close the door. We will check the record.',
      },
    },
    access: {
      headline: { zh: '柜子暂时\u200b没有回应', en: 'The cabinet is not answering' },
      detail: { zh: '这一格要看一看再用。', en: 'Look what is inside before it is used again.' },
    },
  },
};
