using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Brake;

/// <summary>What a mistake can do to thousands of incidents, and no call can take back.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BrakeKind>))]
public enum BrakeKind
{
    /// <summary>Closes of incidents in BigPanda.</summary>
    [JsonStringEnumMemberName("closes")]
    Closes = 1,

    /// <summary>Pages opened in PagerDuty.</summary>
    [JsonStringEnumMemberName("pages")]
    Pages = 2,
}

internal static class BrakeKinds
{
    public static IReadOnlyList<BrakeKind> All { get; } = [BrakeKind.Closes, BrakeKind.Pages];

    /// <summary>As in the API, in metrics and in partitions.</summary>
    public static string Name(this BrakeKind kind) => kind == BrakeKind.Closes ? "closes" : "pages";

    /// <returns>Null for an action that no brake holds: comments, acknowledgements, the ends of pages and updates of open ones.</returns>
    public static BrakeKind? Of(AlertAction action) => (action.Destination, action.Kind) switch
    {
        (Destination.BigPanda, ActionKinds.Close) => BrakeKind.Closes,
        (Destination.PagerDuty, PageActionKinds.Trigger) => BrakeKind.Pages,
        _ => null,
    };

    /// <summary>Also every update: one that was to open its page may have been held.</summary>
    public static BrakeKind? OfHeld(AlertAction action) =>
        Of(action) ?? ((action.Destination, action.Kind) is (Destination.PagerDuty, PageActionKinds.Update) ? BrakeKind.Pages : null);

    /// <summary>Also an update that opens the page, because what was to open it has failed.</summary>
    /// <param name="alert">As it is after the event.</param>
    public static BrakeKind? OfPlanned(AlertAction action, Alert alert) =>
        Of(action)
        ?? (action.Kind == PageActionKinds.Update && alert.PagerDuty?.FindByAction(action.ActionId) is { Status: PageStatus.Opening } ? BrakeKind.Pages : null);
}
