metadata description = 'The Service Bus namespace and its queues. The code relies on every queue setting.'

@description('Region of the namespace.')
param location string

@description('Tags of the namespace.')
param tags object

@description('Name of the namespace.')
param namespaceName string

@description('Workspace for the log of management operations.')
param workspaceId string

// The queues in BigPanda.Functions/Messaging/Queues.cs. A test compares names and settings with the code.
var queueNames = [
  'alert-events'
  'bigpanda-actions'
  'pagerduty-actions'
  'pagerduty-events'
  'bigpanda-alerts'
]

// Standard: Basic has neither sessions nor duplicate detection. Network rules would need Premium.
resource busNamespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for name in queueNames: {
    parent: busNamespace
    name: name
    properties: {
      // Neither can be changed on an existing queue: it would have to be deleted and created again.
      requiresSession: true
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      // The maximum, so that a message that waits for an outage needs a lock renewal, a billed operation, only every five minutes.
      lockDuration: 'PT5M'
      // No limit: waiting for an outage can take thousands of deliveries. The app counts the failures that make a dead letter.
      maxDeliveryCount: 2147483647
      defaultMessageTimeToLive: 'P14D'
      deadLetteringOnMessageExpiration: true
      maxSizeInMegabytes: 5120
      enableBatchedOperations: true
      enablePartitioning: false
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: busNamespace
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
  }
}
