/** The members of the family whose registers are known. */
export type Gm65Model = 'gm65' | 'gm861';

/** Bits of a register, and how they have to be. Its other bits stay as the module has them. */
export interface Setting {
  readonly address: number;
  readonly mask: number;
  readonly value: number;
  /** Values that do as well and are left alone. */
  readonly alsoRight?: readonly number[];
  readonly why: { readonly zh: string; readonly en: string };
}

const common: readonly Setting[] = [
  {
    address: 0x0000,
    mask: 0x03,
    value: 0x03,
    why: { zh: '有物即读', en: 'reads when something comes into view' },
  },
  { address: 0x0000, mask: 0x0c, value: 0x04, why: { zh: '识读时照明', en: 'lights while it reads' } },
  {
    address: 0x0000,
    mask: 0x30,
    value: 0x10,
    why: { zh: '识读时瞄准', en: 'shows where it aims while it reads' },
  },
  { address: 0x0000, mask: 0x40, value: 0x40, why: { zh: '读到响一声', en: 'beeps when it has read' } },
  {
    address: 0x0003,
    mask: 0x03,
    value: 0x02,
    why: { zh: '关闭设置码', en: 'printed setting codes are not obeyed' },
  },
  {
    address: 0x000d,
    mask: 0x03,
    value: 0x00,
    // One that is plugged in as a virtual serial port would fall silent for ever if it were sent back to its UART.
    alsoRight: [0x03],
    why: { zh: '串口输出，不作键盘', en: 'sends to a serial line, never as a keyboard' },
  },
  {
    address: 0x0013,
    mask: 0xff,
    value: 0x8a,
    why: { zh: '同一码隔 1 秒再读', en: 'the same code again only after 1 s' },
  },
  {
    address: 0x002c,
    mask: 0x06,
    value: 0x04,
    alsoRight: [0x02],
    why: { zh: '常用码制', en: 'the usual symbologies' },
  },
  { address: 0x003f, mask: 0x01, value: 0x01, why: { zh: '可读 QR 码', en: 'QR codes too' } },
];

/** Every end character is understood; none at all is not. */
const tail = { zh: '码后加回车', en: 'ends each code with CR' };

const profiles: Readonly<Record<Gm65Model, readonly Setting[]>> = {
  gm65: [...common, { address: 0x0060, mask: 0x61, value: 0x01, alsoRight: [0x21, 0x41], why: tail }],
  gm861: [
    ...common,
    { address: 0x000e, mask: 0x07, value: 0x00, alsoRight: [0x01, 0x02, 0x03], why: tail },
    {
      address: 0x00d0,
      mask: 0x80,
      value: 0x80,
      why: { zh: '码前加 AIM 标识', en: 'AIM identifier before each code' },
    },
  ],
};

/** How a module has to be set: registers in the order of their addresses, with the settings each holds. */
export function registersOf(model: Gm65Model): ReadonlyMap<number, readonly Setting[]> {
  const settings = profiles[model];
  const addresses = [...new Set(settings.map(({ address }) => address))].sort((one, other) => one - other);
  return new Map(
    addresses.map((address) => [address, settings.filter((setting) => setting.address === address)]),
  );
}

/** Whether a register's value is as a setting wants it. */
export function isRight(value: number, { mask, value: wanted, alsoRight = [] }: Setting): boolean {
  const bits = value & mask;
  return bits === wanted || alsoRight.includes(bits);
}

/** What a register has to be that is `value` now; the same number when it is right. */
export function repairedValue(value: number, settings: readonly Setting[]): number {
  return settings.reduce(
    (bits, setting) => (isRight(bits, setting) ? bits : (bits & ~setting.mask & 0xff) | setting.value),
    value,
  );
}

/** The register of the baud rate: two bytes, low first, of 3 000 000 / baud. */
export const baudRegister = 0x002a;
export const baudData = (baudRate: number): readonly number[] => {
  const divisor = Math.round(3_000_000 / baudRate);
  return [divisor & 0xff, divisor >> 8];
};
/** The speeds at which a module is looked for, the factory's first. */
export const baudRates = [9_600, 57_600, 115_200] as const;
