metadata name = 'BigPanda alert bridge'
metadata description = 'Everything the bridge needs, in one resource group. No key, token or connection string is stored anywhere.'

// A resource group, not the subscription: whoever deploys needs rights on this one group only. azd asks for the group, or takes
// AZURE_RESOURCE_GROUP.
targetScope = 'resourceGroup'

@description('Where everything is created. The region must offer Flex Consumption: az functionapp list-flexconsumption-locations.')
param location string = resourceGroup().location

@description('Tells environments in one resource group apart, for example dev or prod. Part of every name: another one makes another set of resources.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Tags put on every resource, for example { costCenter: \'1234\' }.')
param tags object = {}

@description('Memory of an instance in MB; 2048 comes with one core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances of each scale group. 40 is the lowest that Flex Consumption takes.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances kept warm for HTTP. 0 scales to zero: the first webhook after a pause then waits for a cold start.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = 0

@description('Instances kept warm for applying events. 0 scales to zero: the first event after a pause can then wait a minute or two.')
@minValue(0)
@maxValue(20)
param alwaysReadyApply int = 0

@description('Instances kept warm for acting in BigPanda.')
@minValue(0)
@maxValue(20)
param alwaysReadyAct int = 0

@description('Put the app into a virtual network, and let storage and Key Vault answer only it and allowedIpAddresses. Service Bus Standard has no network rules.')
param virtualNetworkEnabled bool = false

@description('The virtual network\'s addresses, a /24 or larger. Used when virtualNetworkEnabled is true.')
@minLength(9)
@maxLength(18)
param virtualNetworkAddressPrefix string = '10.60.0.0/24'

@description('Public IPv4 addresses or ranges that may still reach storage and Key Vault when virtualNetworkEnabled is true: the people who operate it.')
@maxLength(200)
param allowedIpAddresses array = []

@description('Redundancy of the storage account. ZRS survives the loss of a zone; regions without zones need LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Keep a deleted vault from being purged for 90 days. Cannot be turned off again once it is on.')
param keyVaultPurgeProtection bool = true

@description('Days that logs and metrics are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('The most GB of logs taken in a day; -1 for no limit. Past it, nothing more is logged that day and no log alert can fire.')
@minValue(-1)
@maxValue(1000)
param logDailyCapGb int = 5

@description('Share of the traces that is kept. Metrics and logs are not thinned out by it.')
@allowed(['1.0', '0.5', '0.2', '0.1', '0.05', '0.01'])
param traceShare string = '1.0'

@description('Where alerts are mailed. Empty: the alerts fire in the portal and tell nobody.')
@maxLength(254)
param alertEmail string = ''

@description('Alert when BigPanda\'s API key expires within so many days.')
@minValue(1)
@maxValue(90)
param alertKeyDays int = 7

@description('Alert when events wait longer than this many seconds on average between their webhook and their application.')
@minValue(5)
@maxValue(86400)
param alertLagSeconds int = 120

@description('Alert when more messages than this wait in one queue for a quarter of an hour.')
@minValue(1)
@maxValue(10000000)
param alertBacklogMessages int = 1000

@description('The address that callback URLs begin with, such as https://alerts.example.com. Empty: the app\'s own.')
@maxLength(2000)
param sourcesPublicBaseUrl string = ''

@description('Hours without a webhook after which a source is reported as silent and an alert fires.')
@minValue(1)
@maxValue(720)
param sourcesSilentAfterHours int = 24

@description('Webhooks refused within two hours that are reported as a burst.')
@minValue(1)
@maxValue(1000000)
param sourcesRejectedBurst int = 20

@description('The largest webhook taken, in bytes.')
@minValue(1024)
@maxValue(33554432)
param intakeMaxBodyBytes int = 8388608

@description('Where the BigPanda organisation lives.')
@allowed(['us', 'eu'])
param bigPandaRegion string = 'us'

@description('An address to use instead of the region\'s; https. Empty: the region\'s.')
@maxLength(2000)
param bigPandaApiBaseUrl string = ''

@description('The BigPanda environment to act in when a webhook names none. Empty: such actions are parked.')
@maxLength(200)
param bigPandaDefaultEnvironmentId string = ''

// Bicep has no fractions, hence a string.
@description('Calls a second to BigPanda, which allows 5 for a token.')
@allowed(['0.5', '1', '2', '3', '4', '4.5', '5'])
param bigPandaCallsPerSecond string = '4'

@description('Seconds to wait for an answer of BigPanda\'s.')
@minValue(1)
@maxValue(60)
param bigPandaTimeoutSeconds int = 15

@description('Seconds to wait for the closing webhook before BigPanda is asked whether the incident is closed.')
@minValue(1)
@maxValue(3600)
param resolutionVerifyAfterSeconds int = 120

@description('Days a resolved alert is kept.')
@minValue(1)
@maxValue(3650)
param retentionResolvedDays int = 90

@description('Timeline rows kept of an alert that goes on firing, the latest.')
@minValue(100)
@maxValue(100000)
param retentionTimelineRows int = 1000

var token = toLower(uniqueString(resourceGroup().id, environmentName))
var allTags = union(tags, { 'azd-env-name': environmentName })

var workspaceName = 'log-bigpanda-${token}'
var applicationInsightsName = 'appi-bigpanda-${token}'
var serviceBusName = 'sb-bigpanda-${token}'
var virtualNetworkName = 'vnet-bigpanda-${token}'

// Made of names, not taken from outputs: what-if and validation pass over a module that waits for another's outputs.
var workspaceId = resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
var applicationInsightsId = resourceId('Microsoft.Insights/components', applicationInsightsName)
var serviceBusId = resourceId('Microsoft.ServiceBus/namespaces', serviceBusName)
var subnetName = 'app'
var subnetId = virtualNetworkEnabled ? resourceId('Microsoft.Network/virtualNetworks/subnets', virtualNetworkName, subnetName) : ''

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-bigpanda-${token}'
  location: location
  tags: allTags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring-${token}'
  params: {
    location: location
    tags: allTags
    workspaceName: workspaceName
    applicationInsightsName: applicationInsightsName
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module network 'modules/network.bicep' = {
  name: 'network-${token}'
  params: {
    location: location
    tags: allTags
    enabled: virtualNetworkEnabled
    virtualNetworkName: virtualNetworkName
    subnetName: subnetName
    addressPrefix: virtualNetworkAddressPrefix
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage-${token}'
  params: {
    location: location
    tags: allTags
    accountName: 'st${token}'
    skuName: storageSku
    subnetId: subnetId
    allowedIpAddresses: allowedIpAddresses
  }
  dependsOn: [network]
}

module serviceBus 'modules/servicebus.bicep' = {
  name: 'servicebus-${token}'
  params: {
    location: location
    tags: allTags
    namespaceName: serviceBusName
    workspaceId: workspaceId
  }
  dependsOn: [monitoring]
}

module keyVault 'modules/keyvault.bicep' = {
  name: 'keyvault-${token}'
  params: {
    location: location
    tags: allTags
    vaultName: 'kv-${token}'
    purgeProtection: keyVaultPurgeProtection
    subnetId: subnetId
    allowedIpAddresses: allowedIpAddresses
    workspaceId: workspaceId
  }
  dependsOn: [monitoring, network]
}

module roles 'modules/roles.bicep' = {
  name: 'roles-${token}'
  params: {
    principalId: identity.properties.principalId
    storageAccountName: storage.outputs.accountName
    serviceBusNamespaceName: serviceBusName
    keyVaultName: keyVault.outputs.vaultName
    applicationInsightsName: applicationInsightsName
  }
  dependsOn: [monitoring, serviceBus]
}

module functionApp 'modules/functionapp.bicep' = {
  name: 'functionapp-${token}'
  params: {
    location: location
    tags: allTags
    planName: 'plan-bigpanda-${token}'
    appName: 'func-bigpanda-${token}'
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageAccountName: storage.outputs.accountName
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    tableServiceUri: storage.outputs.tableServiceUri
    serviceBusNamespaceHost: serviceBus.outputs.namespaceHost
    keyVaultUri: keyVault.outputs.vaultUri
    applicationInsightsName: applicationInsightsName
    traceShare: traceShare
    subnetId: subnetId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttp: alwaysReadyHttp
    alwaysReadyApply: alwaysReadyApply
    alwaysReadyAct: alwaysReadyAct
    sourcesPublicBaseUrl: sourcesPublicBaseUrl
    sourcesSilentAfterHours: sourcesSilentAfterHours
    sourcesRejectedBurst: sourcesRejectedBurst
    intakeMaxBodyBytes: intakeMaxBodyBytes
    bigPandaRegion: bigPandaRegion
    bigPandaApiBaseUrl: bigPandaApiBaseUrl
    bigPandaDefaultEnvironmentId: bigPandaDefaultEnvironmentId
    bigPandaCallsPerSecond: bigPandaCallsPerSecond
    bigPandaTimeoutSeconds: bigPandaTimeoutSeconds
    resolutionVerifyAfterSeconds: resolutionVerifyAfterSeconds
    retentionResolvedDays: retentionResolvedDays
    retentionTimelineRows: retentionTimelineRows
  }
  // The app reads its package and its leases with these roles as soon as it exists.
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts-${token}'
  params: {
    location: location
    tags: allTags
    nameSuffix: 'bigpanda-${token}'
    email: alertEmail
    serviceBusNamespaceId: serviceBusId
    applicationInsightsId: applicationInsightsId
    lagSeconds: alertLagSeconds
    backlogMessages: alertBacklogMessages
    keyDays: alertKeyDays
  }
  dependsOn: [monitoring, serviceBus]
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook-${token}'
  params: {
    location: location
    tags: allTags
    displayName: 'BigPanda alert bridge (${environmentName})'
    serviceBusNamespaceId: serviceBusId
    applicationInsightsId: applicationInsightsId
  }
  dependsOn: [monitoring, serviceBus]
}

@description('The address of the HTTP API.')
output apiBaseUrl string = 'https://${functionApp.outputs.hostName}/api'

@description('The function app, which azd deploys to.')
output functionAppName string = functionApp.outputs.appName

@description('The Service Bus namespace.')
output serviceBusNamespaceName string = serviceBusName

@description('The storage account.')
output storageAccountName string = storage.outputs.accountName

@description('The Key Vault.')
output keyVaultName string = keyVault.outputs.vaultName

@description('Application Insights, where the workbook and the log alerts are.')
output applicationInsightsName string = applicationInsightsName

@description('The identity the app runs as.')
output identityName string = identity.name
