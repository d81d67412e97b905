import type { Refusal } from '../circulation/refusal.js';
import { nearbyWords, type Sentence } from './phrases.js';

const refusals: Readonly<Record<Refusal, Sentence>> = {
  'pass-forged': {
    zh: '这个借书码不能用。请在微信里重新打开借书码。',
    en: 'This pass cannot be used. Please open your pass in WeChat again.',
  },
  'pass-expired': {
    zh: '这个借书码已经过期。请在微信里刷新后再扫。',
    en: 'This pass has expired. Please refresh it in WeChat and scan again.',
  },
  'pass-not-yet-valid': {
    zh: '这个借书码还没到使用时间。请稍后再扫。',
    en: 'This pass is not valid yet. Please scan it a little later.',
  },
  'pass-unreadable': {
    zh: '没有看清。请把手机放平、调亮，再扫一次。',
    en: 'We could not read it. Please hold the phone flat, make it bright, and scan again.',
  },
  'pass-elsewhere': {
    zh: '这个码是另一个书亭的。请到那个书亭使用，或重新取码。',
    en: 'This code is for another kiosk. Please use it there, or ask for a new one.',
  },
  'pass-revoked': {
    zh: '这个借书码已经停用。请在微信里重新打开借书码。',
    en: 'This pass is no longer in use. Please open your pass in WeChat again.',
  },
  'pass-used': {
    zh: '这个码已经用过了。想再借，请重新取一个码。',
    en: 'This code has been used already. To borrow again, please ask for a new one.',
  },
  'patron-blocked': {
    zh: '您的借书证暂时不能借书。请打服务电话，我们帮您看看。还书随时都可以。',
    en: 'Your card cannot borrow at present. Please call us and we will help. You can return books any time.',
  },
  'card-unknown': {
    zh: '这个书亭还不认识这张借书证。请用手机借书码，或请工作人员帮忙。',
    en: 'This kiosk does not know the card yet. Please use the pass on your phone, or ask our staff.',
  },
  'pin-wrong': {
    zh: '密码不对。请再输一次，不着急。',
    en: 'That PIN is not right. Please try once more; take your time.',
  },
  'pin-wait': {
    zh: '密码输错了几次，请过一会儿再来。您也可以用手机借书码。',
    en: 'The PIN was wrong several times. Please come back a little later, or use the pass on your phone.',
  },
  'code-foreign': {
    zh: '这不是书亭的码。请扫借书码，或书上的馆藏条码。',
    en: 'This is not one of our codes. Please scan your pass, or the library label on the book.',
  },
  'code-is-title': {
    zh: '这是封底的书号。还书，请扫书上贴的馆藏条码。',
    en: 'That is the ISBN printed on the cover. To return the book, scan the library label.',
  },
  'code-is-payment': {
    zh: '这是付款码，这里不收钱。请打开借书码再扫。',
    en: 'That is a payment code; nothing is paid here. Please open your pass and scan it.',
  },
  'code-is-link': {
    zh: '这是一个网址。请扫借书码，或书上的馆藏条码。',
    en: 'That is a web link. Please scan your pass, or the library label on the book.',
  },
  'code-is-receipt': {
    zh: '这是还书凭条，请收好。这里不用扫它。',
    en: 'That is a receipt for a returned book. Please keep it; there is no need to scan it here.',
  },
  'locker-empty': {
    zh: '这一格里没有书。请换一本。',
    en: 'There is no book behind this door. Please choose another.',
  },
  'locker-unavailable': {
    zh: '这扇门现在不能用。请换一本。',
    en: 'This door cannot be used now. Please choose another book.',
  },
  'locker-stuck': {
    zh: '刚才那扇门打不开，我们会来修。请用另一扇门。',
    en: 'The last door did not open; we will repair it. Please use another one.',
  },
  'loan-limit': {
    zh: '您借的书已经到了上限。还一本，就能再借。',
    en: 'You have as many books as one may borrow. Return one, and you can borrow again.',
  },
  'loan-limit-offline': {
    zh: '网络暂断时，每人能借的书少一些。还一本，或等网络恢复后再借。',
    en: 'While we are offline one may borrow fewer books. Return one, or borrow again when we are back online.',
  },
  'item-on-hold': {
    zh: '这本书有人预约了。请换一本。',
    en: 'This book is reserved for somebody. Please choose another.',
  },
  'item-for-adults': {
    zh: '这本书给大人看。请换一本，或请家长来借。',
    en: 'This book is for adults. Please choose another, or ask a parent to borrow it.',
  },
  'item-damaged': {
    zh: '这本书要修一修，暂时不借。请换一本。',
    en: 'This book is to be repaired first. Please choose another.',
  },
  'item-unknown': {
    zh: '这本书还没有登记好，暂时不借。请换一本。',
    en: 'This book is not registered yet. Please choose another.',
  },
  'item-not-here': {
    zh: '这本书不在这个书亭。请看看别的书。',
    en: 'That book is not at this kiosk. Please have a look at the others.',
  },
  'item-taken': {
    zh: '这扇门里看起来没有书了。请打服务电话，我们帮您核对。',
    en: 'There seems to be no book behind that door. Please call us and we will check.',
  },
  'item-already-here': {
    zh: '这本书就在柜子里，不用再还。',
    en: 'This book is in the cabinet already. There is no need to return it.',
  },
  'not-your-loan': {
    zh: '这本书不在您的借书记录里。',
    en: 'This book is not among your loans.',
  },
  'renewal-early': {
    zh: '今天续借，到期日不会变。快到期时再来续吧。',
    en: 'Renewing today would not change the date. Please come back when it is nearly due.',
  },
  'renewal-limit': {
    zh: '这本书已经续借过了，请按时归还。',
    en: 'This book has been renewed already. Please return it in time.',
  },
  'renewal-wanted': {
    zh: '有人在等这本书，不能续借。请按时归还。',
    en: 'Somebody is waiting for this book, so it cannot be renewed. Please return it in time.',
  },
  'cabinet-full': {
    zh: '柜子放满了。请到附近的书亭还书，或晚些再来。',
    en: 'The cabinet is full. Please return the book at another kiosk, or come back later.',
  },
  busy: {
    zh: '请先做完这一次，再扫下一个。',
    en: 'Please finish this first, then scan the next one.',
  },
  'too-late': {
    zh: '时间过了，请重新开始。',
    en: 'That was a little too late. Please start again.',
  },
  'choose-task': {
    zh: '请先点一项工作。',
    en: 'Please choose a task first.',
  },
  'staff-only': {
    zh: '这里由工作人员操作。请先扫工作证。',
    en: 'This is for staff. Please scan a staff pass first.',
  },
  'out-of-service': {
    zh: '柜子暂时不能用。请稍后再来，或到附近的书亭。',
    en: 'The cabinet is out of service. Please come back later, or use another kiosk nearby.',
  },
};

/** The words for a reason that came over the wire; undefined where it is none of ours. */
export function refusalOf(reason: string): Sentence | undefined {
  return Object.hasOwn(refusals, reason) ? refusals[reason as Refusal] : undefined;
}

/** Why not, and what to do instead: where to go, if there are other kiosks. Blames nobody. */
export function refusalWords(refusal: Refusal, neighbours: readonly Sentence[] = []): Sentence {
  const nearby = nearbyWords(neighbours);
  if (!nearby) return refusals[refusal];
  switch (refusal) {
    case 'cabinet-full':
      return {
        zh: `柜子放满了。请到${nearby.zh}还书，或晚些再来。`,
        en: `The cabinet is full. Please return the book at ${nearby.en}, or come back later.`,
      };
    case 'out-of-service':
      return {
        zh: `柜子暂时不能用。请稍后再来，或到${nearby.zh}。`,
        en: `The cabinet is out of service. Please come back later, or use ${nearby.en}.`,
      };
    default:
      return refusals[refusal];
  }
}
