/** The body that an action group posts for a metric alert: the common alert schema ("Common alert schema", Azure Monitor). */
import { formatDateTime } from '../kql/types/date-time.ts';
import type { AlertChange } from './alert-instances.ts';
import type { AlertRule } from './alert-rule.ts';

export function commonAlert(
  rule: AlertRule,
  change: AlertChange,
  nowMs: number,
  customProperties: Readonly<Record<string, string>>,
): object {
  const { properties } = rule.body;
  const target = rule.resource.id.toLowerCase();
  const { condition, instance, readings } = change;
  const [, subscription = '', resourceGroup = ''] =
    /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)/.exec(target) ?? [];
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts/${instance.id}`,
        alertRule: rule.name,
        alertRuleId: rule.id,
        severity: `Sev${properties.severity}`,
        signalType: 'Metric',
        monitorCondition: condition,
        monitoringService: 'Platform',
        alertTargetIDs: [target],
        configurationItems: [target.slice(target.lastIndexOf('/') + 1)],
        originAlertId: `${subscription}_${resourceGroup}_microsoft.insights_metricAlerts_${rule.name}_${instance.id}`,
        firedDateTime: formatDateTime(instance.firedAtMs),
        ...(condition === 'Resolved' ? { resolvedDateTime: formatDateTime(nowMs) } : {}),
        description: properties.description,
        targetResourceType: rule.resource.namespace.name.toLowerCase(),
        targetResourceGroup: resourceGroup,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: null,
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: properties.windowSize,
          allOf: properties.criteria.allOf.map((criterion, index) => ({
            metricName: criterion.metricName,
            metricNamespace: rule.resource.namespace.name,
            operator: criterion.operator,
            threshold: String(criterion.threshold),
            timeAggregation: criterion.timeAggregation,
            dimensions: readings[index]?.dimensions ?? [],
            metricValue: readings[index]?.metricValue ?? null,
          })),
          windowStartTime: formatDateTime(nowMs - rule.windowMs),
          windowEndTime: formatDateTime(nowMs),
        },
      },
      customProperties,
    },
  };
}
