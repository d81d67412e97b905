import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, runMosquitto } from '../../support/mosquitto.js';

/** Whether the broker persists its messages, loses them all when killed, or refuses all clients. */
export type BrokerMode = 'keeping' | 'forgetful' | 'refusing';

/** A real Mosquitto whose mode can be changed. */
export interface BrokerUnderTest {
  readonly url: string;
  readonly port: number;
  readonly mode: BrokerMode;
  /** SIGKILL and a new start. A persistent one restores its last saved messages, however old. */
  restart(mode: BrokerMode): Promise<void>;
  /** Sets whether the access list allows publishing; clients stay connected either way. */
  allowWriting(writing: boolean): void;
  close(): Promise<void>;
}

/** Starts the broker in `folder`, persistent and open to all clients. */
export async function startBrokerUnderTest(folder: string): Promise<BrokerUnderTest> {
  const port = await freePort();
  const [configuration, acl] = [join(folder, 'mosquitto.conf'), join(folder, 'acl')];
  const configure = (mode: BrokerMode, more = '') =>
    writeFileSync(configuration, `${linesFor(mode, port, folder)}acl_file ${acl}\n${more}`);
  const allow = (writing: boolean) => writeFileSync(acl, `topic ${writing ? 'readwrite' : 'read'} #\n`);
  let mode: BrokerMode = 'keeping';
  allow(true);
  configure(mode);
  const broker = await runMosquitto(configuration, port, 'mqtt');
  return {
    url: broker.url,
    port,
    get mode() {
      return mode;
    },
    async restart(next) {
      await broker.kill();
      mode = next;
      configure(next, process.getuid?.() === 0 ? 'user root\n' : '');
      await broker.start();
    },
    allowWriting(writing) {
      allow(writing);
      broker.reload();
    },
    close: () => broker.kill(),
  };
}

const linesFor = (mode: BrokerMode, port: number, folder: string) =>
  `listener ${port} 127.0.0.1\nallow_anonymous ${mode !== 'refusing'}\n` +
  `persistence ${mode !== 'forgetful'}\npersistence_location ${folder}/\nautosave_interval 2\n`;
