import { type KioskTopics, topicsOf } from '../contract/topics.js';
import type { KioskId, LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';

/** The kiosk that a discovery message describes. */
export interface DiscoverySubject {
  readonly street: string;
  readonly kiosk: KioskId;
  readonly name: { readonly zh: string; readonly en: string };
  readonly version: string;
  readonly lockers: readonly LockerNo[];
}

/**
 * The topic of a kiosk's description for Home Assistant (MQTT device discovery). The kiosk is a topic level of its own, so
 * that a broker’s access list can restrict each kiosk to its own topic.
 */
export function discoveryTopic(
  prefix: string,
  { street, kiosk }: Pick<DiscoverySubject, 'street' | 'kiosk'>,
): string {
  return `${prefix}/device/${kiosk}/lening-${street}/config`;
}

type Component = Readonly<Record<string, string | number | readonly (string | object)[]>>;

/**
 * The kiosk as a Home Assistant device: sensors that read the topics the kiosk publishes anyway, and two buttons that move
 * no lock.
 */
export function discoveryOf(subject: DiscoverySubject): object {
  const { street, kiosk, name, version } = subject;
  const topics = topicsOf(street, kiosk);
  const id = `lening-${street}-${kiosk}`;
  return {
    device: {
      identifiers: [id],
      name: `${name.zh} ${name.en}`,
      manufacturer: 'lening',
      model: '乐宁书庭',
      sw_version: version,
    },
    origin: { name: 'lening', sw_version: version },
    availability: [
      { topic: topics.state, value_template: "{{ 'online' if value_json.online else 'offline' }}" },
    ],
    state_topic: topics.health,
    qos: 1,
    components: Object.fromEntries(
      [...sensorsOf(subject), ...buttonsOf(subject)].map(([key, component]) => [
        key,
        { unique_id: `${id}-${key}`, ...component },
      ]),
    ),
  };
}

function sensorsOf(subject: DiscoverySubject): readonly (readonly [string, Component])[] {
  return [
    ...numbers,
    ...statesOf(topicsOf(subject.street, subject.kiosk)),
    ...subject.lockers.flatMap((locker) => lockerSensors(locker)),
  ];
}

/** Without a health report for so long, values are shown as unavailable. */
const expires = { expire_after: (limits.healthEveryMs * 3) / 1_000 };

const measured = { state_class: 'measurement' };

function sensor(name: string, template: string, more: Component = measured): Component {
  return { platform: 'sensor', name, value_template: template, ...expires, ...more };
}

const seconds = { ...measured, device_class: 'duration', unit_of_measurement: 's' };
const celsius = { ...measured, device_class: 'temperature', unit_of_measurement: '°C' };

const numbers: readonly (readonly [string, Component])[] = [
  ['books', sensor('可借的书 Books', '{{ value_json.books }}')],
  ['empty', sensor('空格 Empty lockers', '{{ value_json.emptyLockers }}')],
  ['unsent', sensor('未上传 Unsent events', '{{ value_json.journal.unsent }}')],
  [
    'oldest-unsent',
    sensor('最早未上传 Oldest unsent', '{{ value_json.journal.oldestUnsentS | default(0, true) }}', seconds),
  ],
  ['cpu', sensor('处理器温度 CPU temperature', '{{ value_json.cpu.celsius }}', celsius)],
];

function statesOf(topics: KioskTopics): readonly (readonly [string, Component])[] {
  const binary = (name: string, deviceClass: string, topic: string, template: string): Component => ({
    platform: 'binary_sensor',
    name,
    device_class: deviceClass,
    state_topic: topic,
    value_template: template,
  });
  const anyAlert = "{{ 'ON' if value_json.alerts | length > 0 else 'OFF' }}";
  const isOnline = "{{ 'ON' if value_json.online else 'OFF' }}";
  return [
    ['alerts', binary('有故障 Faults', 'problem', topics.alerts, anyAlert)],
    [
      'online',
      {
        ...binary('联网 Connected', 'connectivity', topics.state, isOnline),
        // Stays available, so that it shows a disconnected kiosk while everything else is unavailable.
        availability: [{ topic: topics.state, value_template: "{{ 'online' }}" }],
      },
    ],
    [
      'alert',
      {
        platform: 'event',
        name: '故障消息 Alert',
        state_topic: topics.alert,
        event_types: ['raised', 'cleared'],
        value_template: '{{ dict(value_json, event_type=value_json.happened) | to_json }}',
      },
    ],
  ];
}

/** The sensors of one locker. Home Assistant shows `None`, for an unknown door, as unknown. */
function lockerSensors(locker: LockerNo): (readonly [string, Component])[] {
  const found = `(value_json.lockers | selectattr('locker', 'eq', ${locker}) | first)`;
  const isOpen = `{{ {'open': 'ON', 'closed': 'OFF'}.get(${found}.door, 'None') }}`;
  return [
    [
      `door-${locker}`,
      {
        platform: 'binary_sensor',
        name: `${locker} 号门 Door ${locker}`,
        device_class: 'door',
        value_template: isOpen,
        ...expires,
      },
    ],
    [
      `fault-${locker}`,
      {
        platform: 'binary_sensor',
        name: `${locker} 号门故障 Fault ${locker}`,
        device_class: 'problem',
        value_template: `{{ 'OFF' if ${found}.fault is none else 'ON' }}`,
        ...expires,
      },
    ],
  ];
}

function buttonsOf({ street, kiosk }: DiscoverySubject): readonly (readonly [string, Component])[] {
  const { request } = topicsOf(street, kiosk);
  const button = (name: string, requestName: string): Component => ({
    platform: 'button',
    name,
    command_topic: `${request}/${requestName}`,
    payload_press: '{}',
  });
  return [
    ['identify', button('我在哪里 Identify', 'identify')],
    ['self-test', button('自检 Self-test', 'self-test')],
  ];
}
