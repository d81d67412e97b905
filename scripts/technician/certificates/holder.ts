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
export function labelOf(subject: string): string {
  const person = /^\/OU=([^/]+)\/CN=maintainer$/.exec(subject)?.[1];
  return person === undefined ? subject.replace(/^\/CN=/, '') : `maintainer-${person}`;
}
