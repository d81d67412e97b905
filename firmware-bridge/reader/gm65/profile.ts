/** The members of the family whose registers are known. */
export type Gm65Model = 'gm65' | 'gm861';

/** A register, and how its bits under `mask` have to be. The others stay as the module has them. */
export interface Setting {
  readonly address: number;
  readonly mask: number;
  readonly value: number;
  readonly why: string;
}

const common: readonly Setting[] = [
  { address: 0x0000, mask: 0x03, value: 0x03, why: 'reads by itself when something comes into view' },
  { address: 0x0000, mask: 0x40, value: 0x40, why: 'beeps when it has read' },
  { address: 0x0000, mask: 0x04, value: 0x04, why: 'lights while it reads' },
  {
    address: 0x0003,
    mask: 0x03,
    value: 0x02,
    why: 'setting codes off: nobody reprogrammes it with a printed code',
  },
  { address: 0x000d, mask: 0x03, value: 0x00, why: 'sends to the serial line' },
  { address: 0x0013, mask: 0xff, value: 0x8a, why: 'the same code again only after 1 s' },
];

const profiles: Readonly<Record<Gm65Model, readonly Setting[]>> = {
  gm65: common,
  gm861: [...common, { address: 0x00d0, mask: 0xff, value: 0x80, why: 'AIM identifier before each code' }],
};

/** How a module has to be set, a register at a time, in the order of addresses. */
export function settingsOf(
  model: Gm65Model,
): ReadonlyMap<number, { readonly mask: number; readonly value: number }> {
  const registers = new Map<number, { mask: number; value: number }>();
  for (const { address, mask, value } of profiles[model]) {
    const before = registers.get(address) ?? { mask: 0, value: 0 };
    registers.set(address, { mask: before.mask | mask, value: before.value | value });
  }
  return registers;
}

/** The register of the baud rate: two bytes, low first, of 3 000 000 / baud. */
export const baudRegister = 0x002a;
export const baudData = (baudRate: number): readonly number[] => {
  const divisor = Math.round(3_000_000 / baudRate);
  return [divisor & 0xff, divisor >> 8];
};
/** The speeds at which a module is looked for, the factory's first. */
export const baudRates = [9_600, 57_600, 115_200] as const;
