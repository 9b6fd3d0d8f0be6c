metadata description = 'The workbook: the questions of a person on call, in order.'

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Its name in the portal.')
param displayName string

@description('The Service Bus namespace.')
param serviceBusNamespaceId string

@description('The storage account.')
param storageAccountId string

@description('The Log Analytics workspace.')
param workspaceId string

@description('The Application Insights component.')
param applicationInsightsId string

// The file is a workbook as the portal saves it, with a placeholder for each resource.
var resourceIds = {
  SERVICE_BUS_NAMESPACE_ID: serviceBusNamespaceId
  STORAGE_ACCOUNT_ID: storageAccountId
  WORKSPACE_ID: workspaceId
  APPLICATION_INSIGHTS_ID: applicationInsightsId
}
var content = reduce(items(resourceIds), loadTextContent('../workbooks/bridge.json'), (text, resource) => replace(text, resource.key, resource.value))

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // Stable across deployments.
  name: guid(applicationInsightsId, 'bridge')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: applicationInsightsId
    serializedData: content
  }
}
