using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>The expected reading of each sample, one row per file.</summary>
public sealed class SampleCorpusTests
{
    private static readonly DateTimeOffset Received = DateTimeOffset.FromUnixTimeSeconds(1760086400);

    private static readonly Row[] Rows =
    [
        new("alerts-300", Id(7), "web-000, web-001, web-002 and 297 more: CPU load, Disk space, Memory", MarkKind.Active, "incident#updated@1760000010"),
        new("capitalised", Id(19), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("closed", Id(1), "db-01: Disk space", MarkKind.Closed, "incident#closed@1760000600"),
        new("comment-in-metadata", Id(13), "db-01: Disk space", MarkKind.Active, "comment#added@1760000007"),
        new("eu-characters", Id(8), "straße-01.münchen.example: Überlast – Łódź €", MarkKind.Active, "incident#new@1760000000"),
        new("eu-characters-escaped", Id(9), "straße-01.münchen.example: Überlast – Łódź €", MarkKind.Active, "incident#new@1760000000"),
        new("event-types-in-metadata", Id(6), "db-01: Disk space", MarkKind.Closed, "incident#closed@1760000030"),
        new("everything-inside-incident", Id(10), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("flapping", Id(16), "db-01: Disk space", MarkKind.Active, "incident#flapping@1760000009"),
        new("id-in-unicode", "störung-Ελλάδα-Київ-事件-🔥", "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("id-of-128-characters", string.Concat(Enumerable.Repeat("0123456789abcdef", 8)), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("id-with-quotes", "it's \"quoted\" <b>`${x}`</b> {0} --", "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("id-with-separators", @"a/b\c#d?e%2Ff+g h&i=j;k,l|m", "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new(
            "incident-new", "5555370aabc20a001145d6g9", "Evyatar-11, web3: CPU", MarkKind.Active,
            "incident#new@1697123962 incident-tag#upserted@1697123963 incident-tag#upserted@1697123964"),
        new("links-as-text", Id(22), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("no-event-types", Id(4), "db-01: Disk space", MarkKind.Active, ""),
        new("no-event-types-closed", Id(5), "db-01: Disk space", MarkKind.Closed, ""),
        new("no-times", Id(21), "db-01: Disk space", MarkKind.Active, "incident#new@"),
        new("null-for-everything", Id(20), $"Incident {Id(20)}", MarkKind.Active, ""),
        new("one-alert-resolved", Id(24), "web3, web4: CPU, Memory", MarkKind.Active, "incident#updated@1760000040"),
        new("only-an-id", Id(23), $"Incident {Id(23)}", MarkKind.Active, ""),
        new("reopen", Id(2), "db-01: Disk space", MarkKind.Reopen, "incident#reopen@1760000900"),
        new(
            "several-events", Id(3), "db-01: Disk space", MarkKind.Reopen,
            "incident#new@1760000000 incident-tag#upserted@1760000001 comment#added@1760000002 incident#closed@1760000060 incident#reopen@1760000120"),
        new("snoozed-with-end-time", Id(15), "db-01: Disk space", MarkKind.Active, "incident#snoozed@1760000008"),
        new("snoozed-with-wake", Id(14), "db-01: Disk space", MarkKind.Active, "incident#snoozed@1760000008"),
        new("tag-values-of-every-type", Id(12), "db-01: Disk space", MarkKind.Active, "incident-tag#upserted@1760000005"),
        new("tags-inside-incident", Id(11), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
        new("unknown-event-names", Id(17), "db-01: Disk space", MarkKind.Active, "incident#teleported@1760000003 новое#событие@1760000005"),
        new("unknown-fields", Id(18), "db-01: Disk space", MarkKind.Active, "incident#new@1760000000"),
    ];

    public static TheoryData<string> Files => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_sample_is_accepted_and_read_as_its_row_says(string file)
    {
        var row = Assert.Single(Rows, row => row.File == file);
        var body = Samples.Bytes(file);

        Assert.True(IncidentScanner.TryScan(body, out var scanned, out var error), error?.Detail);
        var incident = IncidentReader.Read(body);

        Assert.Equal(row.Id, scanned);
        Assert.Equal(row.Id, incident.Id);
        Assert.Equal(row.Title, Contents.TitleOf(incident));
        Assert.Equal(row.Kind, IncidentMark.Of(new IncidentReported(incident, "main", Received, 1, "m"), AlertHistory.Empty).Kind);
        Assert.Equal(row.Events, string.Join(' ', incident.Events.Select(evt => $"{evt.Name}@{evt.Time?.ToUnixTimeSeconds()}")));
    }

    [Fact]
    public void Each_row_has_its_sample() => Assert.Equal(Samples.Names, Rows.Select(row => row.File).Order(StringComparer.Ordinal));

    private static string Id(int number) => $"68e6a1b2c3d4e5f6000000{number:D2}";

    private sealed record Row(string File, string Id, string Title, MarkKind Kind, string Events);
}
