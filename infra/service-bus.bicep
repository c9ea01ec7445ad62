// The Service Bus of Slipway: every event on a topic, commands for rollouts on a queue. No keys: access is by identity only.
param name string
param location string

@description('Principal of the app\'s identity.')
param principalId string

@description('Principals (groups, applications) that may send commands: they can start, stop and promote rollouts.')
param commandSenders array

param roles object

// What somebody has to act on.
var calls = [
  'Slipway.Rollout.OperatorNeeded'
  'Slipway.Approval.Requested'
  'Slipway.Alert.OperatorNeeded'
  'Slipway.Workspace.OperatorNeeded'
  'Slipway.Retraining.Ended'
]

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: name
  location: location
  // Sessions, topics and duplicate detection need Standard at least.
  sku: { name: 'Standard', tier: 'Standard' }
  properties: { disableLocalAuth: true, minimumTlsVersion: '1.2' }

  // The session is the endpoint: commands for one endpoint keep their order. The message id is the command's id.
  resource commands 'queues' = {
    name: 'rollout-commands'
    properties: {
      requiresSession: true
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT1H'
      defaultMessageTimeToLive: 'P1D'
      deadLetteringOnMessageExpiration: true
      lockDuration: 'PT1M'
      maxDeliveryCount: 5
    }
  }

  resource events 'topics' = {
    name: 'rollout-events'
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT1H'
      defaultMessageTimeToLive: 'P14D'
    }

    resource audit 'subscriptions' = {
      name: 'audit'
      properties: { maxDeliveryCount: 10, deadLetteringOnMessageExpiration: false }
    }

    resource callsPeople 'subscriptions' = {
      name: 'calls'
      properties: { maxDeliveryCount: 10, deadLetteringOnMessageExpiration: true }
    }
  }
}

// A rule of the name $Default replaces the one that lets everything through.
resource callRules 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2022-10-01-preview' = [
  for (type, index) in calls: {
    parent: namespace::events::callsPeople
    name: index == 0 ? '$Default' : replace(type, '.', '-')
    properties: { filterType: 'CorrelationFilter', correlationFilter: { label: type } }
  }
]

var appRoles = [roles.serviceBusDataSender, roles.serviceBusDataReceiver]

resource forApp 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in appRoles: {
    scope: namespace
    name: guid(namespace.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource forSenders 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for sender in commandSenders: {
    scope: namespace::commands
    name: guid(namespace::commands.id, sender, roles.serviceBusDataSender)
    properties: {
      principalId: sender
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
    }
  }
]

output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
