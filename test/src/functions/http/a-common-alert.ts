/** A metric alert of the endpoint flights in the common alert schema; tests change what they are about. */

export const WORKSPACE_ID =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-models/providers/Microsoft.MachineLearningServices/workspaces/mlw-models';

export interface AlertChanges {
  readonly essentials?: object;
  readonly criterion?: object;
  readonly window?: readonly [string, string];
}

export function aCommonAlert({ essentials, criterion, window }: AlertChanges = {}) {
  const [windowStartTime, windowEndTime] = window ?? ['2026-03-01T11:55:00Z', '2026-03-01T12:00:00Z'];
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/0aaa1bbb-0000-4000-8000-000000000001',
        alertRule: 'ep-p95',
        severity: 'Sev3',
        signalType: 'Metric',
        monitorCondition: 'Fired',
        monitoringService: 'Platform',
        alertTargetIDs: [`${WORKSPACE_ID}/onlineEndpoints/flights`.toLowerCase()],
        configurationItems: ['flights'],
        firedDateTime: '2026-03-01T12:00:00.0000000Z',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
        ...essentials,
      },
      alertContext: {
        properties: null,
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: 'PT5M',
          allOf: [
            {
              metricName: 'RequestLatency_P95',
              metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
              operator: 'GreaterThan',
              threshold: '250',
              timeAggregation: 'Average',
              dimensions: [{ name: 'deployment', value: 'green' }],
              metricValue: 412.3,
              ...criterion,
            },
          ],
          windowStartTime,
          windowEndTime,
        },
      },
      customProperties: {},
    },
  };
}
