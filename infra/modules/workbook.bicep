metadata description = 'The workbook: what a person on call asks, in that order.'

@description('Where the workbook is created.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Its name in the portal.')
param displayName string

@description('The Service Bus namespace.')
param serviceBusNamespaceId string

@description('The Application Insights component.')
param applicationInsightsId string

// The file is a workbook as the portal saves it, with a word in place of each resource.
var content = replace(
  replace(loadTextContent('../workbooks/bridge.json'), 'SERVICE_BUS_NAMESPACE_ID', serviceBusNamespaceId),
  'APPLICATION_INSIGHTS_ID',
  applicationInsightsId
)

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A name of its own that is the same in every deployment.
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
