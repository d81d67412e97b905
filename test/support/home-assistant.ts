import { z } from 'zod';

// What Home Assistant’s MQTT integration takes as the description of a device: schemas.py and the platforms of
// homeassistant/components/mqtt. That program drops keys it does not know without a word; here they are mistakes.

const topic = z.string().regex(/^[^+#\0]+$/);
const template = z.string().regex(/^\{\{ .+ \}\}$/);
const text = z.string().min(1);
const oneOrMore = z.array(text).min(1);

const availability = z
  .array(
    z.strictObject({
      topic,
      payload_available: text.optional(),
      payload_not_available: text.optional(),
      value_template: template.optional(),
    }),
  )
  .min(1);

/** What the whole device and each component may have; a component’s own counts. */
const shared = {
  availability: availability.optional(),
  availability_mode: z.enum(['all', 'any', 'latest']).optional(),
  state_topic: topic.optional(),
  command_topic: topic.optional(),
  qos: z.int().min(0).max(2).optional(),
  encoding: text.optional(),
};

const entity = {
  ...shared,
  unique_id: text,
  name: text,
  icon: z.string().startsWith('mdi:').optional(),
  default_entity_id: text.optional(),
  enabled_by_default: z.boolean().optional(),
  entity_category: z.enum(['config', 'diagnostic']).optional(),
  json_attributes_topic: topic.optional(),
  json_attributes_template: template.optional(),
};

const heard = { ...entity, value_template: template.optional() };
const lasting = { ...heard, expire_after: z.int().min(1).optional(), force_update: z.boolean().optional() };

const component = z.discriminatedUnion('platform', [
  z.strictObject({
    platform: z.literal('sensor'),
    ...lasting,
    device_class: z.enum(['duration', 'temperature', 'timestamp', 'data_size']).optional(),
    state_class: z.enum(['measurement', 'total', 'total_increasing']).optional(),
    unit_of_measurement: z.enum(['s', '°C', 'B']).optional(),
    suggested_display_precision: z.int().optional(),
  }),
  z.strictObject({
    platform: z.literal('binary_sensor'),
    ...lasting,
    device_class: z.enum(['door', 'problem', 'connectivity', 'power', 'running', 'tamper']).optional(),
    payload_on: text.optional(),
    payload_off: text.optional(),
    off_delay: z.int().optional(),
  }),
  z.strictObject({
    platform: z.literal('event'),
    ...heard,
    event_types: oneOrMore,
    device_class: z.enum(['button', 'doorbell', 'motion']).optional(),
  }),
  z.strictObject({
    platform: z.literal('button'),
    ...entity,
    command_topic: topic,
    command_template: template.optional(),
    payload_press: text.optional(),
    retain: z.boolean().optional(),
    device_class: z.enum(['identify', 'restart', 'update']).optional(),
  }),
]);
export type Component = z.infer<typeof component>;

/** The description of a device, each component with what it has from the device. */
export const deviceSchema = z
  .strictObject({
    device: z.strictObject({
      identifiers: oneOrMore,
      name: text.optional(),
      manufacturer: text.optional(),
      model: text.optional(),
      model_id: text.optional(),
      hw_version: text.optional(),
      sw_version: text.optional(),
      serial_number: text.optional(),
      suggested_area: text.optional(),
      configuration_url: z.url().optional(),
      via_device: text.optional(),
    }),
    origin: z.strictObject({ name: text, sw_version: text.optional(), support_url: z.url().optional() }),
    ...shared,
    components: z.record(z.string().regex(/^[A-Za-z0-9_-]+$/), component),
  })
  .transform(({ device, origin, components, ...common }) => ({
    device,
    origin,
    components: Object.entries(components).map(([id, own]) => ({ id, ...common, ...own })),
  }));

/** Where such a description may be. */
export const deviceTopic = /^[A-Za-z0-9_-]+\/device\/([A-Za-z0-9_-]+\/)?[A-Za-z0-9_-]+\/config$/;
