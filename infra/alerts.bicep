// A latency alert for each endpoint, and the action group that hands it to the app's secure webhook.
param name string
param appHostName string
param workspaceName string

@description('Endpoints to watch, with the P95 latency in milliseconds above which the alert fires.')
param latencyAlerts array

@description('Object id of the service principal of the app\'s registration in Entra ID; it needs the app role ActionGroupsSecureWebhook, granted to "AzNS AAD Webhook".')
param webhookObjectId string

@description('Application id URI of that registration; the app accepts tokens for it alone (SLIPWAY_ALERT_AUDIENCE).')
param webhookAudience string

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-04-01' existing = {
  name: workspaceName
}

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-latency'
  location: 'global'
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    webhookReceivers: [
      {
        name: 'slipway'
        serviceUri: 'https://${appHostName}/api/alerts/latency'
        useCommonAlertSchema: true
        useAadAuth: true
        objectId: webhookObjectId
        identifierUri: webhookAudience
        tenantId: tenant().tenantId
      }
    ]
  }
}

resource rule 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for item in latencyAlerts: {
    name: '${name}-${item.endpoint}-p95'
    location: 'global'
    properties: {
      description: 'P95 latency of endpoint ${item.endpoint}, each deployment by itself.'
      severity: 2
      enabled: true
      scopes: ['${workspace.id}/onlineEndpoints/${item.endpoint}']
      evaluationFrequency: 'PT1M'
      windowSize: 'PT5M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'p95'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints'
            metricName: 'RequestLatency_P95'
            timeAggregation: 'Average'
            operator: 'GreaterThan'
            threshold: item.p95Ms
            dimensions: [{ name: 'deployment', operator: 'Include', values: ['*'] }]
          }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]
