metadata description = 'The vault for the only secret, the BigPanda API key. The deployment stores nothing in it.'

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags object

@description('Name of the vault.')
param vaultName string

@description('Prevent purging the deleted vault. Cannot be turned off once it is on.')
param purgeProtection bool

@description('The only admitted subnet; empty for no network rules.')
param subnetId string

@description('Public addresses admitted as well.')
param allowedIpAddresses array

@description('Workspace for the log of every use of a secret.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Azure refuses false once it was true; null leaves it unchanged.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: empty(subnetId) ? 'Allow' : 'Deny'
      virtualNetworkRules: empty(subnetId) ? [] : [{ id: subnetId }]
      ipRules: [for address in (empty(subnetId) ? [] : allowedIpAddresses): { value: address }]
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}
