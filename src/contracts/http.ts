/** Bodies of the HTTP API, in and out. */
import { z } from 'zod';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,254}$/, 'must be an Azure ML asset name');
const version = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be a version: letters, digits, dots, dashes, underscores');
const reason = z.string().min(1).max(1000);

export const startRolloutBody = z.strictObject({
  model: name,
  version,
  /** Needed only where several policies name the model. */
  endpoint: name.optional(),
});

export const startRetrainingBody = z.strictObject({
  model: name,
  /** Needed only where several policies retrain the model. */
  endpoint: name.optional(),
  reason,
  /** The same key never starts a second retraining. */
  key: z.string().min(1).max(200).optional(),
  ignoreCoolDown: z.boolean().default(false),
});

export const commandBody = z.strictObject({ reason });

export const approvalBody = z.strictObject({
  token: z.string().min(1).max(4000),
  answer: z.enum(['approve', 'decline']),
  reason: reason.default('no reason given'),
});

/** Commands that operators may send to a running rollout. */
export const OPERATOR_COMMANDS = ['abort', 'pause', 'resume', 'promote'] as const;
export type OperatorCommand = (typeof OPERATOR_COMMANDS)[number];

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly { readonly path: string; readonly message: string }[];
  };
}
