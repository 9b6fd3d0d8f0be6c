using System.Text.Json.Serialization;

namespace BigPanda.Functions.Reconciliation;

[JsonConverter(typeof(JsonStringEnumConverter<DriftResult>))]
internal enum DriftResult
{
    /// <summary>Nothing is done about it here.</summary>
    [JsonStringEnumMemberName("reported")]
    Reported = 0,

    /// <summary>What BigPanda shows was sent to the alert as an event.</summary>
    [JsonStringEnumMemberName("repaired")]
    Repaired = 1,

    [JsonStringEnumMemberName("wouldRepair")]
    WouldRepair = 2,

    /// <summary>Too many at once to be likely.</summary>
    [JsonStringEnumMemberName("held")]
    Held = 3,
}

internal sealed record ReportedDrift(string IncidentId, DriftKind Kind, DriftResult Result, string Detail);

/// <summary>What one run found.</summary>
internal sealed record ReconcilerReport
{
    /// <summary>A report is one column of a row.</summary>
    public const int MaxItems = 50;

    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
    public required bool IsDryRun { get; init; }

    /// <summary>When the last run that repairs began: a dry run does not delay the next one.</summary>
    public DateTimeOffset? RepairedAt { get; init; }

    public IReadOnlyList<Comparison> Systems { get; init => field = value ?? []; } = [];

    public IReadOnlyDictionary<DriftKind, int> Counts { get; init => field = value ?? EmptyCounts; } = EmptyCounts;

    public IReadOnlyList<ReportedDrift> Items { get; init => field = value ?? []; } = [];

    private static readonly IReadOnlyDictionary<DriftKind, int> EmptyCounts = new Dictionary<DriftKind, int>();
}

/// <summary>An environment in which alerts fire or have fired lately.</summary>
/// <param name="SeenAt">When one last did.</param>
internal sealed record SearchedEnvironment(string Id, DateTimeOffset SeenAt)
{
    /// <summary>A resolved alert's incident may reopen without a webhook: its environment is searched for as long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int Max = 32;

    /// <param name="before">In the order of the searches to come.</param>
    public static IReadOnlyList<SearchedEnvironment> Collect(IReadOnlyList<SearchedEnvironment> before, IEnumerable<string?> now, DateTimeOffset at)
    {
        var order = before.Select((known, place) => (known.Id, place)).ToDictionary(one => one.Id, one => one.place);
        return
        [
            .. now.OfType<string>().Where(Outbound.PathSegment.IsPossible).Select(id => new SearchedEnvironment(id, at))
                .Concat(before.Where(known => at - known.SeenAt < Kept))
                .DistinctBy(known => known.Id)
                .OrderBy(known => order.GetValueOrDefault(known.Id, -1))
                .Take(Max),
        ];
    }
}

[JsonSerializable(typeof(ReconcilerReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReconcilerReportJson : JsonSerializerContext;
