/**
 * The local Event Grid: custom topics, system events of the other emulators, subscriptions and delivery to webhooks.
 *
 * 1. An accepted event is delivered at least once to each subscription that matched it when it came, or dead-lettered.
 * 2. No order is kept; a test can duplicate, delay, reorder or lose events through `/_control/event-faults`.
 * 3. State lives in memory: what is pending when it stops is lost.
 */
import { randomUUID } from 'node:crypto';
import type { SystemEvent, SystemEventSink } from '../contracts/system-event.ts';
import type { BearerVerifier } from '../emulator/bearer.ts';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { Clock } from '../emulator/clock.ts';
import { scopedClock } from '../emulator/scoped-clock.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import { AcceptedEvents, registerControlRoutes } from './control-routes.ts';
import type { DeadLetterWriter } from './dead-letter.ts';
import { DeliveryEngine } from './delivery-engine.ts';
import { DeliveryLog, type DeliveryRecord } from './delivery-log.ts';
import { useErrorEnvelope } from './events/error-answer.ts';
import { type EventFaultInput, EventFaults } from './events/event-faults.ts';
import type { GridEvent } from './events/grid-event.ts';
import { createTopic, publishPath, type TopicOptions } from './events/topic.ts';
import { registerPublishRoutes } from './publish-routes.ts';
import { SubscriptionRegistry } from './subscription-registry.ts';
import { registerSubscriptionRoutes } from './subscription-routes.ts';
import { createWebhookClient } from './webhook-client.ts';

export interface EventGridOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly tls: DevCertificates;
  readonly verifyBearer: BearerVerifier;
  readonly topics: readonly TopicOptions[];
  /** ARM ids of the resources whose events can be subscribed to. */
  readonly systemSources: readonly string[];
  readonly writeDeadLetter: DeadLetterWriter;
  /** Factor on retry waits, time to live and dead-letter delay; default 1, as in Azure. */
  readonly retryScale?: number;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  readonly log?: (line: string) => void;
}

export interface RunningEventGrid extends RunningEmulator {
  /** Takes the system events of the other emulators. */
  readonly events: SystemEventSink;
  /** Address and keys of a custom topic; throws when there is none of this name. */
  topic(name: string): { readonly endpoint: string; readonly id: string; readonly key: string };
  armEventFault(fault: EventFaultInput): void;
  deliveries(): readonly DeliveryRecord[];
  accepted(): readonly GridEvent[];
  /** Deliveries that are neither done nor given up. */
  pendingDeliveries(): number;
}

/** One publish request may have 1 MB. */
const BODY_LIMIT_BYTES = 1024 * 1024;

export async function startEventGrid(options: EventGridOptions): Promise<RunningEventGrid> {
  const { verifyBearer, systemSources } = options;
  const clock = scopedClock(options.clock);
  const log = options.log ?? (() => {});
  const topics = options.topics.map(createTopic);
  const client = createWebhookClient(clock, options.tls.ca);
  const faults = new EventFaults();
  const records = new DeliveryLog();
  const accepted = new AcceptedEvents();
  let baseUrl = '';
  const registry = new SubscriptionRegistry({ clock, client, baseUrl: () => baseUrl, log });
  const engine = new DeliveryEngine({
    clock,
    client,
    registry,
    records,
    writeDeadLetter: options.writeDeadLetter,
    random: options.random ?? Math.random,
    retryScale: options.retryScale ?? 1,
  });
  const accept = (event: GridEvent) => {
    accepted.add(event);
    for (const release of faults.apply(event)) {
      if (release.delayMs === 0) engine.accept(release.event);
      else clock.after(release.delayMs, () => engine.accept(release.event));
    }
  };
  const emulator = await startEmulator({
    name: 'event-grid',
    port: options.port,
    clock,
    tls: options.tls,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    register(app) {
      useErrorEnvelope(app);
      registerPublishRoutes(app, { topics, clock, verifyBearer, accept });
      registerSubscriptionRoutes(app, { registry, verifyBearer, topics, systemSources });
      registerControlRoutes(app, { faults, records, accepted });
    },
  });
  baseUrl = emulator.url;
  return {
    ...emulator,
    events: { raise: (event) => accept(systemGridEvent(event, clock.nowMs())) },
    topic(name) {
      const topic = topics.find((one) => one.name === name);
      if (!topic) throw new Error(`The local Event Grid has no topic ${name}; it has ${topics.map((t) => t.name)}.`);
      return { endpoint: `${emulator.url}${publishPath(name)}`, id: topic.id, key: topic.keys[0] };
    },
    armEventFault: (fault) => faults.arm(fault),
    deliveries: () => records.all(),
    accepted: () => accepted.all(),
    pendingDeliveries: () => engine.pendingCount(),
    async stop() {
      await client.close();
      await engine.stop();
      await emulator.stop();
      clock.close();
    },
  };
}

/** System events come in the Event Grid schema; their `dataVersion` is empty, as Azure Machine Learning sends it. */
function systemGridEvent(event: SystemEvent, nowMs: number): GridEvent {
  return {
    inputSchema: 'EventGridSchema',
    topicId: event.source,
    id: randomUUID(),
    type: event.type,
    subject: event.subject,
    timeIso: new Date(nowMs).toISOString(),
    data: event.data,
    dataVersion: '',
    acceptedAtMs: nowMs,
  };
}
