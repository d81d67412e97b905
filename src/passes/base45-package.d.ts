/** The package ships no types; `decode` checks nothing (see base45.ts). */
declare module 'base45' {
  export function encode(bytes: Uint8Array): string;
  export function decode(text: string): Uint8Array;
}
