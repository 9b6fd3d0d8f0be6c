// A production environment without azd: main.bicepparam with BRIDGE_PROFILE=prod and a different environment name.
using './main.bicep'
extends './main.bicepparam'

param profile = 'prod'
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param zoneRedundant = bool(readEnvironmentVariable('ZONE_REDUNDANT', 'true'))
