/** What the bench says to a process of kiosks. */
export type ToKiosks =
  /** Each kiosk writes so many events, and says when all of them are stored at the catalogue. */
  { readonly kind: 'live'; readonly loans: number } | { readonly kind: 'tell' };

/** What a process of kiosks says. */
export type FromKiosks =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lived' }
  | { readonly kind: 'online'; readonly kiosk: string; readonly online: boolean }
  /** Everything that any of them had written has been acknowledged. */
  | { readonly kind: 'synced' }
  | { readonly kind: 'told'; readonly stories: Stories };

/** What the bench says to the catalogue. */
export type ToCatalogue =
  | { readonly kind: 'order'; readonly kiosk: string; readonly withheld: boolean }
  | { readonly kind: 'tell' };

/** What the catalogue says. */
export type FromCatalogue =
  | { readonly kind: 'ready' }
  /** From the order to its answer; whether it was carried out. */
  | { readonly kind: 'answered'; readonly kiosk: string; readonly tookMs: number; readonly isDone: boolean }
  | { readonly kind: 'told'; readonly stories: Stories };

/** Of each kiosk, how many events there are and a digest of them. */
export type Stories = Readonly<Record<string, { readonly events: number; readonly digest: string }>>;
