/** `npm run certificates`: who may speak at the street's broker. */
import { type Command, listOf, UsageError } from '../../../src/terminal/command.js';
import { needsTools } from '../../support/tools.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import {
  broker,
  catalogue,
  type Holder,
  holderOf,
  initAuthority,
  issue,
  kioskHolder,
  listIssued,
  maintainerHolder,
  revoke,
} from './authority.js';

/** The command line of `npm run certificates`. */
export function certificatesCommand(): Command {
  const summary = '本街 Broker 的证书。Certificates for the street’s broker.';
  const certificates = technicianCommand('certificates', summary, [
    'npm run certificates -- init jiangning --host broker.example.org',
    'npm run certificates -- kiosk jn-01',
    'npm run certificates -- revoke maintainer-wang',
  ]).option(
    '--folder <folder>',
    '保存的地方；能读到它的人就能伪造所有证书 where they are kept; whoever reads it can forge them all',
    'certificates',
  );
  needsTools(certificates, ['openssl']);
  const folder = (): string => certificates.opts<{ folder: string }>().folder;
  const subcommand = (call: string, words: string) => certificates.command(call).description(words);
  const withHosts = (command: Command) =>
    command.requiredOption(
      '--host <name>',
      'Broker 的域名或地址，可多个 a name or address of the broker; may be repeated',
      listOf((host) => /^[\w.:-]+$/.test(host)),
    );
  const give = (holder: Holder, hosts: readonly string[] = []) =>
    print(`✓ ${issue(folder(), holder, hosts)}\n`);

  withHosts(subcommand('init <street>', '建立本街的证书机构和 Broker 的证书 the street’s authority')).action(
    (street: string, { host }: Hosts) => {
      known(kioskHolder(street), street);
      initAuthority(folder(), street);
      give(broker, host);
    },
  );
  withHosts(subcommand('broker', 'Broker 的新证书 a new certificate of the broker')).action(
    ({ host }: Hosts) => give(broker, host),
  );
  subcommand('kiosk <name>', '书亭的证书 a certificate of a kiosk').action((name: string) =>
    give(known(kioskHolder(name), name)),
  );
  subcommand('catalogue', '目录服务的证书 the catalogue’s').action(() => give(catalogue));
  subcommand('maintainer <name>', '维护人员的证书 of somebody who looks after the kiosks').action(
    (name: string) => give(known(maintainerHolder(name), name)),
  );
  subcommand('revoke <name>', '吊销（维护人员写 maintainer-…） revoke (a maintainer: maintainer-…)').action(
    (name: string) => print(revoked(folder(), known(holderOf(name), name))),
  );
  subcommand('list', '列出所有证书 all there are').action(() => print(list(folder())));
  return certificates;
}

const print = (text: string) => void process.stdout.write(text);

interface Hosts {
  readonly host: readonly string[];
}

function known(holder: Holder | undefined, name: string): Holder {
  if (holder) return holder;
  throw new UsageError(`"${name}" is not a valid name here`);
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

// Everything made here is the owner's alone.
process.umask(0o077);
await runTechnicianTool(import.meta.url, certificatesCommand);
