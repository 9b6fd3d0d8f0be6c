// Parameters for azd. Values come from `azd env set NAME value` or from environment variables.
using './main.bicep'

var chosenProfile = readEnvironmentVariable('BRIDGE_PROFILE', 'dev')

param profile = chosenProfile
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
// For a region without zones set ZONE_REDUNDANT to false.
param zoneRedundant = chosenProfile == 'prod' && bool(readEnvironmentVariable('ZONE_REDUNDANT', 'true'))
param siteUpdateStrategy = readEnvironmentVariable('SITE_UPDATE_STRATEGY', 'Recreate')
param allowedIpAddresses = filter(split(readEnvironmentVariable('ALLOWED_IP_ADDRESSES', ''), ','), address => !empty(address))
param operatorPrincipalId = readEnvironmentVariable('OPERATOR_PRINCIPAL_ID', '')
param consoleClientId = readEnvironmentVariable('CONSOLE_CLIENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param bigPandaRegion = readEnvironmentVariable('BIGPANDA_REGION', 'us')
// off, shadow or on.
param pagerDutyMode = readEnvironmentVariable('PAGERDUTY_MODE', 'off')
param pagerDutyRegion = readEnvironmentVariable('PAGERDUTY_REGION', 'us')
param bigPandaDefaultEnvironmentId = readEnvironmentVariable('BIGPANDA_DEFAULT_ENVIRONMENT_ID', '')
