metadata name = 'BigPanda alert bridge'
metadata description = 'All resources of the bridge, in one resource group. Stores no key, token or connection string.'

// Scoped to a resource group, so that a deployment needs rights on this group only. azd asks for the group, or takes AZURE_RESOURCE_GROUP.
targetScope = 'resourceGroup'

@description('Region of all resources. It must offer Flex Consumption: az functionapp list-flexconsumption-locations.')
param location string = resourceGroup().location

@description('Name of the environment, for example dev or prod. Part of every resource name: a different value creates a separate set of resources.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Defaults of the parameters below. prod: no cold start, virtual network, zones, recoverable deletes, 90 days of logs. dev: cheap, easy to delete.')
@allowed(['dev', 'prod'])
param profile string = 'prod'

@description('Tags of every resource, for example { costCenter: \'1234\' }.')
param tags object = {}

@description('Memory of an instance in MB; 2048 comes with one core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Maximum number of instances of each scale group. Regions have different minimums; 40 is valid in all.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances kept warm for HTTP. 0: the first webhook after a pause waits for a cold start. At least 2 with siteUpdateStrategy RollingUpdate.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttp int = profile == 'prod' ? 1 : 0

@description('Instances kept warm for applying events. 0 scales to zero: the first event after a pause can wait a minute or two.')
@minValue(0)
@maxValue(20)
param alwaysReadyApply int = profile == 'prod' ? 1 : 0

@description('Instances kept warm for actions in BigPanda.')
@minValue(0)
@maxValue(20)
param alwaysReadyAct int = 0

@description('Instances kept warm for pages, with pagerDutyMode shadow or on. 0: the first page after a pause can wait a minute or two.')
@minValue(0)
@maxValue(20)
param alwaysReadyPage int = profile == 'prod' ? 1 : 0

@description('Instances kept warm for what people do in PagerDuty, with pagerDutyMode shadow or on.')
@minValue(0)
@maxValue(20)
param alwaysReadyCorrelate int = 0

@description('Instances kept warm for monitors\' alerts. 0: the first alert after a pause can take a minute or two to BigPanda.')
@minValue(0)
@maxValue(20)
param alwaysReadyRelay int = 0

@description('How a deployment or new setting replaces instances. Recreate stops all first and loses webhooks meanwhile; RollingUpdate (preview) uses batches.')
@allowed(['Recreate', 'RollingUpdate'])
param siteUpdateStrategy string = 'Recreate'

@description('Zone redundancy (az functionapp list-flexconsumption-locations --zone-redundant=true). Every scale group then bills two instances or more.')
param zoneRedundant bool = profile == 'prod'

@description('Run the app in a virtual network; storage and Key Vault then admit only it and allowedIpAddresses. Service Bus Standard has no network rules.')
param virtualNetworkEnabled bool = profile == 'prod'

@description('Address range of the virtual network, /24 or larger. Used when virtualNetworkEnabled is true.')
@minLength(9)
@maxLength(18)
param virtualNetworkAddressPrefix string = '10.60.0.0/24'

@description('Public IPv4 addresses or ranges, such as the operators\', that may reach storage and Key Vault when virtualNetworkEnabled is true.')
@maxLength(200)
param allowedIpAddresses array = []

@description('Redundancy of the storage account. ZRS survives the loss of a zone; a region without zones needs LRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'

@description('Prevent purging a deleted vault for 90 days. Cannot be turned off once it is on.')
param keyVaultPurgeProtection bool = profile == 'prod'

@description('Retention of logs and metrics in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = profile == 'prod' ? 90 : 30

@description('Daily limit of logs in GB; -1 for no limit. Beyond it nothing is logged that day and no log alert can fire.')
@minValue(-1)
@maxValue(1000)
param logDailyCapGb int = profile == 'prod' ? 5 : 1

@description('Share of traces to keep. Does not affect metrics and logs.')
@allowed(['1.0', '0.5', '0.2', '0.1', '0.05', '0.01'])
param traceShare string = '1.0'

@description('Mail address for alerts. Empty: alerts show in the portal only.')
@maxLength(254)
param alertEmail string = ''

@description('Alert when the BigPanda API key expires within this many days.')
@minValue(1)
@maxValue(90)
param alertKeyDays int = 7

@description('Alert when an event is applied more than this many seconds after its webhook.')
@minValue(5)
@maxValue(86400)
param alertLagSeconds int = 120

@description('Alert when one queue has more messages than this for 15 minutes.')
@minValue(1)
@maxValue(10000000)
param alertBacklogMessages int = 1000

@description('Base address of callback URLs, such as https://alerts.example.com. Empty: the app\'s address.')
@maxLength(2000)
param sourcesPublicBaseUrl string = ''

@description('Hours without a webhook after which a source counts as silent and an alert fires.')
@minValue(1)
@maxValue(720)
param sourcesSilentAfterHours int = 24

@description('Number of rejected webhooks within two hours that is reported as a burst.')
@minValue(1)
@maxValue(1000000)
param sourcesRejectedBurst int = 20

@description('Size limit of a webhook in bytes.')
@minValue(1024)
@maxValue(33554432)
param intakeMaxBodyBytes int = 8388608

@description('Memory of an instance for webhooks over 64 KiB, each of which takes twice its size; further ones wait while others are stored.')
@minValue(1048576)
@maxValue(1073741824)
param intakeMaxBytesInFlight int = 100663296

@description('on: closes, comments and callbacks are sent to BigPanda. shadow: the timeline shows what would be sent. off: neither.')
@allowed(['off', 'shadow', 'on'])
param bigPandaMode string = 'on'

@description('Region of the BigPanda organisation.')
@allowed(['us', 'eu'])
param bigPandaRegion string = 'us'

@description('BigPanda API address to use instead of the region\'s; https. Empty: the region\'s.')
@maxLength(2000)
param bigPandaApiBaseUrl string = ''

@description('BigPanda environment for actions when a webhook names none. Empty: such actions are parked.')
@maxLength(200)
param bigPandaDefaultEnvironmentId string = ''

// A string, because Bicep has no fractional numbers.
@description('Calls to BigPanda per second, for all instances together. BigPanda allows 5 per token.')
@allowed(['0.5', '1', '2', '3', '4', '4.5', '5'])
param bigPandaCallsPerSecond string = '4'

@description('Seconds to wait for a response from BigPanda.')
@minValue(1)
@maxValue(60)
param bigPandaTimeoutSeconds int = 15

@description('on: pages are sent to PagerDuty. shadow: the timeline shows what would be sent. off: PagerDuty is neither read nor called.')
@allowed(['off', 'shadow', 'on'])
param pagerDutyMode string = 'off'

@description('Service region of the PagerDuty account.')
@allowed(['us', 'eu'])
param pagerDutyRegion string = 'us'

@description('Address of PagerDuty\'s Events API to use instead of the region\'s; https. Empty: the region\'s.')
@maxLength(2000)
param pagerDutyEventsBaseUrl string = ''

@description('Address of PagerDuty\'s REST API to use instead of the region\'s; https. Empty: the region\'s.')
@maxLength(2000)
param pagerDutyRestBaseUrl string = ''

@description('Header of a BigPanda webhook that names the tag with the routing key; begins with x-bp-.')
@maxLength(100)
param pagerDutyKeyTagHeader string = 'x-bp-config-pdfield'

@description('Header that maps tags to PagerDuty\'s fields; begins with x-bp-.')
@maxLength(100)
param pagerDutyMappingHeader string = 'x-bp-mapping-fields'

@description('Beginning of headers that name the tag of one field; begins with x-bp-.')
@maxLength(100)
param pagerDutyFieldHeaderPrefix string = 'x-bp-field-'

@description('Events per minute for each routing key, for all instances together. PagerDuty allows about 120, more on request.')
@minValue(1)
@maxValue(10000)
param pagerDutyEventsPerMinute int = 120

@description('REST calls per minute, for all instances together. PagerDuty allows 960 per key.')
@minValue(1)
@maxValue(960)
param pagerDutyRestCallsPerMinute int = 900

@description('Seconds to wait for a response from PagerDuty.')
@minValue(1)
@maxValue(60)
param pagerDutyTimeoutSeconds int = 15

@description('Seconds after an accepted trigger or resolve until the incident is looked for in PagerDuty.')
@minValue(1)
@maxValue(3600)
param pagerDutyVerifyAfterSeconds int = 10

@description('Monitors\' alerts per minute to BigPanda for each organisation token, for all instances together. BigPanda takes a few hundred.')
@minValue(1)
@maxValue(10000)
param monitorsAlertsPerMinute int = 300

@description('Minutes within which a monitor\'s alert equal to the last one is not sent again. 0: it always is.')
@minValue(0)
@maxValue(1440)
param monitorsRepeatMinutes int = 10

@description('Seconds to wait for the closing webhook before checking the incident with BigPanda.')
@minValue(1)
@maxValue(3600)
param resolutionVerifyAfterSeconds int = 120

@description('More closes than this in ten minutes are held until a person decides; 0: never.')
@minValue(0)
@maxValue(1000000)
param brakeCloses int = 6000

@description('More pages than this in ten minutes are held until a person decides; 0: never.')
@minValue(0)
@maxValue(1000000)
param brakePages int = 2000

@description('What the reconciler does with alerts that do not agree with BigPanda: on repairs them, dryRun reports them, off does not look.')
@allowed(['on', 'dryRun', 'off'])
param reconcilerMode string = 'on'

@description('The name by which activities in BigPanda show shares with this app, as a dry run of the reconciler reports it: alerts that are missing are created. Empty: none is.')
@maxLength(200)
param reconcilerCreateFor string = ''

@description('Minutes from one run of the reconciler to the next.')
@minValue(1)
@maxValue(1440)
param reconcilerIntervalMinutes int = 5

@description('Days that applied deliveries are kept, so that an alert can be folded again from them. 0 keeps none.')
@minValue(0)
@maxValue(365)
param deliveriesKeptDays int = 14

@description('Names of JSON members, separated by commas, that are not kept with applied deliveries: removed at any depth, in any case.')
@maxLength(4000)
param deliveriesMembersNotKept string = ''

@description('Retention of resolved alerts in days.')
@minValue(1)
@maxValue(3650)
param retentionResolvedDays int = 90

@description('Retention of the audit trail in days.')
@minValue(1)
@maxValue(3650)
param retentionAuditDays int = 365

@description('Number of latest timeline rows to keep for a firing alert.')
@minValue(100)
@maxValue(100000)
param retentionTimelineRows int = 1000

@description('Client id of the app registration with which people sign in to the console (infra/entra). Empty: they sign in with a function key.')
@maxLength(36)
param consoleClientId string = ''

@description('Entra object id of the operators\' group or person: may read and change queues, and read tables. Empty: the deploying identity.')
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
// infra/entra/entra.bicep creates it.
var consoleIdentityName = 'id-console-bigpanda-${token}'
var storageAccountName = 'st${token}'
var keyVaultName = 'kv-${token}'

// Names, not outputs or properties: what-if and validation skip a module that needs values that Azure assigns.
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
    // Replacing a single instance would cause a gap.
    alwaysReadyHttp: siteUpdateStrategy == 'RollingUpdate' ? max(alwaysReadyHttp, 2) : alwaysReadyHttp
    alwaysReadyApply: alwaysReadyApply
    alwaysReadyAct: alwaysReadyAct
    alwaysReadyPage: alwaysReadyPage
    alwaysReadyCorrelate: alwaysReadyCorrelate
    alwaysReadyRelay: alwaysReadyRelay
    sourcesPublicBaseUrl: sourcesPublicBaseUrl
    sourcesSilentAfterHours: sourcesSilentAfterHours
    sourcesRejectedBurst: sourcesRejectedBurst
    intakeMaxBodyBytes: intakeMaxBodyBytes
    intakeMaxBytesInFlight: intakeMaxBytesInFlight
    bigPandaMode: bigPandaMode
    bigPandaRegion: bigPandaRegion
    bigPandaApiBaseUrl: bigPandaApiBaseUrl
    bigPandaDefaultEnvironmentId: bigPandaDefaultEnvironmentId
    bigPandaCallsPerSecond: bigPandaCallsPerSecond
    bigPandaTimeoutSeconds: bigPandaTimeoutSeconds
    pagerDutyMode: pagerDutyMode
    pagerDutyRegion: pagerDutyRegion
    pagerDutyEventsBaseUrl: pagerDutyEventsBaseUrl
    pagerDutyRestBaseUrl: pagerDutyRestBaseUrl
    pagerDutyKeyTagHeader: pagerDutyKeyTagHeader
    pagerDutyMappingHeader: pagerDutyMappingHeader
    pagerDutyFieldHeaderPrefix: pagerDutyFieldHeaderPrefix
    pagerDutyEventsPerMinute: pagerDutyEventsPerMinute
    pagerDutyRestCallsPerMinute: pagerDutyRestCallsPerMinute
    pagerDutyTimeoutSeconds: pagerDutyTimeoutSeconds
    pagerDutyVerifyAfterSeconds: pagerDutyVerifyAfterSeconds
    monitorsAlertsPerMinute: monitorsAlertsPerMinute
    monitorsRepeatMinutes: monitorsRepeatMinutes
    brakeCloses: brakeCloses
    brakePages: brakePages
    reconcilerMode: reconcilerMode
    reconcilerCreateFor: reconcilerCreateFor
    reconcilerIntervalMinutes: reconcilerIntervalMinutes
    resolutionVerifyAfterSeconds: resolutionVerifyAfterSeconds
    deliveriesKeptDays: deliveriesKeptDays
    deliveriesMembersNotKept: deliveriesMembersNotKept
    retentionResolvedDays: retentionResolvedDays
    retentionAuditDays: retentionAuditDays
    retentionTimelineRows: retentionTimelineRows
    consoleClientId: consoleClientId
    consoleIdentityName: consoleIdentityName
  }
  // The app needs these roles for its package and leases as soon as it exists.
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
    authenticatedAppId: empty(consoleClientId) ? '' : resourceId('Microsoft.Web/sites', functionAppName)
  }
  dependsOn: [monitoring, serviceBus, functionApp]
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

@description('Address of the HTTP API.')
output apiBaseUrl string = 'https://${functionApp.outputs.hostName}/api'

@description('Name of the function app, to which azd deploys.')
output functionAppName string = functionAppName

@description('Name of the Service Bus namespace.')
output serviceBusNamespaceName string = serviceBusName

@description('Name of the storage account.')
output storageAccountName string = storageAccountName

@description('The Key Vault.')
output keyVaultName string = keyVaultName

@description('Name of Application Insights, which has the workbook and the log alerts.')
output applicationInsightsName string = applicationInsightsName

@description('The app\'s identity.')
output identityName string = identityName
