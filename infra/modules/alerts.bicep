metadata description = 'The alerts. docs/operations.md says what each means and what to do.'

@description('Region of the log alerts.')
param location string

@description('Tags of the alerts.')
param tags object

@description('Suffix of the alerts\' names.')
param nameSuffix string

@description('Mail address for alerts; empty for none.')
param email string

@description('The Service Bus namespace.')
param serviceBusNamespaceId string

@description('The Application Insights component.')
param applicationInsightsId string

@description('Alert when an event is applied more than this many seconds after its webhook.')
@minValue(5)
param lagSeconds int

@description('Alert when a queue has more messages than this.')
@minValue(1)
param backlogMessages int

@description('Alert when the API key expires within this many days.')
@minValue(1)
param keyDays int

@description('Id of the app whose platform authenticates people; empty when it does not.')
param authenticatedAppId string

// Metric alerts: the namespace does not send dead letters and waiting messages to a workspace, so queries cannot see them.
var queueAlerts = [
  {
    name: 'dead-letters'
    description: 'A message is in a dead-letter queue: an event was not applied or an action not done. Fix the cause, then re-send it.'
    severity: 1
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'backlog'
    description: 'Messages are waiting in a queue. Check storage and the app with GET /api/health/ready.'
    severity: 2
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: backlogMessages
    window: 'PT15M'
  }
]

// The app's metrics can arrive some minutes late, so each window is longer than the evaluation interval.
var logAlerts = [
  {
    name: 'webhooks-not-stored'
    description: 'Webhooks got 503: queue or storage did not accept them. BigPanda documents no retry, so compare its open incidents with the firing alerts.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.webhooks" and tostring(customDimensions.outcome) == "unavailable" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'webhooks-lost'
    description: 'Alerts did not agree with BigPanda or PagerDuty: their webhooks did not arrive. GET /api/reconciler lists them and what was done.'
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
    query: 'customMetrics | where name == "bigpanda.reconciler.differences" and tostring(customDimensions.kind) in ("newLost", "closeLost", "reopenLost", "gone", "pageResolved", "pageAcknowledged") | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'pages-failed'
    description: 'PagerDuty refused a page, or all attempts failed. The alert\'s pagerDuty.lastError says why; its message is in the dead-letter queue.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions" and tostring(customDimensions.action) startswith "page" and tostring(customDimensions.result) == "failed" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'pagerduty-webhooks-off'
    description: 'PagerDuty has disabled a webhook subscription, or a person has: what people do there is not seen. Enable it with POST /api/pagerduty/subscription.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.pagerduty.subscriptions_disabled" | top 1 by timestamp desc | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'actions-failed'
    description: 'An action in BigPanda failed for good. The alert\'s bigPanda.lastError says why; its message is in the dead-letter queue.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions" and tostring(customDimensions.action) !startswith "page" and tostring(customDimensions.result) == "failed" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'actions-parked'
    description: 'A vendor rejects its key, or no environment is known. Actions are parked. GET /api/health/ready says which; store a valid key.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions.parked" | top 1 by timestamp desc | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'brake-engaged'
    description: 'More closes or pages were requested in ten minutes than the brake allows: they are held. See who caused them with GET /api/brake, then release or drop them with POST /api/brake/release.'
    severity: 0
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.actions.held" | summarize arg_max(timestamp, valueSum) by tostring(customDimensions.kind) | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'monitor-alerts-waiting'
    description: 'Monitors\' alerts have been waiting for BigPanda for more than 15 minutes: it refuses the keys of a source, is unavailable, or more come than it takes.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.monitor_alerts.waiting" | top 1 by timestamp desc | summarize Value = max(valueMax)'
    operator: 'GreaterThan'
    threshold: 900
  }
  {
    name: 'monitor-alerts-refused'
    description: 'Monitors\' alerts have been refused again and again, by the bridge as invalid or by BigPanda: they do not become incidents. The log names source and reason.'
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
    query: 'customMetrics | where name == "bigpanda.monitor_alerts" and tostring(customDimensions.outcome) in ("refused", "invalid") and valueSum > 0 | summarize Value = todouble(dcount(bin(timestamp, 5m)))'
    operator: 'GreaterThan'
    // In three of six spans of five minutes: one bad alert is the sender's to see, in the response.
    threshold: 2
  }
  {
    name: 'late'
    description: 'An event was applied too long after its webhook.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.lag" and tostring(customDimensions.stage) == "apply" | summarize Value = max(valueMax)'
    operator: 'GreaterThan'
    threshold: lagSeconds
  }
  {
    name: 'not-applied'
    description: 'Webhooks are accepted but not applied: the newest applied one is more than 15 minutes older than the newest accepted one.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    // Measured every five minutes. One value can be large after a quiet time; a repeat that the broker drops stays below ten minutes.
    query: 'customMetrics | where name == "bigpanda.apply.behind" | summarize Least = min(valueSum), Times = dcount(bin(timestamp, 5m)) | summarize Value = sumif(Least, Times > 1)'
    operator: 'GreaterThan'
    threshold: 900
  }
  {
    name: 'webhooks-unauthorized'
    description: 'Webhooks have an invalid token or signature: the vendor has another one, or an unknown caller guesses. Compare with GET /api/sources, /api/pagerduty.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.webhooks" and tostring(customDimensions.outcome) == "unauthorized" | summarize Value = sum(valueSum)'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'functions-failing'
    description: 'Function executions throw exceptions. Outages of storage, vault or BigPanda do not throw, so this is a defect or missing setting.'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: 'exceptions | summarize Value = todouble(count())'
    operator: 'GreaterThan'
    threshold: 5
  }
  {
    name: 'not-ready'
    description: 'A dependency has failed for 15 minutes; or there are no measurements, because the app is down. Check GET /api/health/ready.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: 'customMetrics | where name == "bigpanda.ready" | summarize Ready = max(valueSum) by tostring(customDimensions.dependency) | summarize Value = coalesce(min(Ready), 0.0)'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'key-expires'
    description: 'The BigPanda API key expires soon or has expired: closes will be parked. Store a new key with PUT /api/connection.'
    severity: 2
    every: 'PT1H'
    // Measured once an hour.
    window: 'PT2H'
    query: 'customMetrics | where name == "bigpanda.key.days_left" | top 1 by timestamp desc | summarize Value = todouble(countif(valueSum <= ${keyDays}))'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'source-silent'
    description: 'A source has had no webhook for longer than its silentAfterHours, or Sources__SilentAfterHours. GET /api/health/ready names it.'
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

// What the platform refuses never reaches the app, so no telemetry of the app has it. The site's own metric counts every 401, also the app's: when
// webhooks-unauthorized does not fire with it, the platform refuses webhooks. HTTP logs would name the path, but each request would be billed.
resource onPlatformRefusals 'Microsoft.Insights/metricAlerts@2026-01-01' = if (!empty(authenticatedAppId)) {
  name: 'platform-unauthorized-${nameSuffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Many requests got 401. Without the alert webhooks-unauthorized the platform refuses them, perhaps webhooks: docs/deploy.md, Sign-in with Entra ID.'
    severity: 1
    enabled: true
    scopes: [authenticatedAppId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'platform-unauthorized'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http401'
          operator: 'GreaterThan'
          threshold: 10
          timeAggregation: 'Total'
          // A plan that does not have the metric must not fail the deployment.
          skipMetricValidation: true
        }
      ]
    }
    actions: [{ actionGroupId: actionGroup.id }]
  }
}

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
      // Validation fails for tables that do not exist yet; they are created with the first telemetry.
      skipQueryValidation: true
      autoMitigate: true
      actions: { actionGroups: [actionGroup.id] }
    }
  }
]
