// A production environment without azd. What differs from main.bicepparam with BRIDGE_PROFILE=prod is the environment's name.
using './main.bicep'
extends './main.bicepparam'

param profile = 'prod'
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param zoneRedundant = bool(readEnvironmentVariable('ZONE_REDUNDANT', 'true'))
