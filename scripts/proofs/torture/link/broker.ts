import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, runMosquitto } from '../../support/mosquitto.js';

/** Whether the broker keeps what it hears on its disk, forgets it all when it dies, or lets nobody in. */
export type BrokerMode = 'keeping' | 'forgetful' | 'refusing';

/** A real Mosquitto that changes its mind. */
export interface BrokerUnderTest {
  readonly url: string;
  readonly port: number;
  readonly mode: BrokerMode;
  /** SIGKILL, and a new start. One that kept something before comes back with that, old as it may be. */
  restart(mode: BrokerMode): Promise<void>;
  /** Whether its access list lets anybody write; those who may not stay connected. */
  allowWriting(writing: boolean): void;
  close(): Promise<void>;
}

/** Starts the broker in `folder`, open to everybody, keeping what it hears. */
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
