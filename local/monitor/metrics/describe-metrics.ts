/** Answers the lists of metric definitions and namespaces of a resource. */
import { intervalNames } from './metric-interval.ts';
import type { MetricResource } from './metric-resource.ts';

const RETENTION = 'P93D';

export function describeMetrics(resource: MetricResource, grainMs: number): object {
  const { id, namespace } = resource;
  const metricAvailabilities = intervalNames(grainMs).map((timeGrain) => ({ timeGrain, retention: RETENTION }));
  const value = namespace.metrics.map((metric) => ({
    id: `${id}/providers/microsoft.insights/metricdefinitions/${metric.name}`,
    resourceId: id,
    namespace: namespace.name,
    name: { value: metric.name, localizedValue: metric.displayName },
    displayDescription: metric.description,
    isDimensionRequired: false,
    unit: metric.unit,
    primaryAggregationType: 'Average',
    supportedAggregationTypes: ['Average'],
    metricAvailabilities,
    dimensions: metric.dimensions.map(({ name }) => ({ value: name, localizedValue: name })),
  }));
  return { value };
}

export function describeNamespaces(resource: MetricResource): object {
  const { id, namespace } = resource;
  const entry = {
    id: `${id}/providers/microsoft.insights/metricNamespaces/${namespace.name}`,
    type: 'Microsoft.Insights/metricNamespaces',
    name: namespace.name,
    classification: 'Platform',
    properties: { metricNamespaceName: namespace.name },
  };
  return { value: [entry] };
}
