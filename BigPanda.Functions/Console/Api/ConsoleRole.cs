namespace BigPanda.Functions.Console.Api;

/// <summary>The app roles of the app registration, by their values. Each may do what the ones before it may.</summary>
internal enum ConsoleRole
{
    /// <summary>Sees everything, changes nothing.</summary>
    Reader = 1,

    /// <summary>Also resolves, comments, tries again and releases what the brake holds.</summary>
    Responder = 2,

    /// <summary>Also sets the bridge up: keys, sources, tokens, replay.</summary>
    Admin = 3,
}

/// <summary>What each operation of the API needs in the console, by its function's name. One that is not entered is not open to the console.</summary>
internal static class ConsoleRoles
{
    private static readonly string[] Readers =
    [
        "ExplainAlert", "GetAlert", "GetBrake", "GetConnection", "GetMonitorConnection", "GetPagerDuty", "GetReconciler", "GetSource", "ListAlertRows",
        "ListAlerts", "ListAudit", "ListDeadLetters", "ListSources", "Ready", "ReportPages",
        // They say what would be sent, and send nothing.
        "PreviewMonitorAlert", "PreviewPage",
    ];

    private static readonly string[] Responders = ["CommentAlert", "ReleaseBrake", "ResolveAlert", "RetryAction"];

    private static readonly string[] Admins =
    [
        "AddSourceToken", "ChangeSource", "CreateSource", "DeleteConnection", "DeleteMonitorConnection", "DeletePagerDuty", "DeleteSource",
        "DeleteSourceToken", "EnablePagerDutySubscription", "ProbeConnection", "PutConnection", "PutMonitorConnection", "PutPagerDuty", "RebuildAlert",
        "RemoveDeliveries", "ReplayDeadLetters", "RunReconciler", "TestPagerDuty",
    ];

    /// <summary>Every name that is entered; a test compares them with the compiled functions.</summary>
    public static IEnumerable<string> Names => [.. Readers, .. Responders, .. Admins];

    public static ConsoleRole? Of(string function) =>
        Readers.Contains(function) ? ConsoleRole.Reader
        : Responders.Contains(function) ? ConsoleRole.Responder
        : Admins.Contains(function) ? ConsoleRole.Admin
        : null;
}
