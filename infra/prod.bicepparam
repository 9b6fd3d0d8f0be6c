// A production environment's parameters. What differs from team to team comes from the environment; the rest is a sample to edit.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param bigPandaRegion = readEnvironmentVariable('BIGPANDA_REGION', 'us')
param bigPandaDefaultEnvironmentId = readEnvironmentVariable('BIGPANDA_DEFAULT_ENVIRONMENT_ID', '')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')

// No cold start: an incident usually comes after a pause.
param alwaysReadyHttp = 1
param alwaysReadyApply = 1
param storageSku = 'Standard_ZRS'
param keyVaultPurgeProtection = true
param virtualNetworkEnabled = true
param logRetentionDays = 90
param logDailyCapGb = 5
