import { type Config, homeAssistantPrefix } from '../config/config.js';
import type { Alerts, Health } from '../contract/monitoring-messages.js';
import { topicsOf } from '../contract/topics.js';
import { assert } from '../kernel/assert.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, repeat, type Wait } from '../kernel/wait.js';
import type { Link } from '../link/link.js';
import { createAlertWatch } from './alert-watch.js';
import { alertsOfKiosk, healthOf, type KioskFacts, stationOf } from './health.js';
import { discoveryOf, discoveryTopic } from './home-assistant.js';

/** What a kiosk's monitoring is made of. */
export interface MonitoringParts {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'name' | 'place' | 'monitoring'>;
  readonly log: Log;
  readonly wait: Wait;
  facts(): KioskFacts;
}

/** Publishes a kiosk's health, station and alerts, and its description for Home Assistant. */
export interface Monitoring {
  /** Publishes over `link` from now on. To be called once. */
  start(link: Pick<Link, 'publish'>): void;
  /** Something may be different; cheap, for it is called with every step. */
  changed(): void;
  /** The broker is connected: publishes everything anew. */
  online(): void;
  /** Publishes the description for Home Assistant, or takes it back where Home Assistant is not wanted. */
  introduce(): void;
  close(): void;
}

/** Makes the monitoring of one kiosk; it publishes nothing before `start`. */
export function createMonitoring(parts: MonitoringParts): Monitoring {
  return new KioskMonitoring(parts);
}

class KioskMonitoring implements Monitoring {
  readonly #topics;
  readonly #watch;
  #link: Pick<Link, 'publish'> | null = null;
  #soon: Cancel | undefined;
  #regular: Cancel | undefined;
  /** The last published health, but for what changes all the time. */
  #publishedHealth = '';
  #publishedStation = '';

  constructor(private readonly parts: MonitoringParts) {
    const { config, log } = parts;
    this.#topics = topicsOf(config.street, config.kiosk);
    this.#watch = createAlertWatch(log);
  }

  start(link: Pick<Link, 'publish'>): void {
    assert(this.#link === null, 'monitoring is started once');
    this.#link = link;
    this.#regular = repeat(this.parts.wait, limits.healthEveryMs, () => {
      // Whoever reads a map sees by its age that a kiosk is gone: the last will is for maintainers.
      this.#publishedStation = '';
      this.#report(this.parts.facts());
    });
  }

  changed(): void {
    const facts = this.parts.facts();
    this.#lookForAlerts(facts);
    // Doors come and go several times in a second; one report of it is enough.
    this.#soon ??= this.parts.wait(limits.healthChangeDelayMs, () => {
      this.#soon = undefined;
      const now = this.parts.facts();
      if (essenceOf(healthOf(now)) !== this.#publishedHealth) this.#report(now);
    });
  }

  online(): void {
    this.#publishedStation = '';
    this.introduce();
    const facts = this.parts.facts();
    this.#publishAlerts();
    this.#report(facts);
  }

  introduce(): void {
    const { config, facts } = this.parts;
    const { homeAssistant } = config.monitoring;
    const prefix = homeAssistant === false ? homeAssistantPrefix : homeAssistant.prefix;
    const topic = discoveryTopic(prefix, config);
    const { version, state } = facts();
    const subject = { ...config, version, lockers: state.lockers };
    this.#retain(topic, homeAssistant === false ? null : discoveryOf(subject));
  }

  close(): void {
    this.#soon?.();
    this.#regular?.();
  }

  #lookForAlerts(facts: KioskFacts): void {
    const changes = this.#watch.look(alertsOfKiosk(facts), facts.moment);
    for (const alert of changes) this.#link?.publish(this.#topics.alert, alert);
    if (changes.length > 0) this.#publishAlerts();
  }

  #publishAlerts(): void {
    const alerts: Alerts = { alerts: [...this.#watch.standing] };
    this.#retain(this.#topics.alerts, alerts);
  }

  #report(facts: KioskFacts): void {
    this.#lookForAlerts(facts);
    const health = healthOf(facts);
    this.#publishedHealth = essenceOf(health);
    this.#retain(this.#topics.health, health);
    const station = stationOf(this.parts.config, facts);
    const essence = JSON.stringify({ ...station, lastReported: 0 });
    if (essence === this.#publishedStation) return;
    this.#publishedStation = essence;
    this.#retain(this.#topics.station, station);
  }

  #retain(topic: string, body: object | null): void {
    this.#link?.publish(topic, body, { retain: true });
  }
}

/** What is worth a report of its own. */
function essenceOf({
  trust,
  journal,
  reader,
  boards,
  lockers,
  books,
  emptyLockers,
  documents,
}: Health): string {
  const { epoch, failure } = journal;
  return JSON.stringify({ trust, epoch, failure, reader, boards, lockers, books, emptyLockers, documents });
}
