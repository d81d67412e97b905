import {
  type ItemId,
  itemId,
  type KioskId,
  kioskId,
  type LockerNo,
  lockerNo,
  type PatronId,
  patronId,
  type StaffId,
  staffId,
  type TitleId,
  titleId,
} from '../kernel/ids.js';
import { libraryBarcode } from './library-barcode.js';

/** A borrower as the catalogue knows her; only `patron` ever leaves it, inside a signed pass. */
export interface Patron {
  readonly patron: PatronId;
  readonly name: string;
  /** A short note that identifies the person. */
  readonly label: string;
  /** 14-digit library card number. */
  readonly card: string;
  readonly age: 'adult' | 'child';
}

/** A patron of the sample, with the PIN of her card: a catalogue keeps only its hash. */
export interface SamplePatron extends Patron {
  readonly pin: string;
}

/** A member of staff of the sample. A catalogue stores none: their passes identify them. */
export interface SampleStaff {
  readonly staff: StaffId;
  readonly name: string;
  readonly label: string;
}

/** An edition: what all its copies have in common. */
export interface Title {
  readonly title: TitleId;
  readonly name: string;
  readonly author: string;
  readonly language: 'zh' | 'en';
}

/** One physical book: which kiosk may hold it, and the locker it is in when the kiosk goes into service. */
export interface StockItem {
  readonly item: ItemId;
  readonly title: TitleId;
  readonly kiosk: KioskId;
  readonly locker: LockerNo | null;
}

/** The first content of a new catalogue. */
export interface SampleData {
  readonly patrons: readonly SamplePatron[];
  readonly staff: readonly SampleStaff[];
  readonly titles: readonly Title[];
  readonly items: readonly StockItem[];
}

/** Number of the sample library in its barcodes. */
const institution = '0106';
const kiosk = kioskId('jn-01');
/** Empty at first, for returns. */
const emptyLockers = [3, 9, 14, 18, 20];
const lockers = [...Array(24).keys()].map((n) => n + 1).filter((locker) => !emptyLockers.includes(locker));

type Person = readonly [patron: string, name: string, label: string, pin: string, age?: 'child'];

const people: readonly Person[] = [
  ['7d1c3f0a9b2e4851', '王阿姨', '退休教师，72 岁 / Auntie Wang, retired teacher', '1953'],
  ['1f8e6a2c5d3b7094', '李爷爷', '爱看历史，81 岁 / Grandpa Li, reads history', '206800'],
  ['c04b9e7715aa3d62', '小雨和妈妈', '3 岁 / Xiaoyu (3) and her mother', '2580', 'child'],
  ['58a1d2e9f6c07b34', '陈师傅', '夜班快递员 / Mr Chen, courier on the night shift', '7410'],
  ['e93f5b80c4127ad6', '周同学', '高中生 / Zhou, at secondary school', '31415926'],
  ['2b6740fd18e5c9a3', 'Sam', '住在江宁路 / lives on Jiangning Road', '0042'],
];

const librarians: readonly (readonly [staff: string, name: string, label: string])[] = [
  ['00000000000a11ce', '小许', '书庭管理员 / Xu, looks after the kiosk'],
  ['00000000000b0b0b', '老顾', '流动管理员 / Gu, goes round the street with the book trolley'],
];

const books: readonly (readonly [name: string, author: string, language?: 'en'])[] = [
  ['城南旧事', '林海音'],
  ['繁花', '金宇澄'],
  ['长恨歌', '王安忆'],
  ['围城', '钱锺书'],
  ['边城', '沈从文'],
  ['骆驼祥子', '老舍'],
  ['活着', '余华'],
  ['平凡的世界', '路遥'],
  ['呼兰河传', '萧红'],
  ['倾城之恋', '张爱玲'],
  ['呐喊', '鲁迅'],
  ['受戒', '汪曾祺'],
  ['棋王', '阿城'],
  ['我与地坛', '史铁生'],
  ['乡土中国', '费孝通'],
  ['万历十五年', '黄仁宇'],
  ['红楼梦', '曹雪芹'],
  ['唐诗三百首', '蘅塘退士 编'],
  ['随园食单', '袁枚'],
  ['浮生六记', '沈复'],
  ['三体', '刘慈欣'],
  ['草房子', '曹文轩'],
  ['宝葫芦的秘密', '张天翼'],
  ['稻草人', '叶圣陶'],
  ['团圆', '余丽琼 文，朱成梁 图'],
  ['猜猜我有多爱你', '山姆·麦克布雷尼'],
  ['小王子', '安托万·德·圣-埃克苏佩里'],
  ['夏洛的网', 'E. B. 怀特'],
  ['窗边的小豆豆', '黑柳彻子'],
  ['老人与海', '欧内斯特·海明威'],
  ['百年孤独', '加夫列尔·加西亚·马尔克斯'],
  ['荷花镇的早市', '周翔'],
  ['好饿的毛毛虫', '艾瑞·卡尔'],
  ['上海的风花雪月', '陈丹燕'],
  ['雅舍谈吃', '梁实秋'],
  ['中国居民膳食指南', '中国营养学会'],
  ['登上健康快车', '洪昭光'],
  ['Charlotte’s Web', 'E. B. White', 'en'],
  ['The Old Man and the Sea', 'Ernest Hemingway', 'en'],
  ['Pride and Prejudice', 'Jane Austen', 'en'],
  ['A Room of One’s Own', 'Virginia Woolf', 'en'],
  ['The Very Hungry Caterpillar', 'Eric Carle', 'en'],
  ['Winnie-the-Pooh', 'A. A. Milne', 'en'],
  ['Nineteen Eighty-Four', 'George Orwell', 'en'],
];

/** A few dozen well-known books, six residents and two members of staff who do not exist, and the first stock of kiosk jn-01. */
export const sampleData: SampleData = {
  patrons: people.map(([patron, name, label, pin, age], index) => ({
    patron: patronId(patron),
    name,
    label,
    card: libraryBarcode('patron', institution, index + 1),
    age: age ?? 'adult',
    pin,
  })),
  staff: librarians.map(([staff, name, label]) => ({ staff: staffId(staff), name, label })),
  titles: books.map(
    ([name, author, language], index): Title => ({
      title: idOf(index),
      name,
      author,
      language: language ?? 'zh',
    }),
  ),
  items: books.map((_book, index) => ({
    item: itemId(libraryBarcode('item', institution, index + 1)),
    title: idOf(index),
    kiosk,
    locker: placeOf(index),
  })),
};

function idOf(index: number): TitleId {
  return titleId(`t-${String(index + 1).padStart(2, '0')}`);
}

/** Every other book of the list stands in a locker, so that the shelf shows a bit of all kinds. */
function placeOf(index: number): LockerNo | null {
  const locker = index % 2 === 0 ? lockers[index / 2] : undefined;
  return locker === undefined ? null : lockerNo(locker);
}
