// The parameters azd uses. Values come from the environment: `azd env set NAME value`, or a shell's variables.
using './main.bicep'

var chosenProfile = readEnvironmentVariable('BRIDGE_PROFILE', 'dev')

param profile = chosenProfile
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
// A region without zones: ZONE_REDUNDANT false.
param zoneRedundant = chosenProfile == 'prod' && bool(readEnvironmentVariable('ZONE_REDUNDANT', 'true'))
param siteUpdateStrategy = readEnvironmentVariable('SITE_UPDATE_STRATEGY', 'Recreate')
param allowedIpAddresses = filter(split(readEnvironmentVariable('ALLOWED_IP_ADDRESSES', ''), ','), address => !empty(address))
param operatorPrincipalId = readEnvironmentVariable('OPERATOR_PRINCIPAL_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param bigPandaRegion = readEnvironmentVariable('BIGPANDA_REGION', 'us')
param bigPandaDefaultEnvironmentId = readEnvironmentVariable('BIGPANDA_DEFAULT_ENVIRONMENT_ID', '')
