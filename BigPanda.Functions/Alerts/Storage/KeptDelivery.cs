using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;

namespace BigPanda.Functions.Alerts.Storage;

/// <summary>A message that was applied, and everything else that was decided by: with it the same decision can be made again.</summary>
internal sealed record KeptDelivery
{
    public required string Subject { get; init; }

    /// <summary>Of the event, as it was decided by: from a body without some members they cannot be computed again.</summary>
    public required string MessageId { get; init; }
    public ulong Fingerprint { get; init; }

    /// <summary>The message's properties: texts, whole numbers, true.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Properties { get; init; }

    public DateTimeOffset DecidedAt { get; init; }
    public AlertPolicy Policy { get; init => field = value ?? new AlertPolicy(); } = new();
    public IReadOnlyList<KeptPlanner> Planners { get; init => field = value ?? []; } = [];

    /// <summary>The build that decided: another one may have other rules.</summary>
    public string Build { get; init => field = value ?? ""; } = "";

    /// <summary>The members that the body had and that are not kept; null when it is whole.</summary>
    public IReadOnlyList<string>? Without { get; init; }

    /// <summary>As in the message; empty when it is stored outside.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of the running app.</summary>
    public static string CurrentBuild { get; } = typeof(KeptDelivery).Module.ModuleVersionId.ToString("N")[..12];

    public KeptDelivery DecidedBy(IEnumerable<IDestinationPlanner> planners, AlertPolicy policy, DateTimeOffset now) => this with
    {
        DecidedAt = now,
        Policy = policy,
        Planners = [.. planners.Select(planner => new KeptPlanner(planner.Destination, planner.Settings))],
        Build = CurrentBuild,
    };
}

internal sealed record KeptPlanner(Destination Destination, string Settings);

/// <summary>What a message brings with it to its row of the timeline.</summary>
/// <param name="Facts">Its <see cref="StepFacts.NotKept"/> says why there is no delivery.</param>
/// <param name="Delivery">Null when it is not kept.</param>
internal sealed record TimelineStep(StepFacts Facts, KeptDelivery? Delivery)
{
    /// <summary>Nothing of any delivery is to be kept.</summary>
    public bool IsKeepingOff => Delivery is null && Facts.NotKept is null;
}

/// <summary>How an alert was stored as a snapshot.</summary>
/// <param name="Without">Members that the deliveries before it were kept without; null when they were whole.</param>
internal sealed record SnapshotInfo(int Schema, IReadOnlyList<string>? Without);
