/** The two numbers by which the kernel knows a device, in `/proc/locks` and `/sys/dev`. */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}

/** Takes a `dev` of `stat` apart, as glibc does (gnu_dev_major and gnu_dev_minor). */
export function deviceNumberOf(dev: number): DeviceNumber {
  return { major: (dev >>> 8) & 0xfff, minor: (dev & 0xff) | ((dev >>> 12) & 0xfff00) };
}
