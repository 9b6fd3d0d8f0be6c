metadata description = 'The storage account: the bridge\'s tables, the app\'s package, the Functions host\'s leases and keys.'

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('Name of the account.')
param accountName string

@description('Redundancy.')
param skuName string

@description('Name of the blob container of the app\'s package.')
param deploymentContainerName string

@description('The only admitted subnet; empty for no network rules.')
param subnetId string

@description('Public addresses admitted as well.')
param allowedIpAddresses array

// The app may not create tables. A test compares this list with BigPanda.Functions/Storage/TableNames.cs.
var tableNames = [
  'Alerts'
  'FiringAlerts'
  'ResolvedAlerts'
  'Payloads'
  'Outbox'
  'Suspects'
  'ParkedActions'
  'Sources'
  'Connections'
  'CallSlots'
  'Pages'
  'ParkedAlerts'
  'SentAlerts'
  'MonitorOks'
  'Audit'
]

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: accountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: skuName }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: empty(subnetId) ? 'Allow' : 'Deny'
      virtualNetworkRules: empty(subnetId) ? [] : [{ id: subnetId, action: 'Allow' }]
      ipRules: [for address in (empty(subnetId) ? [] : allowedIpAddresses): { value: address, action: 'Allow' }]
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-08-01' = {
  parent: account
  name: 'default'
}

resource deploymentContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-08-01' = {
  parent: blobs
  name: deploymentContainerName
  properties: { publicAccess: 'None' }
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-08-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-08-01' = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]
