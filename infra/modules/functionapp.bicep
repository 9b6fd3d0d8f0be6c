metadata description = 'The plan, the function app and its settings.'

@description('Where the app is created.')
param location string

@description('Tags of the plan and the app.')
param tags object

@description('Name of the plan. A Flex Consumption plan hosts one app.')
param planName string

@description('Name of the app.')
param appName string

@description('The identity the app runs as.')
param identityName string

@description('The storage account: the Functions host\'s, the package\'s and the bridge\'s tables.')
param storageAccountName string

@description('The blob container that holds the app\'s package.')
param deploymentContainerName string

@description('The Service Bus namespace.')
param serviceBusNamespaceName string

@description('The vault.')
param keyVaultName string

@description('The Application Insights component.')
param applicationInsightsName string

@description('Share of the traces that is kept, 0 to 1.')
param traceShare string

@description('The subnet to send through; empty for none.')
param subnetId string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances of each scale group.')
param maximumInstanceCount int

@description('Recreate or RollingUpdate.')
param siteUpdateStrategy string

@description('Whether the instances are spread over zones.')
param zoneRedundant bool

@description('Instances kept warm for HTTP.')
@minValue(0)
param alwaysReadyHttp int

@description('Instances kept warm for ApplyAlertEvent.')
@minValue(0)
param alwaysReadyApply int

@description('Instances kept warm for ActInBigPanda.')
@minValue(0)
param alwaysReadyAct int

@description('The address that callback URLs begin with; empty for the app\'s own.')
param sourcesPublicBaseUrl string

@description('Hours without a webhook after which a source is reported as silent.')
param sourcesSilentAfterHours int

@description('Webhooks refused within two hours that are reported as a burst.')
param sourcesRejectedBurst int

@description('The largest webhook taken, in bytes.')
param intakeMaxBodyBytes int

@description('Bytes of webhooks over 64 KiB that an instance holds at once.')
param intakeMaxBytesInFlight int

@description('us or eu.')
param bigPandaRegion string

@description('An address to use instead of the region\'s; empty for none.')
param bigPandaApiBaseUrl string

@description('The BigPanda environment to act in when a webhook names none; empty for none.')
param bigPandaDefaultEnvironmentId string

@description('Calls a second to BigPanda.')
param bigPandaCallsPerSecond string

@description('Seconds to wait for an answer of BigPanda\'s.')
param bigPandaTimeoutSeconds int

@description('Seconds to wait for the closing webhook.')
param resolutionVerifyAfterSeconds int

@description('Days a resolved alert is kept.')
param retentionResolvedDays int

@description('Timeline rows kept of an alert that goes on firing.')
param retentionTimelineRows int

// HTTP functions scale as one group; every queue function scales alone and is named after itself.
var alwaysReady = filter(
  [
    { name: 'http', instanceCount: alwaysReadyHttp }
    { name: 'function:ApplyAlertEvent', instanceCount: alwaysReadyApply }
    { name: 'function:ActInBigPanda', instanceCount: alwaysReadyAct }
  ],
  group => group.instanceCount > 0
)

// What the Functions host and the Azure libraries read.
var hostSettings = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  ServiceBusConnection__credential: 'managedidentity'
  AZURE_CLIENT_ID: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // The exporter's own default keeps five traces a second.
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: traceShare
  // Without it the Service Bus client makes no spans, and a webhook's trace ends at the queue.
  AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE: 'true'
  // .NET 10 workers have been seen to die with a segmentation fault while a placeholder turns into the app
  // (azure-functions-dotnet-worker 3335). Cold starts take longer without placeholders; set it to 1 once that is closed.
  WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '0'
}

// What the app reads. The only list of it: a test holds it against the options classes, none missing and none beyond.
var appSettings = {
  ServiceBusConnection__fullyQualifiedNamespace: '${serviceBusNamespaceName}.servicebus.windows.net'
  ServiceBusConnection__clientId: identity.properties.clientId
  StorageConnection__tableServiceUri: 'https://${storageAccountName}.table.${environment().suffixes.storage}/'
  StorageConnection__clientId: identity.properties.clientId
  // The key is connected by a person after the deployment. Until then what is to be done in BigPanda is parked.
  KeyVaultUri: 'https://${keyVaultName}${environment().suffixes.keyvaultDns}/'
  Sources__PublicBaseUrl: sourcesPublicBaseUrl
  Sources__SilentAfterHours: string(sourcesSilentAfterHours)
  Sources__RejectedBurst: string(sourcesRejectedBurst)
  Intake__MaxBodyBytes: string(intakeMaxBodyBytes)
  Intake__MaxBytesInFlight: string(intakeMaxBytesInFlight)
  BigPanda__Region: bigPandaRegion
  BigPanda__ApiBaseUrl: bigPandaApiBaseUrl
  BigPanda__DefaultEnvironmentId: bigPandaDefaultEnvironmentId
  BigPanda__CallsPerSecond: bigPandaCallsPerSecond
  BigPanda__TimeoutSeconds: string(bigPandaTimeoutSeconds)
  Resolution__VerifyAfterSeconds: string(resolutionVerifyAfterSeconds)
  Retention__ResolvedDays: string(retentionResolvedDays)
  Retention__TimelineRows: string(retentionTimelineRows)
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: appName
  location: location
  // azd finds the app by its service's name in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'bridge' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageAccountName}.blob.${environment().suffixes.storage}/${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
      // A preview: the service takes it from API version 2024-11-01 on, the types do not have it yet.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: siteUpdateStrategy }
    }
    siteConfig: { minTlsVersion: '1.2' }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, appSettings)
}

// Deployment goes by identity, never by a publishing password.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noPublishingPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

@description('The app\'s host name.')
output hostName string = app.properties.defaultHostName
