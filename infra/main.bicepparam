// The parameters azd uses, and a development environment's otherwise. Values come from the environment (`azd env set NAME value`).
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param bigPandaRegion = readEnvironmentVariable('BIGPANDA_REGION', 'us')
param bigPandaDefaultEnvironmentId = readEnvironmentVariable('BIGPANDA_DEFAULT_ENVIRONMENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')

// Cheap, and easy to throw away and make again.
param storageSku = 'Standard_LRS'
param keyVaultPurgeProtection = false
param logDailyCapGb = 1
