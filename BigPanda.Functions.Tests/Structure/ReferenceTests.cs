using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>Which folder may reference which. A reference that is not listed here is not allowed.</summary>
public sealed class ReferenceTests
{
    private const string App = "BigPanda.Functions";

    private static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        // The lowest layer: it references nothing of the app.
        ["Incidents"] = [],
        ["Storage"] = [],
        ["Http"] = [],
        ["Telemetry"] = [],
        // The code that fills in a title template also checks it.
        ["Sources"] = ["Alerts", "Http", "Storage", "Telemetry"],
        // Flags, ids and times in API responses are read like those in webhooks.
        ["BigPandaApi"] = ["Http", "Incidents", "Storage", "Telemetry"],
        // The alert's model and rules reference incidents only; its functions, handler and stores are listed below.
        ["Alerts"] = ["Incidents"],
        ["Messaging"] = ["Alerts", "Incidents", "Storage", "Telemetry"],
        // Accepts and enqueues: reads no alert and calls no vendor.
        ["Webhooks"] = ["Http", "Incidents", "Messaging", "Sources", "Storage", "Telemetry"],
        ["Resolution"] = ["Alerts", "BigPandaApi", "Http", "Messaging", "Sources", "Storage", "Telemetry"],
        // Connecting a valid key releases parked actions.
        ["Connection"] = ["BigPandaApi", "Http", "Messaging", "Resolution", "Storage", "Telemetry"],
        ["Operations"] = ["Connection", "Sources", "Alerts", "BigPandaApi", "Http", "Messaging", "Resolution", "Storage", "Telemetry"],
    };

    /// <summary>The edges of the alerts: the code around the rules that loads, saves, sends and answers.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> AlertEdges = new Dictionary<string, string[]>
    {
        ["AlertEventHandler"] = ["Storage", "Telemetry"],
        ["Outbox"] = ["Messaging", "Storage"],
        ["SendPendingActionsFunction"] = ["Messaging", "Storage"],
        ["ApplyAlertEventFunction"] = ["Messaging", "Storage"],
        ["GetAlertFunction"] = ["Http", "Storage"],
        ["ListAlertsFunction"] = ["Http", "Storage"],
        ["AlertStore"] = ["Http", "Storage"],
        ["AlertFit"] = ["Storage"],
        ["AlertIndex"] = ["Storage"],
        ["AlertListing"] = ["Storage"],
        ["AlertRetention"] = ["Storage"],
        ["AlertRows"] = ["Storage"],
        ["TimelineRows"] = ["Storage"],
    };

    public static TheoryData<string> Folders => [.. Checkout.CSharpFiles(App).Select(FolderOf).OfType<string>().Distinct()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_those_it_may(string folder)
    {
        Assert.True(Allowed.ContainsKey(folder), $"{folder} is not in the table: say what it may use.");
        var wrong =
            from file in Checkout.CSharpFiles($"{App}/{folder}")
            from used in Usings(file)
            where used.StartsWith($"{App}.", StringComparison.Ordinal)
            let target = used.Split('.')[2]
            where target != folder && !Allowed[folder].Contains(target) && !MayAtTheEdge(file, target)
            select $"{file} uses {target}";

        Violations.AssertNone(wrong);
    }

    [Fact]
    public void The_table_holds_no_unused_permission()
    {
        var used = (from file in Checkout.CSharpFiles(App)
                    let folder = FolderOf(file)
                    where folder is not null
                    from name in Usings(file)
                    where name.StartsWith($"{App}.", StringComparison.Ordinal)
                    select (folder, name.Split('.')[2])).ToHashSet();

        Violations.AssertNone(
            Allowed.SelectMany(row => row.Value.Select(target => (row.Key, target)))
                .Except(used).Select(pair => $"{pair.Item1} may use {pair.Item2} and does not"));
    }

    [Fact]
    public void The_Functions_SDK_is_known_to_functions_and_to_settlement_alone() => Violations.AssertNone(
        from file in Checkout.CSharpFiles(App)
        where !file.EndsWith("Function.cs", StringComparison.Ordinal)
            && Path.GetFileName(file) is not ("Settlement.cs" or "Program.cs" or "TelemetryServices.cs")
        from used in Usings(file)
        where used.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal)
        select $"{file} uses {used}");

    [Fact]
    public void The_Azure_SDK_is_known_to_stores_senders_queue_functions_and_the_composition_alone()
    {
        string[] stores =
        [
            "AlertStore", "AlertIndex", "AlertListing", "AlertRetention", "AlertRows", "TimelineRows", "Outbox", "ParkedActions", "PayloadStore", "SourceStore",
            "SourceUsageStore", "ConnectionStore", "KeyVaultCredentialStore", "ApiCalls", "CallSlotStore", "SentComments", "DependencyChecks", "AppTables",
            "AppServices",
        ];
        Violations.AssertNone(
            from file in Checkout.CSharpFiles(App)
            let name = Path.GetFileNameWithoutExtension(file)
            where FolderOf(file) is not ("Storage" or "Messaging")
                && !stores.Contains(name)
                && !name.EndsWith("Function", StringComparison.Ordinal)
                && !name.EndsWith("Services", StringComparison.Ordinal)
            from used in Usings(file)
            where used == "Azure" || used.StartsWith("Azure.", StringComparison.Ordinal)
            select $"{file} uses {used}");
    }

    [Fact]
    public void The_alerts_rules_read_no_clock_log_nothing_and_wait_for_nothing()
    {
        string[] rules = ["AlertLifecycle", "AlertHistory", "LifeState", "IncidentMark", "Mark", "Stamp"];
        string[] effects = ["TimeProvider", "ILogger", "async ", "DateTimeOffset.UtcNow", "Random"];
        Violations.AssertNone(
            from file in Checkout.CSharpFiles($"{App}/Alerts")
            where rules.Contains(Path.GetFileName(file).Split('.')[0])
            from effect in effects
            where Checkout.Text(file).Contains(effect, StringComparison.Ordinal)
            select $"{file} has {effect}");
    }

    private static bool MayAtTheEdge(string file, string target) =>
        FolderOf(file) == "Alerts" && AlertEdges.TryGetValue(Path.GetFileNameWithoutExtension(file), out var targets) && targets.Contains(target);

    /// <summary>Null for the top-level files, which compose the rest.</summary>
    private static string? FolderOf(string file) => file.Split('/') is [_, var folder, _, ..] ? folder : null;

    private static IEnumerable<string> Usings(string file) =>
        from line in Checkout.Lines(file)
        where line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';')
        select line["using ".Length..^1].Split('=')[^1].Trim().Replace("static ", "", StringComparison.Ordinal);
}
