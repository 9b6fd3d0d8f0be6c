using System.Diagnostics.CodeAnalysis;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Monitors.Alerts;

/// <summary>What a monitor's body holds: its alerts in their order, each accepted or refused; or why it has none that can be read.</summary>
/// <param name="Warnings">Of the body as a whole.</param>
internal sealed record MonitorBody(IReadOnlyList<ReadAlert> Alerts, IReadOnlyList<FieldNote> Warnings, BodyError? Error = null)
{
    /// <summary>Bounds the memory that a body of empty alerts takes.</summary>
    public const int MaxAlerts = 20_000;

    public static MonitorBody Of(IReadOnlyList<ReadAlert> alerts, params IReadOnlyList<FieldNote> warnings) => new(alerts, warnings);

    /// <param name="alerts">Of a list; one more than <see cref="MaxAlerts"/> is enough to refuse it.</param>
    public static MonitorBody OfList(IReadOnlyList<ReadAlert> alerts, params IReadOnlyList<FieldNote> warnings) => alerts.Count switch
    {
        0 => Invalid("alerts", "is empty."),
        > MaxAlerts => Invalid("alerts", $"has more than {MaxAlerts} alerts: send smaller batches."),
        _ => new MonitorBody(alerts, warnings),
    };

    public static MonitorBody Invalid(BodyError error) => new([], [], error);

    /// <summary>For a body that is JSON.</summary>
    public static MonitorBody Invalid(string field, string reason) => Invalid(BodyError.Of(field, reason));
}

/// <summary>What is wrong with a field; the reason reads on from the field's name.</summary>
internal sealed record FieldNote(string Field, string Reason)
{
    private const int MaxField = 100;

    /// <param name="field">May be anything that the sender wrote.</param>
    public static FieldNote Of(string field, string reason) => new(AlertLimits.Cut(field, MaxField), reason);
}

/// <summary>One alert of a body: accepted, perhaps with warnings, or refused.</summary>
internal sealed record ReadAlert(int Index, MonitorAlert? Alert, FieldNote? Refusal, IReadOnlyList<FieldNote> Warnings)
{
    [MemberNotNullWhen(true, nameof(Alert))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Alert is not null;

    public static ReadAlert Accepted(int index, MonitorAlert alert, IReadOnlyList<FieldNote> warnings) => new(index, alert, null, warnings);

    public static ReadAlert Refused(int index, FieldNote refusal) => new(index, null, refusal, []);
}
