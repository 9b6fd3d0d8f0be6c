namespace BigPanda.Functions.Tests.Structure;

/// <summary>
/// Who may reference whom, by the types that the compiler sees in a file. A folder that needs another one is entered here, or does
/// without it. The top of the app and the files named …Services compose, and may reference everything.
/// </summary>
public sealed class ReferenceTests
{
    /// <summary>The folders of stores and senders.</summary>
    private static readonly string[] AzureFolders = ["Storage", "Alerts/Storage", "Messaging", "Messaging/Payloads", "Messaging/Settling", "Messaging/Replay"];

    /// <summary>Stores, messages and checks elsewhere.</summary>
    private static readonly string[] AzureFiles =
    [
        "Outbox", "DeliveryKeeper", "KeptReader", "DeliveryExpiry", "DeliveryRemoval", "ExplainedRow", "ParkedActions",
        "SentCalls", "ApiCalls", "ActionMessages", "DeliveryMessages", "PagerDutyEventMessages", "RelayMessages", "RelayedAlertRow",
        "DependencyChecks",
    ];

    private static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        // The bottom: nothing of the app.
        ["Json"] = [],
        ["Storage"] = [],
        ["Http"] = ["Json", "Storage"],
        ["Telemetry"] = [],
        // Pure: the marks and their fold, the content, the decisions.
        ["Alerts/Rules/History"] = [],
        ["Alerts/Rules/Content"] = ["Json", "Alerts/Rules/History"],
        ["Alerts/Rules/Paging"] = ["Alerts/Rules/History", "Alerts/Rules/Content"],
        ["Alerts/Rules"] = ["Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging"],
        ["Alerts/Storage"] = ["Json", "Storage", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules"],
        // Messages carry events; the queue knows no vendor.
        ["Messaging"] = ["Json", "Telemetry", "Alerts/Rules/History", "Alerts/Rules"],
        ["Messaging/Settling"] = ["Storage", "Messaging"],
        ["Messaging/Replay"] = ["Messaging", "Messaging/Settling"],
        ["Messaging/Payloads"] = ["Storage", "Messaging", "Messaging/Settling", "Messaging/Replay"],
        // What every call out needs; it knows no vendor either.
        ["Outbound"] = [],
        ["Outbound/Credentials"] = ["Storage", "Telemetry", "Outbound"],
        ["Outbound/Limiter"] = ["Storage", "Outbound", "Outbound/Credentials"],
        ["Outbound/Calls"] = ["Outbound", "Outbound/Credentials", "Outbound/Limiter"],
        // A title template is checked by the code that fills it in, a format by the code that has the formats.
        ["Sources"] = ["Storage"],
        ["Sources/Traffic"] = ["Storage"],
        ["Sources/Gate"] = ["Storage", "Http", "Telemetry", "Sources", "Sources/Traffic"],
        ["Sources/Api"] = ["Http", "Alerts/Rules/Content", "Monitors/Formats", "Sources", "Sources/Traffic", "Sources/Gate"],
        // Around every function that changes something.
        ["Audit"] = ["Storage", "Http"],
        ["Audit/Api"] = ["Http", "Audit"],
        // Counts what is planned, and says whether it may be done; the runner holds it.
        ["Brake"] = ["Storage", "Alerts/Rules/Paging", "Alerts/Rules"],
        ["Brake/Api"] = ["Storage", "Http", "Brake", "Actions"],
        // One runner for every destination.
        ["Actions"] =
        [
            "Json", "Brake", "Storage", "Telemetry", "Alerts/Rules/Paging", "Alerts/Rules", "Messaging", "Messaging/Settling", "Messaging/Replay",
            "Outbound", "Outbound/Limiter",
        ],
        ["Alerts/Apply"] =
        [
            "Json", "Storage", "Telemetry", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules", "Alerts/Storage",
            "Messaging", "Messaging/Payloads", "Messaging/Settling", "Messaging/Replay", "Brake", "Actions",
        ],
        ["Alerts/Api"] =
        [
            "Json", "Storage", "Http", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Alerts/Apply",
            "Messaging",
        ],
        ["Console"] = ["Http"],
        // Why the alert is as it is, from what is stored.
        ["Alerts/Explaining"] =
        [
            "Json", "Http", "Alerts/Rules/History", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Alerts/Api", "Actions",
        ],
        // The alert again, from what its timeline keeps.
        ["Alerts/Rebuilding"] =
        [
            "Json", "Storage", "Http", "Alerts/Rules/Content", "Alerts/Rules", "Alerts/Storage", "Alerts/Apply", "Messaging",
            "Messaging/Payloads", "Actions",
        ],
        // A failed action again: above the replay of dead letters.
        ["Alerts/Retrying"] =
        [
            "Http", "Alerts/Rules/History", "Alerts/Rules", "Alerts/Storage", "Alerts/Api", "Alerts/Apply", "Alerts/Explaining", "Messaging",
            "Messaging/Settling", "Messaging/Replay", "Actions", "DeadLetters",
        ],
        // It finds the functions by their attributes.
        ["Console/Api"] = ["Json", "Http", "Audit"],
        // A vendor's wing; none sees another's.
        ["Vendors/BigPanda/Incidents"] = ["Json", "Alerts/Rules/Content"],
        ["Vendors/BigPanda/Webhook"] =
        [
            "Json", "Storage", "Http", "Alerts/Rules/Content", "Alerts/Rules", "Messaging",
            "Messaging/Payloads", "Sources", "Sources/Gate", "Vendors/BigPanda/Incidents",
        ],
        ["Vendors/BigPanda/Api"] = ["Json", "Telemetry", "Outbound", "Outbound/Calls", "Outbound/Credentials", "Outbound/Limiter"],
        ["Vendors/BigPanda/Actions"] =
        [
            "Json", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules", "Alerts/Storage", "Messaging", "Messaging/Settling", "Outbound",
            "Outbound/Credentials", "Outbound/Limiter", "Sources", "Sources/Gate", "Brake", "Actions", "Vendors/BigPanda/Api",
        ],
        ["Vendors/BigPanda/Connection"] =
        [
            "Storage", "Http", "Telemetry", "Actions", "Outbound", "Outbound/Credentials", "Vendors/BigPanda/Api", "Vendors/BigPanda/Actions",
        ],
        ["Reconciliation"] = ["Storage", "Http", "Telemetry", "Alerts/Rules/Content", "Alerts/Rules", "Messaging", "Outbound", "Outbound/Limiter"],
        ["Vendors/BigPanda/Reconciliation"] =
        [
            "Json", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules", "Alerts/Storage", "Messaging", "Messaging/Payloads", "Outbound",
            "Outbound/Credentials", "Outbound/Limiter", "Reconciliation", "Vendors/BigPanda/Incidents", "Vendors/BigPanda/Webhook", "Vendors/BigPanda/Api",
            "Vendors/BigPanda/Actions",
        ],
        ["Vendors/PagerDuty/Reconciliation"] =
        [
            "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Messaging", "Outbound", "Outbound/Limiter", "Reconciliation", "Vendors/PagerDuty/Api",
            "Vendors/PagerDuty/Events", "Vendors/PagerDuty/Pages", "Vendors/PagerDuty/Planning",
        ],
        ["Vendors/PagerDuty/Api"] = ["Json", "Alerts/Rules/Paging", "Outbound", "Outbound/Calls", "Outbound/Credentials", "Outbound/Limiter"],
        ["Vendors/PagerDuty/Planning"] =
        [
            "Json", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Messaging", "Actions", "Vendors/PagerDuty/Api",
        ],
        ["Vendors/PagerDuty/Events"] =
            ["Json", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Vendors/PagerDuty/Planning"],
        ["Vendors/PagerDuty/Pages"] =
        [
            "Storage", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Messaging", "Outbound/Credentials", "Vendors/PagerDuty/Api",
            "Vendors/PagerDuty/Planning", "Vendors/PagerDuty/Events",
        ],
        ["Vendors/PagerDuty/Webhook"] =
        [
            "Json", "Storage", "Http", "Telemetry", "Alerts/Rules/Content", "Alerts/Rules", "Messaging", "Messaging/Payloads", "Outbound/Credentials",
            "Sources/Gate", "Vendors/PagerDuty/Api",
        ],
        ["Vendors/PagerDuty/Correlation"] =
        [
            "Telemetry", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Messaging", "Messaging/Payloads", "Messaging/Settling",
            "Messaging/Replay", "Outbound", "Outbound/Limiter", "Vendors/PagerDuty/Api", "Vendors/PagerDuty/Events", "Vendors/PagerDuty/Pages",
            "Vendors/PagerDuty/Planning", "Vendors/PagerDuty/Webhook",
        ],
        ["Vendors/PagerDuty/Preview"] =
        [
            "Json", "Http", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Messaging", "Sources/Gate",
            "Vendors/PagerDuty/Planning", "Vendors/PagerDuty/Events",
        ],
        ["Vendors/PagerDuty/Report"] =
        [
            "Http", "Alerts/Rules/History", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage",
            "Vendors/PagerDuty/Pages",
        ],
        ["Vendors/PagerDuty/Actions"] =
        [
            "Storage", "Telemetry", "Alerts/Rules/Content", "Alerts/Rules/Paging", "Alerts/Rules", "Alerts/Storage", "Messaging", "Messaging/Settling",
            "Brake", "Actions", "Outbound", "Outbound/Calls", "Outbound/Limiter", "Vendors/PagerDuty/Api", "Vendors/PagerDuty/Planning",
            "Vendors/PagerDuty/Events", "Vendors/PagerDuty/Pages",
        ],
        // Monitors' alerts: what they are and how each monitor writes them, both pure; BigPanda's Alerts API, and the relay to it.
        ["Monitors/Alerts"] = ["Json"],
        ["Monitors/Formats/Azure"] = ["Json", "Monitors/Alerts"],
        ["Monitors/Formats"] = ["Json", "Monitors/Alerts", "Monitors/Formats/Azure"],
        ["Monitors/Api"] = ["Outbound", "Outbound/Calls", "Outbound/Credentials", "Outbound/Limiter", "Vendors/BigPanda/Api"],
        ["Monitors/Messages"] = ["Storage", "Messaging"],
        ["Monitors/Parking"] =
            ["Storage", "Telemetry", "Messaging", "Outbound", "Outbound/Credentials", "Sources", "Sources/Gate", "Monitors/Api", "Monitors/Messages"],
        ["Monitors/Relay"] =
        [
            "Json", "Storage", "Telemetry", "Messaging", "Messaging/Settling", "Messaging/Replay", "Outbound", "Outbound/Credentials", "Outbound/Limiter",
            "Sources", "Sources/Gate", "Sources/Traffic", "Monitors/Api", "Monitors/Messages", "Monitors/Parking",
        ],
        ["Monitors/Connection"] =
        [
            "Storage", "Http", "Outbound", "Outbound/Credentials", "Sources", "Vendors/BigPanda/Api", "Monitors/Api", "Monitors/Parking",
        ],
        ["Monitors/Intake"] =
        [
            "Json", "Storage", "Http", "Telemetry", "Messaging", "Sources", "Sources/Gate", "Monitors/Alerts", "Monitors/Formats", "Monitors/Messages",
        ],
        ["Vendors/PagerDuty/Connection"] =
        [
            "Json", "Storage", "Http", "Telemetry", "Alerts/Rules/Paging", "Alerts/Rules", "Outbound", "Outbound/Calls", "Outbound/Credentials",
            "Outbound/Limiter", "Sources", "Actions", "Vendors/PagerDuty/Api", "Vendors/PagerDuty/Planning", "Vendors/PagerDuty/Events",
            "Vendors/PagerDuty/Pages", "Vendors/PagerDuty/Webhook", "Vendors/PagerDuty/Actions",
        ],
        // Dead letters: the queues' owners say what they are about.
        ["DeadLetters"] = ["Json", "Storage", "Http", "Messaging", "Messaging/Payloads", "Messaging/Replay", "Messaging/Settling"],
        // On top: health, timers and retention.
        ["Operations"] =
        [
            "Storage", "Http", "Telemetry", "Alerts/Storage", "Alerts/Apply", "Alerts/Rebuilding", "Messaging", "Messaging/Payloads", "Outbound",
            "Outbound/Credentials", "Outbound/Limiter",
            "Sources/Gate", "Audit", "Brake/Api", "Actions", "Vendors/BigPanda/Api", "Vendors/BigPanda/Connection", "Vendors/PagerDuty/Connection",
            "Vendors/PagerDuty/Pages", "Monitors/Parking", "Monitors/Relay",
        ],
    };

    /// <summary>From the file system: reading the references takes long, and must not hold up the discovery of every test.</summary>
    public static TheoryData<string> Folders => [.. AppReferences.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_those_it_may(string folder)
    {
        Assert.True(Allowed.ContainsKey(folder), $"{folder} is not in the table: enter what it may use.");
        Violations.AssertNone(
            from one in AppReferences.All
            where one.Folder == folder && IsOther(one) && !Allowed[folder].Contains(one.Target)
            select $"{one.File} uses {one.Type} of {one.Target}");
    }

    [Fact]
    public void The_table_has_no_permission_that_is_not_used()
    {
        var used = AppReferences.All.Where(IsOther).Select(one => (one.Folder, one.Target)).ToHashSet();
        Violations.AssertNone(
            from row in Allowed
            from target in row.Value
            where !used.Contains((row.Key, target))
            select $"{row.Key} may use {target} and does not");
    }

    [Fact]
    public void No_folders_reference_each_other_in_a_circle()
    {
        HashSet<string> done = [];
        Violations.AssertNone(Allowed.Keys.Select(folder => Circle(folder, [], done)).OfType<string>());
    }

    [Fact]
    public void A_vendor_knows_no_other_vendor() => Violations.AssertNone(
        from row in Allowed
        where row.Key.StartsWith("Vendors/", StringComparison.Ordinal)
        from target in row.Value
        where target.StartsWith("Vendors/", StringComparison.Ordinal) && target.Split('/')[1] != row.Key.Split('/')[1]
        select $"{row.Key} may use {target}");

    [Fact]
    public void The_Functions_SDK_is_known_to_functions_and_to_settlement_alone() => Violations.AssertNone(
        from one in AppReferences.All
        where one.Target.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(one.File)
        where one.IsNamed && !name.EndsWith("Function", StringComparison.Ordinal) && name is not ("Settlement" or "Program" or "TelemetryServices")
        select $"{one.File} uses {one.Type}");

    [Fact]
    public void The_Azure_SDK_is_known_to_stores_senders_queue_functions_and_the_composition_alone() => Violations.AssertNone(
        from one in AppReferences.All
        where one.Target == "Azure" || one.Target.StartsWith("Azure.", StringComparison.Ordinal)
        let name = Path.GetFileNameWithoutExtension(one.File)
        where one.IsNamed && !AzureFolders.Contains(one.Folder) && !AzureFiles.Contains(name) && !one.Composes
        where !name.EndsWith("Function", StringComparison.Ordinal) && !name.EndsWith("Store", StringComparison.Ordinal)
        select $"{one.File} uses {one.Type}");

    [Fact]
    public void The_rules_read_no_clock_log_nothing_and_wait_for_nothing()
    {
        string[] effects = ["TimeProvider", "ILogger", "Random", "Task", "ValueTask", "Thread", "HttpClient", "File", "Environment"];
        Violations.AssertNone(
            from one in AppReferences.All
            where one.Folder.StartsWith("Alerts/Rules", StringComparison.Ordinal) && one.Target.Length > 0 && one.Assembly.Length > 0
            where effects.Contains(one.Type)
            select $"{one.File} uses {one.Type}");
    }

    private static bool IsOther(AppReference one) => one is { Composes: false, Assembly: "", Target.Length: > 0 } && one.Target != one.Folder;

    private static string? Circle(string folder, IReadOnlyList<string> path, HashSet<string> done)
    {
        if (path.Contains(folder)) return string.Join(" -> ", [.. path.SkipWhile(one => one != folder), folder]);
        if (done.Contains(folder)) return null;
        var found = Allowed.GetValueOrDefault(folder, []).Select(target => Circle(target, [.. path, folder], done)).OfType<string>().FirstOrDefault();
        done.Add(folder);
        return found;
    }
}
