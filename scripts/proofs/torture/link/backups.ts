import { cpSync, existsSync, rmSync } from 'node:fs';
import type { Random } from '../../support/random.js';
import { restoreCopy, withCatalogueFile } from './catalogue-file.js';
import type { Evidence } from './event-check.js';

/** Copies that are kept; an old one gives way by chance. */
const copiesAtMost = 3;

/** The data of one kiosk as it was at earlier moments. The kiosk must not be running. */
export class CardBackups {
  readonly replaced: Evidence['cards'][number][] = [];
  #copies: string[] = [];
  #made = 0;

  constructor(
    private readonly kiosk: string,
    private readonly folder: string,
    private readonly catalogueFile: string,
  ) {}

  get hasCopy(): boolean {
    return this.#copies.length > 0;
  }

  copy(random: Random): void {
    const copy = `${this.folder}.copy-${this.#made}`;
    this.#made += 1;
    cpSync(this.folder, copy, { recursive: true });
    keep(this.#copies, copy, random);
  }

  replace(random: Random): void {
    const stored = withCatalogueFile(this.catalogueFile, (shelf) => shelf.keys(this.kiosk));
    const from = random.pick(this.#copies);
    rmSync(this.folder, { recursive: true });
    cpSync(from, this.folder, { recursive: true });
    this.replaced.push({ ms: Date.now(), stored });
  }
}

/** The catalogue's file as it was at earlier moments. */
export class CatalogueBackups {
  /** By the names of the kiosks. */
  readonly replaced = new Map<string, Evidence['disks'][number][]>();
  readonly #copies: Uint8Array[] = [];

  constructor(
    private readonly file: string,
    private readonly kiosks: readonly { readonly name: string }[],
  ) {}

  get hasCopy(): boolean {
    return this.#copies.length > 0;
  }

  /** Copies it as a backup does, while the catalogue may be running. */
  copy(random: Random): void {
    if (existsSync(this.file))
      keep(
        this.#copies,
        withCatalogueFile(this.file, (shelf) => shelf.copy()),
        random,
      );
  }

  /** One of the copies takes the place of the file. The catalogue must not be running. */
  replace(random: Random): void {
    const keys = () =>
      withCatalogueFile(
        this.file,
        (shelf) => new Map(this.kiosks.map(({ name }) => [name, shelf.keys(name)])),
      );
    const before = keys();
    restoreCopy(this.file, random.pick(this.#copies));
    const after = keys();
    for (const [kiosk, had] of before) {
      const lost = new Set([...had].filter((key) => !after.get(kiosk)?.has(key)));
      this.replaced.set(kiosk, [...(this.replaced.get(kiosk) ?? []), { ms: Date.now(), lost }]);
    }
  }
}

function keep<T>(copies: T[], copy: T, random: Random): void {
  if (copies.length < copiesAtMost) copies.push(copy);
  else copies[random.between(0, copiesAtMost - 1)] = copy;
}
