/** An alert rule of Azure Monitor on an endpoint's p95 latency, split by deployment, with the app's webhook behind it. */
import { ALERT_AUDIENCE, WORKSPACE } from '../../local/stack/local-azure.ts';

const API_VERSION = '2018-03-01';
const RESOURCE_GROUP = `/subscriptions/${WORKSPACE.subscriptionId}/resourceGroups/${WORKSPACE.resourceGroup}`;
const INSIGHTS = `${RESOURCE_GROUP}/providers/Microsoft.Insights`;

export interface AlertTarget {
  readonly monitorUrl: string;
  readonly appUrl: string;
  readonly workspaceArmId: string;
  /** Grain of the metrics: how often the rule looks. Azure's is 60. */
  readonly grainSeconds: number;
  readonly managementToken: () => Promise<string>;
}

export interface LatencyRules {
  /** Looks at the last three grains; fires above `thresholdMs`. */
  put(endpoint: string, thresholdMs: number): Promise<void>;
  remove(endpoint: string): Promise<void>;
}

export function createLatencyRules(target: AlertTarget): LatencyRules {
  const { monitorUrl, appUrl, workspaceArmId, grainSeconds, managementToken } = target;
  const call = async (method: 'PUT' | 'DELETE', path: string, properties?: object) => {
    const headers = { authorization: `Bearer ${await managementToken()}`, 'content-type': 'application/json' };
    const body = properties ? { body: JSON.stringify({ location: 'global', properties }) } : {};
    const url = `${monitorUrl}${INSIGHTS}/${path}?api-version=${API_VERSION}`;
    const reply = await fetch(url, { method, headers, ...body });
    if (!reply.ok) throw new Error(`${method} ${path} was answered with ${reply.status}: ${await reply.text()}`);
  };
  return {
    async put(endpoint, thresholdMs) {
      await call('PUT', 'actionGroups/slipway', actionGroup(appUrl));
      const endpointArmId = `${workspaceArmId}/onlineEndpoints/${endpoint}`;
      await call('PUT', ruleOf(endpoint), rule(endpointArmId, thresholdMs, grainSeconds));
    },
    remove: (endpoint) => call('DELETE', ruleOf(endpoint)),
  };
}

function ruleOf(endpoint: string): string {
  return `metricAlerts/${endpoint}-p95`;
}

function actionGroup(appUrl: string): object {
  const webhook = {
    name: 'slipway',
    serviceUri: `${appUrl}/api/alerts/latency`,
    useCommonAlertSchema: true,
    useAadAuth: true,
    identifierUri: ALERT_AUDIENCE,
  };
  return { groupShortName: 'slipway', enabled: true, webhookReceivers: [webhook] };
}

function rule(endpointArmId: string, threshold: number, grainSeconds: number): object {
  const criterion = {
    name: 'p95',
    criterionType: 'StaticThresholdCriterion',
    metricName: 'RequestLatency_P95',
    timeAggregation: 'Average',
    operator: 'GreaterThan',
    threshold,
    dimensions: [{ name: 'deployment', operator: 'Include', values: ['*'] }],
  };
  return {
    severity: 2,
    enabled: true,
    scopes: [endpointArmId],
    evaluationFrequency: `PT${grainSeconds}S`,
    windowSize: `PT${3 * grainSeconds}S`,
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
      allOf: [criterion],
    },
    actions: [{ actionGroupId: `${INSIGHTS}/actionGroups/slipway` }],
  };
}
