metadata description = 'The optional virtual network: one subnet, which the app sends through and from which storage and Key Vault let it in.'

@description('Where the resources are created.')
param location string

@description('Tags of the resources.')
param tags object

@description('Whether there is a virtual network at all.')
param enabled bool

@description('Name of the virtual network.')
param virtualNetworkName string

@description('Its addresses. The app\'s subnet takes all of them.')
param addressPrefix string

@description('Name of the app\'s subnet.')
param subnetName string

// One of our own: it is not a subnet of a network that others plan. No gateway, no NAT: nothing here needs a fixed outgoing address.
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
          // What Flex Consumption asks for; other plans have another one.
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
