/** A small valid retraining policy; tests change what they are about. */
import type { RetrainingPolicy } from '../../../src/domain/policy/retraining-policy.ts';

export function aRetrainingPolicy(changes: Partial<RetrainingPolicy> = {}): RetrainingPolicy {
  return {
    triggers: {
      drift: { monitor: 'flights-monitor', confirm: 'required' },
      newData: { container: 'data', prefix: 'flights/', dataAsset: null },
      latencyAlert: 'notify',
      schedule: null,
    },
    coolDownSeconds: 86_400,
    data: { source: 'azureml:flights@latest', label: 'air_time', minRows: 1000, maxNullRate: 0.2, columns: {} },
    drift: { reference: 'azureml:reference:1', windowSeconds: 86_400, features: { distance: 'numerical' } },
    job: {
      properties: {
        jobType: 'Command',
        command: 'python retrain.py',
        inputs: {
          data: { jobInputType: 'uri_file', uri: `\${{slipway.data}}` },
          champion: { jobInputType: 'custom_model', uri: `\${{slipway.champion}}` },
        },
        tags: { team: 'flights' },
      },
    },
    jobTimeoutSeconds: 3600,
    metricsTimeoutSeconds: 21_600,
    pollSeconds: 60,
    gate: { lossMargin: 0, confidence: 0.95, minRows: 500, slices: [] },
    register: { tags: { 'scoring-code': '2' } },
    ...changes,
  };
}
