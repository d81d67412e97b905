import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { type Cabinet, lockersOf, parseCabinet } from '../../hardware/cabinet.js';
import { defaultPolicy, type Policy } from '../circulation/directory.js';
import { defaultTimeouts, type Timeouts } from '../circulation/timeouts.js';
import { Fault } from '../kernel/faults.js';
import { type BoardId, boardId, idPattern, itemId, kioskId, lockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { milliseconds } from '../kernel/time.js';
import { isAddress, linkSchema, locateFiles } from './link.js';

/** Home Assistant's default discovery prefix. */
export const homeAssistantPrefix = 'homeassistant';

const portNumber = z.number().int().min(0).max(65_535);
const serialPath = z
  .string()
  .refine(
    (path) => path.startsWith('/') || isAddress(path, ['tcp:'], 'with-port'),
    'a device path such as /dev/serial/by-id/… or tcp://host:port',
  );
const waitMs = z
  .number()
  .int()
  .min(1_000)
  .max(600_000)
  .transform((n) => milliseconds(n));

const configSchema = z.strictObject({
  /** This kiosk's id; part of its topics and of the codes on its doors. */
  kiosk: z
    .string()
    .regex(idPattern.kiosk)
    .refine((name) => name !== 'catalogue', 'reserved for the catalogue')
    .transform(kioskId),
  /** What residents call it. */
  name: z.strictObject({ zh: z.string().min(1).max(30), en: z.string().min(1).max(60) }),
  street: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/),
  /** Folder of the journal. Paths are relative to the configuration file. */
  dataFolder: z.string().min(1),
  /** A second medium for backups of the journal: an existing folder on it, so that an unmounted medium is noticed. */
  backup: z
    .strictObject({ folder: z.string().min(1), everyHours: z.number().min(1).max(500).default(24) })
    .optional(),
  cabinetFile: z.string().min(1),
  /** The port of each board of the cabinet, by its name in the cabinet file. */
  boards: z.record(z.string(), z.strictObject({ port: serialPath })),
  reader: z
    .strictObject({
      port: serialPath,
      /** `generic`: any reader that sends what it scans; nothing is written to it. */
      kind: z.enum(['generic', 'gm65', 'gm861']).default('generic'),
      baudRate: z.number().int().min(1_200).max(921_600).default(9_600),
      /** Scans above this rate are dropped. */
      scansPerSecond: z.number().int().min(1).max(1_000).default(limits.scansPerSecond),
    })
    .refine(({ kind, baudRate }) => kind === 'generic' || baudRate <= 115_200, {
      path: ['baudRate'],
      error: 'the GM65 family has at most 115200 baud',
    }),
  /** The format of the 14-digit numbers on books and cards; see firmware-bridge/reader/README.md. */
  library: z
    .strictObject({
      checkDigit: z.boolean().default(true),
      institutions: z
        .array(z.strictObject({ institution: z.string().regex(/^\d{4}$/), checkDigit: z.boolean() }))
        .max(100)
        .refine((all) => new Set(all.map(({ institution }) => institution)).size === all.length, {
          error: 'an institution is listed twice',
        })
        .default([]),
    })
    .prefault({}),
  screen: z.strictObject({ port: portNumber.default(8_080), wechatUrl: z.url() }),
  link: linkSchema,
  /** The public keys (PEM) of the catalogues whose passes are accepted. */
  passKeys: z.array(z.string().startsWith('-----BEGIN PUBLIC KEY-----')).min(1),
  policy: z
    .strictObject({
      loanDays: z.number().int().min(1).max(366).default(defaultPolicy.loanDays),
      /** Loan periods, in days, of classes of titles that differ from the usual one. */
      loanDaysOfClass: z.record(z.string().min(1).max(40), z.number().int().min(1).max(366)).default({}),
      /** Days (Shanghai time) on which no loan falls due. */
      closedDays: z.array(z.iso.date()).max(1_000).default([]),
      loansPerPatron: z.number().int().min(1).max(1_000).default(defaultPolicy.loansPerPatron),
      /** The limit while the catalogue is unreachable; the smaller of the two applies. */
      loansPerPatronOffline: z.number().int().min(0).max(1_000).default(defaultPolicy.loansPerPatronOffline),
      /** How often a loan may be renewed. */
      renewals: z.number().int().min(0).max(100).default(defaultPolicy.renewals),
    })
    .transform(
      ({ loanDaysOfClass, closedDays, ...policy }): Policy => ({
        ...policy,
        loanDaysOfClass: new Map(Object.entries(loanDaysOfClass)),
        closedDays: new Set(closedDays),
      }),
    )
    .prefault({}),
  /** Where the kiosk stands, for maps. */
  place: z
    .strictObject({
      lat: z.number().min(-90).max(90).optional(),
      lon: z.number().min(-180).max(180).optional(),
      address: z.strictObject({ zh: z.string().min(1).max(80), en: z.string().min(1).max(120) }).optional(),
    })
    .prefault({}),
  monitoring: z
    .strictObject({
      /** The discovery prefix of Home Assistant; false: no discovery. */
      homeAssistant: z
        .union([
          z.literal(false),
          z.strictObject({
            prefix: z
              .string()
              .regex(/^[A-Za-z0-9_-]{1,40}$/)
              .default(homeAssistantPrefix),
          }),
        ])
        .prefault({}),
    })
    .prefault({}),
  /** Other kiosks to suggest when this one is full or out of service: the nearest first. */
  neighbours: z
    .array(z.strictObject({ zh: z.string().min(1).max(40), en: z.string().min(1).max(80) }))
    .max(5)
    .default([]),
  /** Timeouts for residents and doors. */
  waits: z
    .strictObject({
      visitIdleMs: waitMs.prefault(defaultTimeouts.visitIdle),
      doorOpenMs: waitMs.prefault(defaultTimeouts.doorOpen),
      doorCloseMs: waitMs.prefault(defaultTimeouts.doorClose),
      doorRemindMs: waitMs.prefault(defaultTimeouts.doorRemind),
      farewellMs: waitMs.prefault(defaultTimeouts.farewell),
    })
    .transform(
      (waits): Timeouts => ({
        visitIdle: waits.visitIdleMs,
        doorOpen: waits.doorOpenMs,
        doorClose: waits.doorCloseMs,
        doorRemind: waits.doorRemindMs,
        farewell: waits.farewellMs,
      }),
    )
    .prefault({}),
  /** The items in the lockers when the kiosk is put into service; used only while the journal is empty. */
  firstStock: z
    .array(
      z.strictObject({
        locker: z.number().int().min(1).max(128).transform(lockerNo),
        item: z.string().regex(idPattern.barcode).transform(itemId),
      }),
    )
    .default([]),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      file: z.string().optional(),
    })
    .prefault({}),
});

/** One kiosk's configuration, validated, with absolute paths and the parsed cabinet description. */
export type Config = Omit<z.infer<typeof configSchema>, 'cabinetFile' | 'boards'> & {
  readonly cabinet: Cabinet;
  /** The port of each board of the cabinet. */
  readonly boardPorts: ReadonlyMap<BoardId, string>;
};

/** Reads a configuration file (YAML). Throws `config.invalid` with the file and the path of the setting. */
export function loadConfig(file: string): Config {
  return parseConfig(readText(file), file);
}

/** Parses configuration text; `file` is named in errors, and relative paths start from it. */
export function parseConfig(text: string, file: string): Config {
  const result = configSchema.safeParse(readYaml(text, file));
  if (!result.success) throw new Fault('config.invalid', `${file}: ${z.prettifyError(result.error)}`);
  const { cabinetFile, boards, backup, ...config } = result.data;
  const from = (path: string) => resolve(dirname(file), path);
  const cabinetPath = from(cabinetFile);
  const { level, file: logFile } = config.log;
  const cabinet = parseCabinet(readText(cabinetPath), cabinetPath);
  rejectSharedPorts(config.reader.port, boards, file);
  rejectUnmatchedBoards(Object.keys(boards), cabinet, file, cabinetPath);
  rejectInvalidStock(config.firstStock, cabinet, file);
  return {
    ...config,
    dataFolder: from(config.dataFolder),
    ...(backup && { backup: { ...backup, folder: from(backup.folder) } }),
    link: locateFiles(config.link, from),
    log: logFile === undefined ? { level } : { level, file: from(logFile) },
    cabinet,
    boardPorts: new Map(Object.entries(boards).map(([name, { port }]) => [boardId(name), port])),
  };
}

/** Throws `config.invalid` when two devices have the same port. */
function rejectSharedPorts(
  readerPort: string,
  boards: z.infer<typeof configSchema>['boards'],
  file: string,
): void {
  const owners = new Map([[readerPort, 'reader.port']]);
  for (const [name, { port }] of Object.entries(boards)) {
    const owner = owners.get(port);
    if (owner)
      throw new Fault('config.invalid', `${file}: boards.${name}.port: ${port} is already used by ${owner}`);
    owners.set(port, `boards.${name}.port`);
  }
}

/** Throws `config.invalid` unless the configuration names exactly the boards of the cabinet. */
function rejectUnmatchedBoards(
  configured: readonly string[],
  cabinet: Cabinet,
  file: string,
  cabinetPath: string,
): void {
  const described: readonly string[] = cabinet.boards.map(({ board }) => board);
  const missing = described.find((name) => !configured.includes(name));
  if (missing) throw new Fault('config.invalid', `${file}: boards: ${missing} of ${cabinetPath} is missing`);
  const other = configured.find((name) => !described.includes(name));
  if (other) throw new Fault('config.invalid', `${file}: boards: ${other} is not in ${cabinetPath}`);
}

/** Throws `config.invalid` when a locker does not exist, or a locker or item is listed twice. */
function rejectInvalidStock(
  stock: z.infer<typeof configSchema>['firstStock'],
  cabinet: Cabinet,
  file: string,
): void {
  const lockers = lockersOf(cabinet);
  const lockersUsed = new Set(stock.map(({ locker }) => locker));
  const itemsUsed = new Set(stock.map(({ item }) => item));
  const absent = stock.find(({ locker }) => !lockers.includes(locker));
  if (absent)
    throw new Fault('config.invalid', `${file}: firstStock: the cabinet has no locker ${absent.locker}`);
  if (lockersUsed.size < stock.length || itemsUsed.size < stock.length) {
    throw new Fault('config.invalid', `${file}: firstStock: a locker or an item is listed twice`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault('config.invalid', `${file} cannot be read`, { cause: error });
  }
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // The parser also throws a ReferenceError, for an undefined alias.
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    throw new Fault('config.invalid', `${file}: ${error.message}`);
  }
}
