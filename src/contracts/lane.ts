/** Shapes of the calls to the lane entity. */
import { z } from 'zod';
import type { AcquireResult, LaneClaim, post, recordSnapshot } from '../domain/lane/lane.ts';
import type { NumberedCommand, PostedCommand } from '../domain/rollout/command.ts';
import type { EndpointSnapshot } from '../domain/rollout/state.ts';
import { latencyAlertSchema } from './latency-alert-event.ts';

export type LaneCall =
  | { readonly operation: 'acquire'; readonly input: { readonly claim: LaneClaim; readonly nowIso: string } }
  | { readonly operation: 'post'; readonly input: PostedCommand }
  | {
      readonly operation: 'readInbox';
      readonly input: { readonly rolloutId: string; readonly cursor: number; readonly nowIso: string };
    }
  | {
      readonly operation: 'recordSnapshot';
      readonly input: { readonly rolloutId: string; readonly snapshot: EndpointSnapshot };
    }
  | { readonly operation: 'leave'; readonly input: { readonly id: string } };

export type LaneOperation = LaneCall['operation'];
export type LaneInput<Operation extends LaneOperation> = Extract<LaneCall, { operation: Operation }>['input'];

/** What each operation answers. */
export interface LaneAnswers {
  readonly acquire: AcquireResult;
  readonly post: ReturnType<typeof post>['result'];
  readonly readInbox: readonly NumberedCommand[];
  readonly recordSnapshot: ReturnType<typeof recordSnapshot>['result'];
  readonly leave: { readonly next: string | null };
}

const text = z.string().min(1).max(2000);
const iso = z.iso.datetime();
const traffic = z.record(z.string(), z.int().min(0).max(100));

const claim = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rollout'),
    id: text,
    endpoint: text,
    policy: text,
    model: text,
    version: text,
    green: text,
    versionCreatedAtIso: text,
    whenBusy: z.enum(['wait', 'supersede']),
  }),
  z.strictObject({ kind: z.literal('scale-out'), id: text, deployment: text }),
]);

const command = z.union([
  z.strictObject({
    type: z.enum(['abort', 'pause', 'resume', 'promote', 'supersede']),
    by: text,
    reason: z.string().max(2000),
  }),
  z.strictObject({
    type: z.literal('latency-alert'),
    by: text,
    reason: z.string().max(4000),
    alert: latencyAlertSchema,
  }),
  z.strictObject({
    type: z.enum(['approve', 'decline']),
    approvalId: text,
    token: z.string().min(1).max(4000),
    reason: z.string().max(2000),
  }),
]);

export const postedCommandSchema = z.strictObject({ id: text, rolloutId: text, receivedAtIso: iso, command });

const snapshot = z.strictObject({
  split: z.strictObject({ traffic, mirror: traffic }),
  blue: z.string().nullable(),
  blueInstanceCount: z.int().min(0),
  blueModelVersion: z.string().nullable(),
  takenAtIso: iso,
});

export const laneCallSchema = z.discriminatedUnion('operation', [
  z.strictObject({ operation: z.literal('acquire'), input: z.strictObject({ claim, nowIso: iso }) }),
  z.strictObject({ operation: z.literal('post'), input: postedCommandSchema }),
  z.strictObject({
    operation: z.literal('readInbox'),
    input: z.strictObject({ rolloutId: text, cursor: z.int().min(0), nowIso: iso }),
  }),
  z.strictObject({ operation: z.literal('recordSnapshot'), input: z.strictObject({ rolloutId: text, snapshot }) }),
  z.strictObject({ operation: z.literal('leave'), input: z.strictObject({ id: text }) }),
]);
