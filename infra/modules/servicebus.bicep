metadata description = 'The Service Bus namespace and its queues. Every setting of a queue is one the code counts on.'

@description('Where the namespace is created.')
param location string

@description('Tags of the namespace.')
param tags object

@description('Name of the namespace.')
param namespaceName string

@description('The workspace that management operations are logged to.')
param workspaceId string

// The queues of BigPanda.Functions/Messaging/Queues.cs; a test compares names and settings with the code.
var queueNames = [
  'alert-events'
  'bigpanda-actions'
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
      // Neither can be changed on a queue that exists: it would have to be deleted, and made again.
      requiresSession: true
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      // The longest there is: a message that waits for an outage has its lock renewed every five minutes, and each renewal is an operation.
      lockDuration: 'PT5M'
      // The app counts itself what makes a dead letter: waiting for an outage takes thousands of deliveries.
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
