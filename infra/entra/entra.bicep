metadata description = 'The app registration with which people sign in to the console. Separate from main.bicep: it needs rights in the directory.'

// Microsoft Graph's types are fetched when it is compiled; bicepconfig.json beside this file names them.
extension microsoftGraphV1

@description('Name of the deployed function app: the output functionAppName of main.bicep.')
@maxLength(60)
param functionAppName string

@description('Region of the identity.')
param location string = resourceGroup().location

@description('Tags of the identity.')
param tags object = {}

@description('Value of serviceManagementReference, which some tenants demand; empty for none.')
@maxLength(100)
param serviceManagementReference string = ''

// Values and ids never change: assignments of people name the id, the app the value.
var roles = [
  { id: '6f0f3c0e-6c0c-4b51-9d6d-0a3e4f7b1a01', value: 'Reader', description: 'Sees alerts, health and set-up; changes nothing.' }
  { id: '6f0f3c0e-6c0c-4b51-9d6d-0a3e4f7b1a02', value: 'Responder', description: 'Also resolves, comments, tries again and releases what the brake holds.' }
  { id: '6f0f3c0e-6c0c-4b51-9d6d-0a3e4f7b1a03', value: 'Admin', description: 'Also changes the set-up: keys, sources, tokens, replay.' }
]

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

// For sign-in alone: whoever holds it is the app registration. main.bicep finds it by this name.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: replace(functionAppName, 'func-', 'id-console-')
  location: location
  tags: tags
}

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: '${functionAppName}-console'
  displayName: 'BigPanda alert bridge (${functionAppName})'
  signInAudience: 'AzureADMyOrg'
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  api: { requestedAccessTokenVersion: 2 }
  web: {
    redirectUris: ['https://${app.properties.defaultHostName}/.auth/login/aad/callback']
    // The platform's sign-in asks for an id token, else Entra ID answers AADSTS700054.
    implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false }
  }
  appRoles: [
    for role in roles: {
      id: role.id
      value: role.value
      displayName: role.value
      description: role.description
      allowedMemberTypes: ['User']
      isEnabled: true
    }
  ]

  // In place of a client secret.
  resource credential 'federatedIdentityCredentials@v1.0' = {
    name: '${registration.uniqueName}/platform'
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identity.properties.principalId
    audiences: ['api://AzureADTokenExchange']
  }
}

resource enterpriseApplication 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: registration.appId
  // Only people with a role can sign in at all.
  appRoleAssignmentRequired: true
}

@description('The parameter consoleClientId of main.bicep.')
output consoleClientId string = registration.appId

@description('Object id of the enterprise application, where people get their roles.')
output enterpriseApplicationId string = enterpriseApplication.id
