namespace BigPanda.Functions.Monitors.Formats.Azure;

/// <summary>Tells which kind an alert is.</summary>
internal static class AzureKinds
{
    public static AzureKind Unknown { get; } = new("unknown") { Identity = alert => [[alert.RuleKey], alert.TargetKeys] };

    public static IReadOnlyList<AzureKind> All { get; } =
    [
        AzureConditions.Metric, AzureConditions.Log, AzureConditions.SimpleLog, AzureOldLogs.Kind, AzurePrometheus.Kind,
        AzureHealth.Service, AzureHealth.Resource, AzureEvents.Administrative, AzureEvents.Other, AzureSmartDetection.Kind, AzureBudgets.Kind, Unknown,
    ];

    /// <summary>By the service's name, whose spelling varies; by what the context holds when the name does not decide.</summary>
    public static AzureKind Of(AzureAlert alert)
    {
        var service = string.Concat((alert.Essentials.Service ?? "").Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return service switch
        {
            "servicehealth" => AzureHealth.Service,
            "resourcehealth" => AzureHealth.Resource,
            "prometheus" => AzurePrometheus.Kind,
            "smartdetector" => AzureSmartDetection.Kind,
            "costalerts" => AzureBudgets.Kind,
            "simplelogalert" => AzureConditions.SimpleLog,
            "logalertsv2" => AzureConditions.Log,
            "loganalytics" or "applicationinsights" => AzureOldLogs.Kind,
            "activitylogadministrative" => AzureEvents.Administrative,
            _ when service.StartsWith("activitylog", StringComparison.Ordinal) => AzureEvents.Other,
            _ => ByContext(alert.Context) ?? (service == "platform" ? AzureConditions.Metric : Unknown),
        };
    }

    private static AzureKind? ByContext(AzureContext context)
    {
        if (context["SearchQuery"] is not null) return AzureOldLogs.Kind;
        if (context.Conditions.Count > 0) return context["conditionType"] == "LogQueryCriteria" ? AzureConditions.Log : AzureConditions.Metric;
        if (context["expression"] is not null) return AzurePrometheus.Kind;
        if (context["SmartDetectorId"] is not null) return AzureSmartDetection.Kind;
        if (context.Budget.Count > 0) return AzureBudgets.Kind;
        return context["operationName"] is not null ? AzureEvents.Other : null;
    }
}
