/**
 * Starts the local Azure Monitor: log queries and metrics over the requests that the online endpoints report.
 *
 * 1. Nothing is invented: every row and sample comes from a request recorded through the sink.
 * 2. Alert rules see what metric queries see, and tell their action groups' webhooks.
 * 3. Data is late, as in Azure: each log row by its own delay, metrics by a fixed delay after their grain.
 */
import { z } from 'zod';
import type { TrafficSink } from '../contracts/traffic-log.ts';
import type { BearerVerifier } from '../emulator/bearer.ts';
import type { DevCertificates } from '../emulator/certificates.ts';
import type { Clock } from '../emulator/clock.ts';
import { type RunningEmulator, startEmulator } from '../emulator/server.ts';
import { createWebhookClient } from '../event-grid/webhook-client.ts';
import { AlertEngine } from './alerts/alert-engine.ts';
import { registerAlertRoutes } from './alerts/alert-routes.ts';
import { WebhookNotifier } from './alerts/notify-webhook.ts';
import { registerLogsRoutes } from './logs/logs-routes.ts';
import { registerMetricsRoutes } from './metrics/metrics-routes.ts';
import { TrafficStore } from './store/traffic-store.ts';

export interface MonitorOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly tls: DevCertificates;
  readonly verifyBearer: BearerVerifier;
  /** The GUID of the Log Analytics workspace (its customer id), which log queries name. */
  readonly logAnalyticsWorkspaceId: string;
  /** A log row appears after a delay drawn evenly between these; 2 to 5 minutes unless given. At most an hour. */
  readonly ingestionDelayMs?: { readonly min: number; readonly max: number };
  /** Draws the delays, in [0, 1); Math.random unless given. */
  readonly random?: () => number;
  /** Seconds per metric sample, 1 to 3600 and a divisor or multiple of 60; 60 unless given, as in Azure. */
  readonly metricGrainSeconds?: number;
  /** How long after the end of a grain its metric values appear; 1 minute unless given. At most an hour. */
  readonly metricDelayMs?: number;
  /** Makes the tokens that secure webhooks of action groups get. */
  readonly issueToken: (audience: string) => Promise<{ readonly value: string }>;
  /** Shortens the pauses before an alert is sent again; 1 unless given, as in Azure. */
  readonly retryScale?: number;
  /** Receives one line per alert that could not be sent. */
  readonly log?: (line: string) => void;
  /** Requests to remember, oldest forgotten first; 200 000 unless given, 1 to 500 000. */
  readonly retentionRows?: number;
}

export interface RunningMonitor extends RunningEmulator {
  /** Where the online endpoints report the requests that they served. */
  readonly sink: TrafficSink;
}

const HOUR_MS = 3_600_000;

const settingsSchema = z.object({
  logAnalyticsWorkspaceId: z.guid(),
  ingestionDelayMs: z
    .strictObject({ min: z.number().min(0).max(HOUR_MS), max: z.number().min(0).max(HOUR_MS) })
    .refine(({ min, max }) => min <= max, 'min must not be above max')
    .default({ min: 120_000, max: 300_000 }),
  metricGrainSeconds: z
    .int()
    .min(1)
    .max(3600)
    .refine((grain) => 60 % grain === 0 || grain % 60 === 0, 'must divide or be a multiple of 60')
    .default(60),
  metricDelayMs: z.number().min(0).max(HOUR_MS).default(60_000),
  retentionRows: z.int().min(1).max(500_000).default(200_000),
});

/** Fails when an option is out of its bounds or the port is taken. */
export async function startMonitor(options: MonitorOptions): Promise<RunningMonitor> {
  const settings = settingsSchema.parse(options);
  const { clock, verifyBearer } = options;
  const grainMs = settings.metricGrainSeconds * 1000;
  const delayMs = settings.metricDelayMs;
  const store = new TrafficStore({ ...settings, clock, random: options.random ?? Math.random });
  const client = createWebhookClient(clock, options.tls.ca);
  const notifier = new WebhookNotifier({
    clock,
    client,
    issueToken: options.issueToken,
    retryScale: options.retryScale ?? 1,
    log: options.log ?? (() => {}),
  });
  const engine = new AlertEngine({ clock, store, grainMs, delayMs, notifier });
  const emulator = await startEmulator({
    name: 'monitor',
    port: options.port,
    clock,
    tls: options.tls,
    register(app) {
      registerLogsRoutes(app, { store, clock, workspaceId: settings.logAnalyticsWorkspaceId, verifyBearer });
      registerAlertRoutes(app, { engine, grainMs, verifyBearer });
      registerMetricsRoutes(app, { store, clock, grainMs, delayMs, verifyBearer });
    },
  });
  return {
    ...emulator,
    sink: store,
    async stop() {
      engine.close();
      await Promise.all([client.close(), emulator.stop()]);
    },
  };
}
