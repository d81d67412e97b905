import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../../src/kernel/faults.js';
import { packageRoot } from '../../../src/kernel/package-root.js';

/** Days that a certificate is good for, and the authority itself: as long as a street lasts. */
const validDays = { certificate: 730, authority: 7_300 };

/** A certificate the authority has issued. */
export interface Issued {
  readonly label: string;
  readonly serial: string;
  readonly until: Date;
  readonly isRevoked: boolean;
}

/** What a holder is given, as file names in the folder of its label. */
export const bundle = {
  ca: 'ca.crt',
  certificate: 'certificate.crt',
  key: 'private.key',
  crl: 'revoked.crl',
};

const settings = fileURLToPath(new URL('scripts/technician/certificates/openssl.cnf', packageRoot));
const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** Makes the authority of a street in `folder`/authority, for ever: all that it has issued falls with its key. */
export function initAuthority(folder: string, street: string): void {
  const ca = authorityIn(folder);
  if (existsSync(ca)) throw new Fault('certificates.failed', `${ca} is there already`);
  const unfinished = `${ca}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, 'issued'), { recursive: true, mode: 0o700 });
  writeFileSync(join(unfinished, 'index.txt'), '');
  writeFileSync(join(unfinished, 'crl-number'), '01\n');
  const files = ['-keyout', join(unfinished, 'ca.key'), '-out', join(unfinished, 'ca.crt')];
  const request = ['req', '-x509', '-config', settings, '-extensions', 'authority', ...ellipticKey];
  openssl(unfinished, [...request, '-days', `${validDays.authority}`, '-subj', `/CN=${street}`, ...files]);
  chmodSync(join(unfinished, 'ca.key'), 0o600);
  publishRevoked(unfinished);
  renameSync(unfinished, ca);
}

/**
 * Issues a certificate and puts it, with its key, where the holder's last ones were; those stay good until they run out
 * or are revoked. `hosts`: the names and addresses a server is known by. Returns the folder.
 */
export function issue(folder: string, holder: Holder, hosts: readonly string[] = []): string {
  const ca = existing(folder);
  const target = join(folder, holder.label);
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(fresh, name);
  const names = hosts.map((host) => `${isAddress(host) ? 'IP' : 'DNS'}:${host}`).join(',');
  openssl(ca, [
    ...['req', '-config', settings, '-new', ...ellipticKey, '-subj', holder.subject],
    ...(names === '' ? [] : ['-addext', `subjectAltName=${names}`]),
    ...['-keyout', at(bundle.key), '-out', at('request')],
  ]);
  chmodSync(at(bundle.key), 0o600);
  openssl(ca, [
    ...['ca', '-config', settings, '-batch', '-notext', '-extensions', holder.use],
    ...['-days', `${validDays.certificate}`, '-in', at('request'), '-out', at(bundle.certificate)],
  ]);
  rmSync(at('request'));
  copyFileSync(join(ca, 'ca.crt'), at(bundle.ca));
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  if (holder.use === 'server') handOutRevoked(folder);
  return target;
}

/** Revokes every certificate of a label that is still good, and renews the broker's list. Returns how many. */
export function revoke(folder: string, label: string): number {
  const ca = existing(folder);
  const good = listIssued(folder).filter((one) => one.label === label && !one.isRevoked);
  for (const { serial } of good) {
    openssl(ca, ['ca', '-config', settings, '-batch', '-revoke', join(ca, 'issued', `${serial}.pem`)]);
  }
  publishRevoked(ca);
  handOutRevoked(folder);
  return good.length;
}

/** All that was ever issued, the oldest first. */
export function listIssued(folder: string): Issued[] {
  const lines = readFileSync(join(existing(folder), 'index.txt'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [state = '', until = '', , serial = '', , subject = ''] = line.split('\t');
      return { label: labelOf(subject), serial, until: dateOf(until), isRevoked: state === 'R' };
    });
}

/** As openssl writes it in its index: YYMMDDhhmmssZ, from 2050 on with the century. */
function dateOf(text: string): Date {
  const [, year = '', ...rest] = /^(\d{2,4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [month, day, hours, minutes, seconds] = rest;
  return new Date(`${year.padStart(4, '20')}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}

const authorityIn = (folder: string) => join(folder, 'authority');

function existing(folder: string): string {
  const ca = authorityIn(folder);
  if (existsSync(ca)) return ca;
  throw new Fault('certificates.failed', `${ca} is missing: the authority is made with \`init\``);
}

function publishRevoked(ca: string): void {
  openssl(ca, ['ca', '-config', settings, '-gencrl', '-out', join(ca, bundle.crl)]);
}

function handOutRevoked(folder: string): void {
  const target = join(folder, broker.label);
  if (existsSync(target)) copyFileSync(join(authorityIn(folder), bundle.crl), join(target, bundle.crl));
}

const isAddress = (host: string) => /^[\d.]+$|:/.test(host);

function openssl(ca: string, args: readonly string[]): void {
  const env = { ...process.env, STREET_CA: ca };
  const { status, stderr, error } = spawnSync('openssl', args, { env, encoding: 'utf8' });
  if (status === 0) return;
  throw new Fault('certificates.failed', `openssl ${args[0]}: ${error?.message ?? stderr.trim()}`);
}

/** Whoever has a certificate of the street; `label` is also the name of the folder it is put in. */
export interface Holder {
  readonly label: string;
  /** As openssl writes it: `/OU=…/CN=…`. The CN is the account at the broker. */
  readonly subject: string;
  readonly use: 'client' | 'server';
}

const nameShape = /^[a-z0-9][a-z0-9-]{0,30}$/;
/** Accounts of others, and folders; a kiosk that is called so would have their rights, or they its. */
const taken = /^(authority|broker|catalogue|maintainer(-.*)?)$/;

export const broker: Holder = { label: 'broker', subject: '/CN=broker', use: 'server' };
export const catalogue: Holder = { label: 'catalogue', subject: '/CN=catalogue', use: 'client' };

/** The kiosk of this id; undefined where that is no kiosk's name. */
export function kioskHolder(name: string): Holder | undefined {
  if (!nameShape.test(name) || taken.test(name)) return undefined;
  return { label: name, subject: `/CN=${name}`, use: 'client' };
}

/** Somebody who looks after the kiosks: all have one account, but each a certificate that can be revoked alone. */
export function maintainerHolder(name: string): Holder | undefined {
  if (!nameShape.test(name)) return undefined;
  return { label: `maintainer-${name}`, subject: `/OU=${name}/CN=maintainer`, use: 'client' };
}

/** The holder whose certificates have this label; undefined where nobody can have it. */
export function holderOf(label: string): Holder | undefined {
  const person = /^maintainer-(.*)$/.exec(label)?.[1];
  if (person !== undefined) return maintainerHolder(person);
  return [broker, catalogue].find((one) => one.label === label) ?? kioskHolder(label);
}

/** The label of whoever a subject names; the authority keeps no other record. */
function labelOf(subject: string): string {
  const person = /^\/OU=([^/]+)\/CN=maintainer$/.exec(subject)?.[1];
  return person === undefined ? subject.replace(/^\/CN=/, '') : `maintainer-${person}`;
}
