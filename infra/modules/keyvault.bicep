metadata description = 'The vault for the one secret there is: the BigPanda API key. The deployment puts nothing into it.'

@description('Where the vault is created.')
param location string

@description('Tags of the vault.')
param tags object

@description('Name of the vault.')
param vaultName string

@description('Keep the deleted vault from being purged. Cannot be turned off again.')
param purgeProtection bool

@description('The only subnet let in; empty for no network rules.')
param subnetId string

@description('Public addresses let in as well.')
param allowedIpAddresses array

@description('The workspace that every use of a secret is logged to.')
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
    // false is refused once it was true, null leaves it as it is.
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
