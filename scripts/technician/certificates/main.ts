/** `npm run certificates`: who may speak at the street's broker. */
import { parseArgs } from 'node:util';
import { Fault } from '../../../src/kernel/faults.js';
import { explainFault } from '../support/explain.js';
import { initAuthority, issue, listIssued, revoke } from './authority.js';
import { broker, catalogue, type Holder, holderOf, kioskHolder, maintainerHolder } from './holder.js';

const usage = `npm run certificates -- init STREET --host NAME   建立本街的证书机构和 Broker 的证书
                                                  the street's authority, and the broker's certificate
npm run certificates -- broker --host NAME        Broker 的新证书 a new certificate of the broker
npm run certificates -- kiosk NAME                书亭的证书 a certificate of a kiosk
npm run certificates -- catalogue                 目录服务的证书 the catalogue's
npm run certificates -- maintainer NAME           维护人员的证书 of somebody who looks after the kiosks
npm run certificates -- revoke NAME               吊销（维护人员写 maintainer-NAME）
                                                  revoke (a maintainer: maintainer-NAME)
npm run certificates -- list                      列出所有证书 all there are

 --host NAME      a name or address of the broker; several: --host A --host B
 --folder FOLDER  where they are kept (certificates); whoever reads it can forge them all
                  保存的地方；能读到它的人就能伪造所有证书
`;

interface Task {
  readonly verb: string;
  readonly name: string;
  readonly folder: string;
  readonly hosts: readonly string[];
}

function readTask(): Task {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      folder: { type: 'string', default: 'certificates' },
      host: { type: 'string', multiple: true },
    },
  });
  const [verb = '', name = '', ...rest] = positionals;
  if (rest.length > 0) throw new TypeError('');
  return { verb, name, folder: values.folder, hosts: values.host ?? [] };
}

function hostsOf({ hosts }: Task): readonly string[] {
  if (hosts.length > 0 && hosts.every((host) => /^[\w.:-]+$/.test(host))) return hosts;
  throw new TypeError('--host: which names or addresses do kiosks know the broker by?');
}

function holderFor(holder: Holder | undefined, name: string): Holder {
  if (holder) return holder;
  throw new TypeError(`"${name}" is not a name that somebody can have here`);
}

/** Carries a command out and returns what there is to say. */
function run(task: Task): string {
  const { verb, name, folder } = task;
  const given = (holder: Holder | undefined, hosts: readonly string[] = []) =>
    `✓ ${issue(folder, holderFor(holder, name), hosts)}\n`;
  switch (verb) {
    case 'init':
      holderFor(kioskHolder(name), name);
      hostsOf(task);
      initAuthority(folder, name);
      return given(broker, hostsOf(task));
    case 'broker':
      return given(broker, hostsOf(task));
    case 'kiosk':
      return given(kioskHolder(name));
    case 'catalogue':
      return given(catalogue);
    case 'maintainer':
      return given(maintainerHolder(name));
    case 'revoke':
      return revoked(folder, holderFor(holderOf(name), name));
    case 'list':
      return list(folder);
    default:
      throw new TypeError('');
  }
}

function revoked(folder: string, { label }: Holder): string {
  const count = revoke(folder, label);
  const next = `把 ${folder}/broker/revoked.crl 拷到 Broker，重启 mosquitto，才会生效。
  Copy it to the broker and restart Mosquitto: it counts only then.`;
  return `✓ ${label}: ${count} 张证书已吊销 revoked\n  ${next}\n`;
}

function list(folder: string): string {
  const now = new Date();
  const lines = listIssued(folder).map(({ label, serial, until, isRevoked }) => {
    const state = isRevoked ? '已吊销 revoked' : until < now ? '已过期 over' : '有效 good';
    return `${until.toISOString().slice(0, 10)}  ${label.padEnd(32)} ${state}  ${serial}\n`;
  });
  return lines.join('');
}

try {
  // Everything made here is the owner's alone.
  process.umask(0o077);
  process.stdout.write(run(readTask()));
} catch (error) {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n\n${usage}`.trimStart());
  else throw error;
  process.exitCode = error instanceof Fault ? 1 : 2;
}
