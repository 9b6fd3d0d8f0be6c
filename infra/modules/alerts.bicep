metadata description = 'The alerts. docs/operations.md says of each what it means and what to do.'

@description('Where the log alerts are created.')
param location string

@description('Tags of the alerts.')
param tags object

@description('Last part of every alert\'s name.')
param nameSuffix string

@description('Where alerts are mailed; empty for nowhere.')
param email string

@description('The Service Bus namespace.')
param serviceBusNamespaceId string

@description('The Application Insights component.')
param applicationInsightsId string

@description('Seconds from webhook to application that are too many.')
@minValue(5)
param lagSeconds int

@description('Messages waiting in a queue that are too many.')
@minValue(1)
param backlogMessages int

@description('Days before the API key expires from which the alert fires.')
@minValue(1)
param keyDays int

// Dead letters and waiting messages are metrics only: the namespace does not send them to a workspace, so no query can see them.
var queueAlerts = [
  {
    name: 'dead-letters'
    description: 'A message is in a dead-letter queue: an event or an action is not done and will not be by itself.'
    severity: 1
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'backlog'
    description: 'A queue is not being worked off.'
    severity: 2
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: backlogMessages
    window: 'PT15M'
  }
]

// The numbers come from the app's meter and can take some minutes to arrive. A window longer than the time between two looks sees
// also what arrived after the first of them.
var logAlerts = [
  {
    name: 'webhooks-not-stored'
    description: 'Webhooks were answered 503: the queue or the storage did not take them. BigPanda documents no second delivery.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.webhooks" and tostring(customDimensions.outcome) == "unavailable" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'actions-failed'
    description: 'An action in BigPanda was given up. Its alert says why, and its message is in the dead-letter queue.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions" and tostring(customDimensions.result) == "failed" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'actions-parked'
    description: 'BigPanda does not accept the API key, or no environment is known: actions wait until that is fixed.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions.parked" | top 1 by timestamp desc | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'late'
    description: 'An event waited too long between its webhook and its application.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.lag" and tostring(customDimensions.stage) == "apply" | summarize Value = max(valueMax)'
    operator: 'GreaterThan'
    threshold: lagSeconds
  }
  {
    name: 'not-applied'
    description: 'Webhooks are accepted and none is applied: the newest applied one is more than a quarter of an hour older than the newest accepted one.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    // The app measures it every five minutes. One value can be large after a quiet time; a repeat that the broker drops stays below ten minutes.
    query: 'customMetrics | where name == "bigpanda.apply.behind" | summarize Least = min(valueSum), Times = dcount(bin(timestamp, 5m)) | summarize Value = sumif(Least, Times > 1)'
    operator: 'GreaterThan'
    threshold: 900
  }
  {
    name: 'webhooks-unauthorized'
    description: 'Webhooks come with a wrong token: BigPanda has another one, or someone is guessing.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.webhooks" and tostring(customDimensions.outcome) == "unauthorized" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'functions-failing'
    description: 'Executions end with an exception. An outage is not one: what waits for storage, the vault or BigPanda does not throw.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'exceptions | summarize Value = todouble(count())'
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'not-ready'
    description: 'A dependency has not answered for a quarter of an hour, or nothing is measured: then the app itself is down.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.ready" | summarize Ready = max(valueSum) by tostring(customDimensions.dependency) | summarize Value = coalesce(min(Ready), 0.0)'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'key-expires'
    description: 'BigPanda\'s API key expires soon, or has: closes will be parked.'
    severity: 2
    every: 'PT1H'
    // The app measures it once an hour.
    window: 'PT2H'
    query: 'customMetrics | where name == "bigpanda.key.days_left" | top 1 by timestamp desc | summarize Value = todouble(countif(valueSum <= ${keyDays}))'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'source-silent'
    description: 'A source has had no webhook for longer than Sources__SilentAfterHours.'
    severity: 3
    every: 'PT15M'
    window: 'PT30M'
    query: 'customMetrics | where name == "bigpanda.sources.silent" | top 1 by timestamp desc | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${nameSuffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'bigpanda'
    enabled: true
    emailReceivers: empty(email) ? [] : [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource onQueues 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in queueAlerts: {
    name: '${alert.name}-${nameSuffix}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [serviceBusNamespaceId]
      evaluationFrequency: 'PT1M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: 'Microsoft.ServiceBus/namespaces'
            metricName: alert.metric
            dimensions: [
              {
                name: 'EntityName'
                operator: 'Include'
                values: ['*']
              }
            ]
            operator: 'GreaterThan'
            threshold: alert.threshold
            timeAggregation: alert.aggregation
          }
        ]
      }
      actions: [{ actionGroupId: actionGroup.id }]
    }
  }
]

resource onLogs 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in logAlerts: {
    name: '${alert.name}-${nameSuffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'BigPanda bridge: ${alert.name}'
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [applicationInsightsId]
      evaluationFrequency: alert.every
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Total'
            metricMeasureColumn: 'Value'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      // A query over tables that nothing has been sent to yet fails validation; they appear with the first telemetry.
      skipQueryValidation: true
      autoMitigate: true
      actions: { actionGroups: [actionGroup.id] }
    }
  }
]
