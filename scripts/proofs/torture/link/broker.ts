import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, runMosquitto } from '../../support/mosquitto.js';

/** Whether the broker keeps what it hears on its disk, forgets it all when it dies, or lets nobody in. */
export type BrokerMood = 'keeping' | 'forgetful' | 'refusing';

/** A real Mosquitto that changes its mind. */
export interface TorturedBroker {
  readonly url: string;
  readonly port: number;
  readonly mood: BrokerMood;
  /** SIGKILL, and a new start. One that kept something before comes back with that, old as it may be. */
  restart(mood: BrokerMood): Promise<void>;
  /** Whether its access list lets anybody write; those who may not stay connected. */
  allow(writing: boolean): void;
  close(): Promise<void>;
}

/** Starts the broker in `folder`, open to everybody, keeping what it hears. */
export async function startTorturedBroker(folder: string): Promise<TorturedBroker> {
  const port = await freePort();
  const [configuration, acl] = [join(folder, 'mosquitto.conf'), join(folder, 'acl')];
  const configure = (mood: BrokerMood, more = '') =>
    writeFileSync(configuration, `${linesFor(mood, port, folder)}acl_file ${acl}\n${more}`);
  const allow = (writing: boolean) => writeFileSync(acl, `topic ${writing ? 'readwrite' : 'read'} #\n`);
  let mood: BrokerMood = 'keeping';
  allow(true);
  configure(mood);
  const broker = await runMosquitto(configuration, port, 'mqtt');
  return {
    url: broker.url,
    port,
    get mood() {
      return mood;
    },
    async restart(next) {
      await broker.kill();
      mood = next;
      configure(next, process.getuid?.() === 0 ? 'user root\n' : '');
      await broker.start();
    },
    allow(writing) {
      allow(writing);
      broker.reload();
    },
    close: () => broker.kill(),
  };
}

const linesFor = (mood: BrokerMood, port: number, folder: string) =>
  `listener ${port} 127.0.0.1\nallow_anonymous ${mood !== 'refusing'}\n` +
  `persistence ${mood !== 'forgetful'}\npersistence_location ${folder}/\nautosave_interval 2\n`;
