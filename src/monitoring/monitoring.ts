import { type Config, homeAssistantPrefix } from '../config/config.js';
import type { Alerts, Health } from '../contract/monitoring-messages.js';
import { topicsOf } from '../contract/topics.js';
import { assert } from '../kernel/assert.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, repeat, type Wait } from '../kernel/wait.js';
import type { Link } from '../link/link.js';
import { createAlertWatch } from './alert-watch.js';
import { alertsOfKiosk, type HealthInputs, healthOf, stationOf } from './health.js';
import { discoveryOf, discoveryTopic } from './home-assistant.js';

/** The parts of a kiosk's monitoring. */
export interface MonitoringParts {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'name' | 'place' | 'monitoring'>;
  readonly log: Log;
  readonly wait: Wait;
  healthInputs(): HealthInputs;
}

/** Publishes a kiosk's health, station and alerts, and its description for Home Assistant. */
export interface Monitoring {
  /** Publishes over `link` from now on. To be called once. */
  start(link: Pick<Link, 'publish'>): void;
  /** Publishes changed alerts now, and changed health soon. Called with every step, so it is cheap. */
  stateChanged(): void;
  /** Publishes everything; to be called after each connection to the broker. */
  publishAll(): void;
  /** Publishes the description for Home Assistant, or removes it where Home Assistant is not configured. */
  publishDiscovery(): void;
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
  #changeTimer: Cancel | undefined;
  #intervalTimer: Cancel | undefined;
  /** The compared part of the last published health. */
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
    this.#intervalTimer = repeat(this.parts.wait, limits.healthEveryMs, () => {
      // Maps recognise a disconnected kiosk by the age of its station report, so that is published each time.
      this.#publishedStation = '';
      this.#report(this.parts.healthInputs());
    });
  }

  stateChanged(): void {
    const inputs = this.parts.healthInputs();
    this.#publishAlertChanges(inputs);
    // Doors change several times in a second; one report is enough.
    this.#changeTimer ??= this.parts.wait(limits.healthChangeDelayMs, () => {
      this.#changeTimer = undefined;
      const now = this.parts.healthInputs();
      if (comparedPart(healthOf(now)) !== this.#publishedHealth) this.#report(now);
    });
  }

  publishAll(): void {
    this.#publishedStation = '';
    this.publishDiscovery();
    const inputs = this.parts.healthInputs();
    this.#publishAlerts();
    this.#report(inputs);
  }

  publishDiscovery(): void {
    const { config, healthInputs } = this.parts;
    const { homeAssistant } = config.monitoring;
    const prefix = homeAssistant === false ? homeAssistantPrefix : homeAssistant.prefix;
    const topic = discoveryTopic(prefix, config);
    const { version, state } = healthInputs();
    const subject = { ...config, version, lockers: state.lockers };
    this.#publishRetained(topic, homeAssistant === false ? null : discoveryOf(subject));
  }

  close(): void {
    this.#changeTimer?.();
    this.#intervalTimer?.();
  }

  #publishAlertChanges(inputs: HealthInputs): void {
    const changes = this.#watch.update(alertsOfKiosk(inputs), inputs.moment);
    for (const alert of changes) this.#link?.publish(this.#topics.alert, alert);
    if (changes.length > 0) this.#publishAlerts();
  }

  #publishAlerts(): void {
    const alerts: Alerts = { alerts: [...this.#watch.active] };
    this.#publishRetained(this.#topics.alerts, alerts);
  }

  #report(inputs: HealthInputs): void {
    this.#publishAlertChanges(inputs);
    const health = healthOf(inputs);
    this.#publishedHealth = comparedPart(health);
    this.#publishRetained(this.#topics.health, health);
    const station = stationOf(this.parts.config, inputs);
    const compared = JSON.stringify({ ...station, lastReported: 0 });
    if (compared === this.#publishedStation) return;
    this.#publishedStation = compared;
    this.#publishRetained(this.#topics.station, station);
  }

  #publishRetained(topic: string, body: object | null): void {
    this.#link?.publish(topic, body, { retain: true });
  }
}

/** The part of the health whose change is reported at once. */
function comparedPart({
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
