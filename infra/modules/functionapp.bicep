metadata description = 'The plan, the function app and its settings.'

@description('Region of the app.')
param location string

@description('Tags of the plan and the app.')
param tags object

@description('Name of the plan. A Flex Consumption plan hosts one app.')
param planName string

@description('Name of the app.')
param appName string

@description('Identity of the app.')
param identityName string

@description('Storage account of the Functions host, the package and the bridge\'s tables.')
param storageAccountName string

@description('Blob container of the app\'s package.')
param deploymentContainerName string

@description('The Service Bus namespace.')
param serviceBusNamespaceName string

@description('The vault.')
param keyVaultName string

@description('The Application Insights component.')
param applicationInsightsName string

@description('Share of traces to keep, 0 to 1.')
param traceShare string

@description('Subnet for outgoing connections; empty for none.')
param subnetId string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Maximum number of instances of each scale group.')
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

@description('Instances kept warm for ActInPagerDuty.')
@minValue(0)
param alwaysReadyPage int

@description('Instances kept warm for CorrelatePagerDutyEvent.')
@minValue(0)
param alwaysReadyCorrelate int

@description('Instances kept warm for SendAlerts.')
@minValue(0)
param alwaysReadyRelay int

@description('Base address of callback URLs; empty for the app\'s address.')
param sourcesPublicBaseUrl string

@description('Hours without a webhook after which a source counts as silent.')
param sourcesSilentAfterHours int

@description('Number of rejected webhooks within two hours that is reported as a burst.')
param sourcesRejectedBurst int

@description('Size limit of a webhook in bytes.')
param intakeMaxBodyBytes int

@description('Bytes of webhooks over 64 KiB that an instance holds at once.')
param intakeMaxBytesInFlight int

@description('Whether actions are sent to BigPanda: off, shadow or on.')
param bigPandaMode string

@description('us or eu.')
param bigPandaRegion string

@description('BigPanda API address to use instead of the region\'s; empty for none.')
param bigPandaApiBaseUrl string

@description('BigPanda environment for actions when a webhook names none; empty for none.')
param bigPandaDefaultEnvironmentId string

@description('Calls to BigPanda per second.')
param bigPandaCallsPerSecond string

@description('Seconds to wait for a response from BigPanda.')
param bigPandaTimeoutSeconds int

@description('Whether pages are sent to PagerDuty: off, shadow or on.')
param pagerDutyMode string

@description('us or eu.')
param pagerDutyRegion string

@description('Address of PagerDuty\'s Events API to use instead of the region\'s; empty for none.')
param pagerDutyEventsBaseUrl string

@description('Address of PagerDuty\'s REST API to use instead of the region\'s; empty for none.')
param pagerDutyRestBaseUrl string

@description('Header of a BigPanda webhook that names the tag with the routing key.')
param pagerDutyKeyTagHeader string

@description('Header that maps tags to PagerDuty\'s fields.')
param pagerDutyMappingHeader string

@description('Beginning of headers that name the tag of one field.')
param pagerDutyFieldHeaderPrefix string

@description('Events per minute for each routing key.')
param pagerDutyEventsPerMinute int

@description('REST calls per minute.')
param pagerDutyRestCallsPerMinute int

@description('Seconds to wait for a response from PagerDuty.')
param pagerDutyTimeoutSeconds int

@description('Seconds after an accepted trigger or resolve until the incident is looked for.')
param pagerDutyVerifyAfterSeconds int

@description('Monitors\' alerts per minute to BigPanda for each organisation token, for all instances together.')
param monitorsAlertsPerMinute int

@description('Minutes within which a monitor\'s alert equal to the last one is not sent again.')
param monitorsRepeatMinutes int

@description('Most closes in ten minutes that are not held.')
param brakeCloses int

@description('Most pages in ten minutes that are not held.')
param brakePages int

@description('What the reconciler does with differences.')
param reconcilerMode string

@description('The target of shares for which missing alerts are created.')
param reconcilerCreateFor string

@description('Minutes from one run of the reconciler to the next.')
param reconcilerIntervalMinutes int

@description('Seconds to wait for the closing webhook.')
param resolutionVerifyAfterSeconds int

@description('Days that applied deliveries are kept, so that an alert can be folded again from them. 0 keeps none.')
param deliveriesKeptDays int

@description('Names of JSON members, separated by commas, that are not kept with applied deliveries.')
param deliveriesMembersNotKept string

@description('Retention of resolved alerts in days.')
param retentionResolvedDays int

@description('Retention of the audit trail in days.')
param retentionAuditDays int

@description('Number of latest timeline rows to keep for a firing alert.')
param retentionTimelineRows int

@description('Client id of the app registration with which people sign in to the console; empty for a function key.')
param consoleClientId string

@description('Identity that stands in for the secret of that app registration.')
param consoleIdentityName string

// Without PagerDuty its queues are not even asked for messages.
var usesPagerDuty = pagerDutyMode != 'off'
var pagerDutyFunctions = ['ActInPagerDuty', 'CorrelatePagerDutyEvent']
var disabledFunctions = usesPagerDuty ? {} : toObject(pagerDutyFunctions, name => 'AzureWebJobs.${name}.Disabled', name => 'true')

// HTTP functions scale as one group; each queue function is a group with the function's name.
var alwaysReady = filter(
  [
    { name: 'http', instanceCount: alwaysReadyHttp }
    { name: 'function:ApplyAlertEvent', instanceCount: alwaysReadyApply }
    { name: 'function:ActInBigPanda', instanceCount: alwaysReadyAct }
    { name: 'function:ActInPagerDuty', instanceCount: usesPagerDuty ? alwaysReadyPage : 0 }
    { name: 'function:CorrelatePagerDutyEvent', instanceCount: usesPagerDuty ? alwaysReadyCorrelate : 0 }
    { name: 'function:SendAlerts', instanceCount: alwaysReadyRelay }
  ],
  group => group.instanceCount > 0
)

// People sign in through the platform's authentication (docs/deploy.md).
var usesEntra = !empty(consoleClientId)
var consoleIdentityId = resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', consoleIdentityName)
var signInSettings = usesEntra
  ? {
      // Named by clientSecretSettingName: with it the platform signs in as that identity, and there is no secret.
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: reference(consoleIdentityId, '2024-11-30').clientId
      WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId
    }
  : {}

// Settings of the Functions host and the Azure libraries.
var hostSettings = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  ServiceBusConnection__credential: 'managedidentity'
  AZURE_CLIENT_ID: identity.properties.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  // The exporter's default keeps five traces a second.
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: traceShare
  // Without it the Service Bus client creates no spans, and a webhook's trace ends at the queue.
  AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE: 'true'
  // .NET 10 workers can crash with a segmentation fault when a placeholder becomes the app
  // (azure-functions-dotnet-worker 3335). Cold starts are slower without placeholders; set it to 1 once that is fixed.
  WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED: '0'
}

// The app's settings. A test compares this list with the options classes.
var appSettings = {
  ServiceBusConnection__fullyQualifiedNamespace: '${serviceBusNamespaceName}.servicebus.windows.net'
  ServiceBusConnection__clientId: identity.properties.clientId
  StorageConnection__tableServiceUri: 'https://${storageAccountName}.table.${environment().suffixes.storage}/'
  StorageConnection__clientId: identity.properties.clientId
  // A person connects the API key after the deployment. Until then actions in BigPanda are parked.
  KeyVaultUri: 'https://${keyVaultName}${environment().suffixes.keyvaultDns}/'
  Sources__PublicBaseUrl: sourcesPublicBaseUrl
  Sources__SilentAfterHours: string(sourcesSilentAfterHours)
  Sources__RejectedBurst: string(sourcesRejectedBurst)
  Intake__MaxBodyBytes: string(intakeMaxBodyBytes)
  Intake__MaxBytesInFlight: string(intakeMaxBytesInFlight)
  BigPanda__Mode: bigPandaMode
  BigPanda__Region: bigPandaRegion
  BigPanda__ApiBaseUrl: bigPandaApiBaseUrl
  BigPanda__DefaultEnvironmentId: bigPandaDefaultEnvironmentId
  BigPanda__CallsPerSecond: bigPandaCallsPerSecond
  BigPanda__TimeoutSeconds: string(bigPandaTimeoutSeconds)
  PagerDuty__Mode: pagerDutyMode
  PagerDuty__Region: pagerDutyRegion
  PagerDuty__EventsBaseUrl: pagerDutyEventsBaseUrl
  PagerDuty__RestBaseUrl: pagerDutyRestBaseUrl
  PagerDuty__KeyTagHeader: pagerDutyKeyTagHeader
  PagerDuty__MappingHeader: pagerDutyMappingHeader
  PagerDuty__FieldHeaderPrefix: pagerDutyFieldHeaderPrefix
  PagerDuty__EventsPerMinute: string(pagerDutyEventsPerMinute)
  PagerDuty__RestCallsPerMinute: string(pagerDutyRestCallsPerMinute)
  PagerDuty__TimeoutSeconds: string(pagerDutyTimeoutSeconds)
  PagerDuty__VerifyAfterSeconds: string(pagerDutyVerifyAfterSeconds)
  Monitors__AlertsPerMinute: string(monitorsAlertsPerMinute)
  Monitors__RepeatMinutes: string(monitorsRepeatMinutes)
  Brake__Closes: string(brakeCloses)
  Brake__Pages: string(brakePages)
  Console__SignIn: usesEntra ? 'entra' : 'key'
  Console__TenantId: usesEntra ? tenant().tenantId : ''
  Reconciler__Mode: reconcilerMode
  Reconciler__CreateFor: reconcilerCreateFor
  Reconciler__IntervalMinutes: string(reconcilerIntervalMinutes)
  Resolution__VerifyAfterSeconds: string(resolutionVerifyAfterSeconds)
  Deliveries__KeptDays: string(deliveriesKeptDays)
  Deliveries__MembersNotKept: deliveriesMembersNotKept
  Retention__ResolvedDays: string(retentionResolvedDays)
  Retention__AuditDays: string(retentionAuditDays)
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
  // azd finds the app by the service's name in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'bridge' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union({ '${identity.id}': {} }, usesEntra ? { '${consoleIdentityId}': {} } : {})
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
      // Preview: the API accepts it from version 2024-11-01 on, but Bicep's types lack it.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: siteUpdateStrategy }
    }
    // BigPanda's Bash wrapper accepts only a response whose first line begins with HTTP/1 (docs/monitors.md).
    siteConfig: { minTlsVersion: '1.2', http20Enabled: false }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, appSettings, disabledFunctions, signInSettings)
}

// Always deployed, so that it is off again when the parameter is emptied.
resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: usesEntra, runtimeVersion: '~1' }
    // Webhooks and calls with a function key share the host name: the app decides, not the platform. The platform checks any bearer token that
    // it sees, and does not know a webhook's; the app reads no identity on an excluded path.
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
      excludedPaths: ['/api/webhooks/*', '/api/monitors/*', '/api/health', '/api/health/*', '/api/openapi.json']
    }
    httpSettings: { requireHttps: true, routes: { apiPrefix: '/.auth' }, forwardProxy: { convention: 'NoProxy' } }
    identityProviders: usesEntra
      ? {
          azureActiveDirectory: {
            enabled: true
            registration: {
              openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
              clientId: consoleClientId
              clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
            }
            validation: { allowedAudiences: [consoleClientId] }
          }
        }
      : {}
    login: {
      tokenStore: { enabled: false }
      // A removed role works until the session ends.
      cookieExpiration: { convention: 'FixedTime', timeToExpiration: '08:00:00' }
      nonce: { validateNonce: true, nonceExpirationInterval: '00:05:00' }
      preserveUrlFragmentsForLogins: false
    }
  }
  dependsOn: [settings]
}

// Deployments sign in with an identity, never with a publishing password.
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
