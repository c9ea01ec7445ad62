/** Ids that Slipway makes up for retrainings: the same occasion always gets the same ones. */
import { type EndpointName, hashHex, type ModelName } from '../ids/names.ts';
import type { RetrainingTrigger } from './state.ts';

const MAX_SLUG = 32;
const PREFIX = 'retrain.';

export interface RetrainingKey {
  readonly endpoint: EndpointName;
  readonly model: ModelName;
  readonly trigger: Pick<RetrainingTrigger, 'kind' | 'reference'>;
}

/** `retrain.<endpoint>.<model>.<16 hex of the occasion>`. */
export function retrainingIdOf({ endpoint, model, trigger }: RetrainingKey): string {
  return `${PREFIX}${endpoint}.${model.slice(0, 100)}.${occasionOf({ endpoint, model, trigger })}`;
}

/** The idempotency key of its job, at most 64 characters of `[a-z0-9-]`. */
export function trainingJobNameOf(key: RetrainingKey): string {
  return jobNameOf(key.model, occasionOf(key));
}

/** The same, where only the retraining's id is known any more. */
export function jobNameOfRetraining(retrainingId: string, model: ModelName): string {
  return jobNameOf(model, retrainingId.slice(retrainingId.lastIndexOf('.') + 1));
}

function jobNameOf(model: ModelName, occasion: string): string {
  const slug = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_SLUG);
  return `slipway-${slug || 'model'}-${occasion}`;
}

export function isRetrainingId(text: string): boolean {
  return text.startsWith(PREFIX) && /^[A-Za-z0-9._-]{1,200}$/.test(text);
}

function occasionOf({ endpoint, model, trigger }: RetrainingKey): string {
  const text = `${endpoint}|${model}|${trigger.kind}|${trigger.reference}`;
  return `${hashHex(text)}${hashHex(`${text}#`)}`;
}
