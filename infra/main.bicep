// Deploys Slipway beside an existing Azure ML workspace: function app (Flex Consumption) with managed identity, storage,
// key vault, the topic it publishes to, and the workspace's events that start it. No account keys, no shared secrets in settings.
targetScope = 'resourceGroup'

@description('Short name, 3-12 lower-case letters and digits; every resource name begins with it.')
@minLength(3)
@maxLength(12)
param name string

param location string = resourceGroup().location

@description('Existing Azure ML workspace in this resource group.')
param workspaceName string

@description('Existing Log Analytics workspace (in this resource group) that receives the endpoints\' diagnostic logs.')
param logAnalyticsName string

@description('Signs approval links and operator tokens: at least 32 random bytes as base64url.')
@secure()
@minLength(43)
param tokenSecret string

@description('Storage account of the workspace, in this resource group: training data and collected data lie there.')
param workspaceStorageName string

@description('Deploy the event subscriptions only after the first publish: Event Grid checks that the functions exist.')
param subscribeToEvents bool = true

@description('Subject prefix of blobs that are new training data; empty: no blob starts a retraining.')
param newDataSubjectPrefix string = ''

@description('Publishes every event on a Service Bus topic too, and takes commands from a queue.')
param useServiceBus bool = false

@description('Principals that may send commands to the queue.')
param commandSenders array = []

@description('Latency alerts: objects with endpoint and p95Ms. They need webhookObjectId and webhookAudience.')
param latencyAlerts array = []

param webhookObjectId string = ''
param webhookAudience string = ''

var suffix = uniqueString(resourceGroup().id, name)
var storageName = take('${name}${suffix}', 24)
var appName = '${name}-app-${suffix}'
var serviceBusName = '${name}-bus-${suffix}'
var packageContainer = 'packages'
var deadLetterContainer = 'dead-letters'

var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  azureMlDataScientist: 'f6c7c914-8db3-469d-8ca1-694a8f32e121'
  monitoringReader: '43d0d8ad-25c7-4714-9337-8ba259a9fe05'
  logAnalyticsReader: '73c42c96-874c-492b-b04d-ab87d138a893'
  eventGridDataSender: 'd5a91429-5739-47e2-a06b-3470a27159e7'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

// The Functions host and the app read the same names; none of them is a secret.
var serviceBusSettings = useServiceBus
  ? [
      { name: 'SLIPWAY_SERVICE_BUS__fullyQualifiedNamespace', value: '${serviceBusName}.servicebus.windows.net' }
      { name: 'SLIPWAY_SERVICE_BUS__credential', value: 'managedidentity' }
      { name: 'SLIPWAY_SERVICE_BUS__clientId', value: identity.properties.clientId }
    ]
  : []

var alertSettings = empty(webhookAudience)
  ? []
  : [
      { name: 'SLIPWAY_ALERT_AUDIENCE', value: webhookAudience }
      { name: 'SLIPWAY_TENANT_ID', value: tenant().tenantId }
    ]

// The function for new blobs is there with this setting only, and its event subscription needs the function.
var newDataSettings = empty(newDataSubjectPrefix)
  ? []
  : [{ name: 'SLIPWAY_DATA_ACCOUNT_ID', value: resourceId('Microsoft.Storage/storageAccounts', workspaceStorageName) }]

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-04-01' existing = {
  name: workspaceName
}

resource logAnalytics 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: logAnalyticsName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: storageName
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainer
    }

    resource deadLetters 'containers' = {
      name: deadLetterContainer
    }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('${name}-kv-${suffix}', 24)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }

  resource secret 'secrets' = {
    name: 'token-secret'
    properties: { value: tokenSecret }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logAnalytics.id
    DisableLocalAuth: true
  }
}

resource topic 'Microsoft.EventGrid/topics@2024-06-01-preview' = {
  name: '${name}-rollouts-${suffix}'
  location: location
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
  }
}

module access 'access.bicep' = {
  name: 'access'
  params: {
    principalId: identity.properties.principalId
    storageName: storage.name
    vaultName: vault.name
    topicName: topic.name
    workspaceName: workspace.name
    workspaceStorageName: workspaceStorageName
    logAnalyticsName: logAnalytics.name
    roles: roles
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-plan'
  location: location
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2048 }
      runtime: { name: 'node', version: '24' }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat([
        { name: 'AzureWebJobsStorage__accountName', value: storage.name }
        { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
        { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
        { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
        { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
        { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identity.properties.clientId};Authorization=AAD' }
        { name: 'SLIPWAY_SUBSCRIPTION_ID', value: subscription().subscriptionId }
        { name: 'SLIPWAY_RESOURCE_GROUP', value: resourceGroup().name }
        { name: 'SLIPWAY_WORKSPACE', value: workspace.name }
        { name: 'SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID', value: logAnalytics.properties.customerId }
        { name: 'SLIPWAY_TABLES_ENDPOINT', value: storage.properties.primaryEndpoints.table }
        { name: 'SLIPWAY_BLOBS_ENDPOINT', value: storage.properties.primaryEndpoints.blob }
        { name: 'SLIPWAY_EVENT_TOPIC_ENDPOINT', value: topic.properties.endpoint }
        { name: 'SLIPWAY_TOKEN_SECRET', value: '@Microsoft.KeyVault(SecretUri=${vault::secret.properties.secretUri})' }
        { name: 'SLIPWAY_PUBLIC_URL', value: 'https://${appName}.azurewebsites.net' }
      ], serviceBusSettings, alertSettings, newDataSettings)
    }
  }
  dependsOn: [access]
}

module serviceBus 'service-bus.bicep' = if (useServiceBus) {
  name: 'service-bus'
  params: {
    name: serviceBusName
    location: location
    principalId: identity.properties.principalId
    commandSenders: commandSenders
    roles: roles
  }
}

module events 'events.bicep' = if (subscribeToEvents) {
  name: 'events'
  params: {
    name: name
    appName: app.name
    identityId: identity.id
    topicName: topic.name
    workspaceName: workspace.name
    workspaceStorageName: workspaceStorageName
    newDataSubjectPrefix: newDataSubjectPrefix
    deadLetterStorageName: storage.name
    deadLetterContainer: deadLetterContainer
  }
}

module alerts 'alerts.bicep' = if (!empty(latencyAlerts)) {
  name: 'alerts'
  params: {
    name: name
    appHostName: app.properties.defaultHostName
    workspaceName: workspace.name
    latencyAlerts: latencyAlerts
    webhookObjectId: webhookObjectId
    webhookAudience: webhookAudience
  }
}

output appName string = app.name
output topicEndpoint string = topic.properties.endpoint
