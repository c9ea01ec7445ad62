// Which events start which function: those of the workspace, of the workspace's storage account, and of the app's own topic.
param name string
param appName string
param identityId string
param topicName string
param workspaceName string

@description('Storage account of the workspace (in this resource group); its new blobs start a retraining where a policy says so.')
param workspaceStorageName string

@description('Only blobs whose subject begins like this are looked at, for example /blobServices/default/containers/<container>/blobs/flights/. Empty: no blob starts anything.')
param newDataSubjectPrefix string

param deadLetterStorageName string
param deadLetterContainer string

var machineLearning = 'Microsoft.MachineLearningServices'
var breachKey = 'data.RunTags.azureml_modelmonitor_threshold_breached'
var breachText = 'has failed due to one or more features violating metric thresholds'

// One function may be called by several types; a type with a filter of its own has a subscription of its own.
var workspaceSubscriptions = [
  { name: 'slipway-model-registered', function: 'onModelRegistered', types: ['${machineLearning}.ModelRegistered'], filters: [] }
  // RunCompleted comes for runs that went well only.
  { name: 'slipway-runs', function: 'onRunCompleted', types: ['${machineLearning}.RunCompleted', '${machineLearning}.RunStatusChanged'], filters: [] }
  { name: 'slipway-dataset-drift', function: 'onDrift', types: ['${machineLearning}.DatasetDriftDetected'], filters: [] }
  {
    name: 'slipway-monitor-breached'
    function: 'onDrift'
    types: ['${machineLearning}.RunStatusChanged']
    filters: [{ operatorType: 'StringContains', key: breachKey, values: [breachText] }]
  }
]

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource workspace 'Microsoft.MachineLearningServices/workspaces@2024-04-01' existing = {
  name: workspaceName
}

resource workspaceStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: workspaceStorageName
}

resource deadLetters 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: deadLetterStorageName
}

resource topic 'Microsoft.EventGrid/topics@2024-06-01-preview' existing = {
  name: topicName
}

var retryPolicy = { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
var deadLetter = {
  identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
  deadLetterDestination: {
    endpointType: 'StorageBlob'
    properties: { resourceId: deadLetters.id, blobContainerName: deadLetterContainer }
  }
}

resource workspaceEvents 'Microsoft.EventGrid/systemTopics@2024-06-01-preview' = {
  name: '${name}-workspace-events'
  location: workspace.location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: { source: workspace.id, topicType: 'Microsoft.MachineLearningServices.Workspaces' }
}

// Event Grid takes one change of a system topic's subscriptions at a time.
@batchSize(1)
resource ofWorkspace 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2024-06-01-preview' = [
  for item in workspaceSubscriptions: {
    parent: workspaceEvents
    name: item.name
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      destination: {
        endpointType: 'AzureFunction'
        properties: { resourceId: '${app.id}/functions/${item.function}', maxEventsPerBatch: 1 }
      }
      filter: { includedEventTypes: item.types, advancedFilters: item.filters }
      retryPolicy: retryPolicy
      deadLetterWithResourceIdentity: deadLetter
    }
  }
]

resource storageEvents 'Microsoft.EventGrid/systemTopics@2024-06-01-preview' = if (!empty(newDataSubjectPrefix)) {
  name: '${name}-storage-events'
  location: workspaceStorage.location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: { source: workspaceStorage.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource newData 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2024-06-01-preview' = if (!empty(newDataSubjectPrefix)) {
  parent: storageEvents
  name: 'slipway-new-data'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    destination: {
      endpointType: 'AzureFunction'
      properties: { resourceId: '${app.id}/functions/onNewData', maxEventsPerBatch: 1 }
    }
    filter: { includedEventTypes: ['Microsoft.Storage.BlobCreated'], subjectBeginsWith: newDataSubjectPrefix }
    retryPolicy: retryPolicy
    deadLetterWithResourceIdentity: deadLetter
  }
}

// The topic speaks CloudEvents, so its subscription does.
resource latencyAlerts 'Microsoft.EventGrid/topics/eventSubscriptions@2024-06-01-preview' = {
  parent: topic
  name: 'slipway-latency-alert'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'AzureFunction'
      properties: { resourceId: '${app.id}/functions/onLatencyAlert', maxEventsPerBatch: 1 }
    }
    filter: { includedEventTypes: ['Slipway.LatencyAlert'] }
    retryPolicy: { maxDeliveryAttempts: 10, eventTimeToLiveInMinutes: 15 }
    deadLetterWithResourceIdentity: deadLetter
  }
}
