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

@description('prod: no cold start, a virtual network, zones, what is deleted stays recoverable, logs for 90 days. dev: cheap, and easy to delete. Decides the defaults of the parameters below.')
@allowed(['dev', 'prod'])
param profile string = 'prod'

@description('Tags put on every resource, for example { costCenter: \'1234\' }.')
param tags object = {}

@description('Memory of an instance in MB; 2048 comes with one core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances of each scale group. Regions differ in the least they take; 40 is taken everywhere.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances kept warm for HTTP. 0 scales to zero: the first webhook after a pause then waits for a cold start. With siteUpdateStrategy RollingUpdate at least 2.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = profile == 'prod' ? 1 : 0

@description('Instances kept warm for applying events. 0 scales to zero: the first event after a pause can then wait a minute or two.')
@minValue(0)
@maxValue(20)
param alwaysReadyApply int = profile == 'prod' ? 1 : 0

@description('Instances kept warm for acting in BigPanda.')
@minValue(0)
@maxValue(20)
param alwaysReadyAct int = 0

@description('How a deployment or a changed setting reaches the instances. Recreate stops them all first, and webhooks of those seconds are lost; RollingUpdate replaces them in batches. RollingUpdate is a preview of Flex Consumption.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('Spread the instances over zones; the region must offer it: az functionapp list-flexconsumption-locations --zone-redundant=true. Every scale group then keeps, and bills, two instances.')
param zoneRedundant bool = profile == 'prod'

@description('Put the app into a virtual network, and let storage and Key Vault answer only it and allowedIpAddresses. Service Bus Standard has no network rules.')
param virtualNetworkEnabled bool = profile == 'prod'

@description('The virtual network\'s addresses, a /24 or larger. Used when virtualNetworkEnabled is true.')
@minLength(9)
@maxLength(18)
param virtualNetworkAddressPrefix string = '10.60.0.0/24'

@description('Public IPv4 addresses or ranges that may still reach storage and Key Vault when virtualNetworkEnabled is true: the people who operate it.')
@maxLength(200)
param allowedIpAddresses array = []

@description('Redundancy of the storage account. ZRS survives the loss of a zone; regions without zones need LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'

@description('Keep a deleted vault from being purged for 90 days. Cannot be turned off again once it is on.')
param keyVaultPurgeProtection bool = profile == 'prod'

@description('Days that logs and metrics are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = profile == 'prod' ? 90 : 30

@description('The most GB of logs taken in a day; -1 for no limit. Past it, nothing more is logged that day and no log alert can fire.')
@minValue(-1)
@maxValue(1000)
param logDailyCapGb int = profile == 'prod' ? 5 : 1

@description('Share of the traces that is kept. Metrics and logs are not thinned out by it.')
@allowed(['1.0', '0.5', '0.2', '0.1', '0.05', '0.01'])
param traceShare string = '1.0'

@description('Where alerts are mailed. Empty: the alerts fire in the portal only.')
@maxLength(254)
param alertEmail string = ''

@description('Alert when BigPanda\'s API key expires within so many days.')
@minValue(1)
@maxValue(90)
param alertKeyDays int = 7

@description('Alert when an event waits longer than this many seconds between its webhook and its application.')
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

@description('Bytes of webhooks over 64 KiB that an instance holds at once; further ones wait up to 8 seconds for their turn.')
@minValue(1048576)
@maxValue(1073741824)
param intakeMaxBytesInFlight int = 100663296

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

@description('The Entra object id of the group or person who operates the bridge: may read and change queues and read tables. Empty: whoever deploys.')
@maxLength(36)
param operatorPrincipalId string = ''

var token = toLower(uniqueString(resourceGroup().id, environmentName))
var allTags = union(tags, { 'azd-env-name': environmentName })

var workspaceName = 'log-bigpanda-${token}'
var applicationInsightsName = 'appi-bigpanda-${token}'
var serviceBusName = 'sb-bigpanda-${token}'
var virtualNetworkName = 'vnet-bigpanda-${token}'

var functionAppName = 'func-bigpanda-${token}'
var identityName = 'id-bigpanda-${token}'
var storageAccountName = 'st${token}'
var keyVaultName = 'kv-${token}'

// Names, not outputs or properties: what-if and validation pass over a module that waits for what Azure assigns.
var workspaceId = resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
var applicationInsightsId = resourceId('Microsoft.Insights/components', applicationInsightsName)
var serviceBusId = resourceId('Microsoft.ServiceBus/namespaces', serviceBusName)
var deploymentContainerName = 'app-package'
var subnetName = 'app'
var subnetId = virtualNetworkEnabled ? resourceId('Microsoft.Network/virtualNetworks/subnets', virtualNetworkName, subnetName) : ''

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: identityName
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
    accountName: storageAccountName
    skuName: storageSku
    deploymentContainerName: deploymentContainerName
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
    vaultName: keyVaultName
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
    identityName: identityName
    operatorPrincipalId: empty(operatorPrincipalId) ? deployer().objectId : operatorPrincipalId
    storageAccountName: storageAccountName
    serviceBusNamespaceName: serviceBusName
    keyVaultName: keyVaultName
    applicationInsightsName: applicationInsightsName
  }
  dependsOn: [identity, monitoring, storage, serviceBus, keyVault]
}

module functionApp 'modules/functionapp.bicep' = {
  name: 'functionapp-${token}'
  params: {
    location: location
    tags: allTags
    planName: 'plan-bigpanda-${token}'
    appName: functionAppName
    identityName: identityName
    storageAccountName: storageAccountName
    deploymentContainerName: deploymentContainerName
    serviceBusNamespaceName: serviceBusName
    keyVaultName: keyVaultName
    applicationInsightsName: applicationInsightsName
    traceShare: traceShare
    subnetId: subnetId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    siteUpdateStrategy: siteUpdateStrategy
    zoneRedundant: zoneRedundant
    // A single instance cannot be replaced without a pause.
    alwaysReadyHttp: siteUpdateStrategy == 'RollingUpdate' ? max(alwaysReadyHttp, 2) : alwaysReadyHttp
    alwaysReadyApply: alwaysReadyApply
    alwaysReadyAct: alwaysReadyAct
    sourcesPublicBaseUrl: sourcesPublicBaseUrl
    sourcesSilentAfterHours: sourcesSilentAfterHours
    sourcesRejectedBurst: sourcesRejectedBurst
    intakeMaxBodyBytes: intakeMaxBodyBytes
    intakeMaxBytesInFlight: intakeMaxBytesInFlight
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
    storageAccountId: resourceId('Microsoft.Storage/storageAccounts', storageAccountName)
    workspaceId: workspaceId
    applicationInsightsId: applicationInsightsId
  }
  dependsOn: [monitoring, serviceBus]
}

@description('The address of the HTTP API.')
output apiBaseUrl string = 'https://${functionApp.outputs.hostName}/api'

@description('The function app, which azd deploys to.')
output functionAppName string = functionAppName

@description('The Service Bus namespace.')
output serviceBusNamespaceName string = serviceBusName

@description('The storage account.')
output storageAccountName string = storageAccountName

@description('The Key Vault.')
output keyVaultName string = keyVaultName

@description('Application Insights, where the workbook and the log alerts are.')
output applicationInsightsName string = applicationInsightsName

@description('The identity the app runs as.')
output identityName string = identityName
