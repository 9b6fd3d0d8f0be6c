metadata description = 'The optional virtual network: one subnet for the app\'s outgoing connections, which storage and Key Vault admit.'

@description('Region of the resources.')
param location string

@description('Tags of the resources.')
param tags object

@description('Whether to create the virtual network.')
param enabled bool

@description('Name of the virtual network.')
param virtualNetworkName string

@description('Its address range. The app\'s subnet uses all of it.')
param addressPrefix string

@description('Name of the app\'s subnet.')
param subnetName string

// A separate network, not a subnet of an existing one. No gateway or NAT: nothing needs a fixed outgoing address.
resource virtualNetwork 'Microsoft.Network/virtualNetworks@2025-05-01' = if (enabled) {
  name: virtualNetworkName
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: subnetName
        properties: {
          addressPrefix: addressPrefix
          serviceEndpoints: [
            { service: 'Microsoft.Storage' }
            { service: 'Microsoft.KeyVault' }
          ]
          // The delegation that Flex Consumption requires; other plans differ.
          delegations: [
            {
              name: 'flex-consumption'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
        }
      }
    ]
  }
}
