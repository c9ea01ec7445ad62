/**
 * Reads the data of a ModelRegistered event, in either casing.
 * Source: Azure documentation "Azure Machine Learning as an Event Grid source".
 */
import { z } from 'zod';
import type { ModelName, ModelVersion } from '../domain/ids/names.ts';
import { type EventEnvelope, lowerCaseData } from './event-envelope.ts';
import { type Parsed, problemsOf } from './parsed.ts';

export const MODEL_REGISTERED = 'Microsoft.MachineLearningServices.ModelRegistered';

export interface RegisteredModel {
  readonly model: ModelName;
  readonly version: ModelVersion;
}

/** Versions come as numbers and as strings. */
const registeredSchema = z.looseObject({
  modelname: z.string().min(1).max(255),
  modelversion: z.union([z.string().min(1).max(100), z.int().min(0).transform(String)]),
});

export function parseRegisteredModel(envelope: EventEnvelope): Parsed<RegisteredModel> {
  const parsed = registeredSchema.safeParse(lowerCaseData(envelope));
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, 'data') };
  return {
    ok: true,
    value: { model: parsed.data.modelname as ModelName, version: parsed.data.modelversion as ModelVersion },
  };
}
