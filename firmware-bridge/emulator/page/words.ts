import type { Refusal } from '../snapshot.js';

/** Chinese first, English beside it. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Why a hand could not do it. */
export const refusals: Readonly<Record<Refusal, Words>> = {
  'locker-unknown': { zh: '没有这扇门', en: 'No such door' },
  'board-unknown': { zh: '没有这块板', en: 'No such board' },
  'item-unknown': { zh: '没有这本书', en: 'No such book' },
  'door-latched': { zh: '锁着', en: 'Locked' },
  'door-already-open': { zh: '门已经开着', en: 'Open already' },
  'door-already-closed': { zh: '门已经关着', en: 'Closed already' },
  'door-closed': { zh: '门关着', en: 'The door is shut' },
  'locker-full': { zh: '里面已有书', en: 'There is a book inside' },
  'locker-empty': { zh: '里面没有书', en: 'Nothing inside' },
  'other-item-inside': { zh: '里面是另一本', en: 'Another book is inside' },
  'item-not-on-table': { zh: '书不在桌上', en: 'Not on the table' },
  'text-not-readable': { zh: '扫码器读不出', en: 'The reader cannot read it' },
  'reader-busy': { zh: '扫码器还在传上一个', en: 'The reader is still sending' },
};

/** The texts of the page. */
export const words = {
  standIn: { zh: '演示 · 代替真实书柜', en: 'Demo stand-in for the physical cabinet' },
  screenHint: {
    zh: '屏幕是另一个页面，地址在启动时的终端里。',
    en: 'The kiosk’s screen is another page; its address is in the terminal that started the demo.',
  },
  lost: {
    zh: '书柜程序没有回应，正在重新连接…',
    en: 'The cabinet program does not answer; reconnecting…',
  },
  table: { zh: '桌上的书', en: 'Books on the table' },
  reader: { zh: '扫码器', en: 'Reader' },
  readerHint: {
    zh: '点下面一样东西，就把它举到扫码器前。',
    en: 'Press a thing below to hold it to the reader.',
  },
  people: { zh: '居民', en: 'Residents' },
  scanIt: { zh: '扫一下', en: 'Scan it' },
  unreachable: { zh: '书柜程序没有回应', en: 'The cabinet program does not answer' },
  open: { zh: '拉开', en: 'Pull open' },
  shut: { zh: '关门', en: 'Close' },
  take: { zh: '取出', en: 'Take' },
  putHere: { zh: '放入', en: 'Put in' },
  emptyInside: { zh: '空', en: 'Empty' },
  free: { zh: '锁已松开', en: 'unlatched' },
  latched: { zh: '锁着', en: 'locked' },
  forged: { zh: '伪造的借书码', en: 'Forged pass' },
  forgedWhy: { zh: '改动过一个字', en: 'one character changed' },
  label: { zh: '扫条码', en: 'Scan label' },
  tableEmpty: { zh: '桌上没有书。', en: 'No books on the table.' },
  tableHint: {
    zh: '点一本书拿在手里，再扫它的条码，或放进打开的门。',
    en: 'Press a book to pick it up, then scan its label or put it behind an open door.',
  },
  scanned: { zh: '嘀——已扫', en: 'Beep. Scanned' },
  doorCode: { zh: '门上的码', en: 'Door code' },
} as const satisfies Record<string, Words>;
