import { type Config, homeAssistantPrefix } from '../config/config.js';
import type { Alerts, Health } from '../contract/monitoring-messages.js';
import { topicsOf } from '../contract/topics.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, realWait, type Wait } from '../kernel/wait.js';
import type { Link } from '../link/link.js';
import { createAlertWatch } from './alert-watch.js';
import { alertsOfKiosk, healthOf, type KioskFacts, stationOf } from './health.js';
import { discoveryOf, discoveryTopic } from './home-assistant.js';

/** What a kiosk publishes of itself is made of. */
export interface MonitoringParts {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'name' | 'place' | 'monitoring'>;
  readonly log: Log;
  readonly link: Pick<Link, 'publish'>;
  facts(): KioskFacts;
  /** Overrides the machine's timers. */
  readonly wait?: Wait;
}

/** Tells maintainers, maps and Home Assistant how the kiosk is. */
export interface Monitoring {
  start(): void;
  /** Something may be different; cheap, for it is called with every step. */
  changed(): void;
  /** A connection stands: everything is said anew. */
  online(): void;
  /** Home Assistant has started, and knows nothing. */
  introduce(): void;
  close(): void;
}

/** Makes the monitoring of one kiosk; it says nothing before `start`. */
export function createMonitoring(parts: MonitoringParts): Monitoring {
  return new KioskMonitoring(parts);
}

class KioskMonitoring implements Monitoring {
  readonly #topics;
  readonly #watch;
  readonly #wait: Wait;
  #soon: Cancel | undefined;
  #regular: Cancel | undefined;
  /** What was last said, but for what changes all the time. */
  #said = '';
  #stationSaid = '';

  constructor(private readonly parts: MonitoringParts) {
    const { config, log, wait = realWait } = parts;
    this.#topics = topicsOf(config.street, config.kiosk);
    this.#watch = createAlertWatch(log);
    this.#wait = wait;
  }

  start(): void {
    this.#regular = this.#wait(limits.healthEveryMs, () => {
      this.start();
      // Whoever reads a map sees by its age that a kiosk is gone: the last will is for maintainers.
      this.#stationSaid = '';
      this.#report(this.parts.facts());
    });
  }

  changed(): void {
    const facts = this.parts.facts();
    this.#lookForAlerts(facts);
    // Doors come and go several times in a second; one report of it is enough.
    this.#soon ??= this.#wait(limits.healthChangeDelayMs, () => {
      this.#soon = undefined;
      const now = this.parts.facts();
      if (essenceOf(healthOf(now)) !== this.#said) this.#report(now);
    });
  }

  online(): void {
    this.#stationSaid = '';
    this.introduce();
    const facts = this.parts.facts();
    this.#sayAlerts();
    this.#report(facts);
  }

  introduce(): void {
    const { config, link, facts } = this.parts;
    const { homeAssistant } = config.monitoring;
    const prefix = homeAssistant === false ? homeAssistantPrefix : homeAssistant.prefix;
    const topic = discoveryTopic(prefix, config);
    const { version, state } = facts();
    const subject = { ...config, version, lockers: state.lockers };
    link.publish(topic, homeAssistant === false ? null : discoveryOf(subject), { retain: true });
  }

  close(): void {
    this.#soon?.();
    this.#regular?.();
  }

  #lookForAlerts(facts: KioskFacts): void {
    const news = this.#watch.look(alertsOfKiosk(facts), facts.moment);
    for (const alert of news) this.parts.link.publish(this.#topics.alert, alert);
    if (news.length > 0) this.#sayAlerts();
  }

  #sayAlerts(): void {
    const alerts: Alerts = { alerts: [...this.#watch.standing] };
    this.parts.link.publish(this.#topics.alerts, alerts, { retain: true });
  }

  #report(facts: KioskFacts): void {
    this.#lookForAlerts(facts);
    const health = healthOf(facts);
    this.#said = essenceOf(health);
    this.parts.link.publish(this.#topics.health, health, { retain: true });
    const station = stationOf(this.parts.config, facts);
    const said = JSON.stringify({ ...station, lastReported: 0 });
    if (said === this.#stationSaid) return;
    this.#stationSaid = said;
    this.parts.link.publish(this.#topics.station, station, { retain: true });
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
