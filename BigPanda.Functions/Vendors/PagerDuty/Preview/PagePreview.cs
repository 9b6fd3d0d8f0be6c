using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Vendors.PagerDuty.Events;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Preview;

/// <summary>What would be sent to PagerDuty for an alert now, where and why.</summary>
/// <param name="Mode"><c>off</c>, <c>shadow</c> or <c>on</c>: what the bridge does with it.</param>
/// <param name="Actions">What would be done now; empty when nothing would.</param>
/// <param name="Reasons">Why something is done otherwise, or not now.</param>
/// <param name="DueAt">When the bridge looks again although no event arrives.</param>
/// <param name="Event">What a page shows, as it is sent, without the routing key.</param>
/// <param name="Cut">What was cut or left out of it.</param>
/// <param name="Ignored">What the headers of BigPanda's deliveries ask for in vain.</param>
internal sealed record PagePreview(
    string IncidentId, string Mode, bool Connected, IReadOnlyList<string> Actions, IReadOnlyList<string> Reasons, DateTime? DueAt, PreviewedRoute Route,
    PreviewedDelays Delays, string PageId, JsonElement Event, int EventBytes, IReadOnlyList<string> Cut, IReadOnlyList<string> Ignored)
{
    public static PagePreview Of(Alert alert, bool isConnected, PagerDutyPlanner planner, DestinationMode mode, DateTimeOffset now)
    {
        var plan = planner.Plan(new PlanRequest(new Decision(alert, Verdict.Noted, []), mode == DestinationMode.Shadow, now));
        var pager = plan.Alert.PagerDuty ?? PagerState.None;
        var route = planner.Route(alert);
        var page = pager.Latest is { IsOver: false } open ? open : NewPage(pager, route, now);
        var mapping = planner.MappingOf(alert);
        var pageEvent = PageEvent.Trigger(plan.Alert, page, mapping, mapping.SeverityOf(alert.Content, planner.Policy, page.Severity));
        using var json = JsonDocument.Parse(pageEvent.Json);
        return new PagePreview(
            alert.IncidentId, mode.ToString().ToLowerInvariant(), isConnected,
            [.. plan.Actions.Select(action => planner.Describe(action, plan.Alert))], [.. plan.Notes.Select(note => note.Reason)], pager.DueAt?.UtcDateTime,
            PreviewedRoute.Of(route, page), PreviewedDelays.Of(planner.Policy), page.Id, json.RootElement.Clone(), pageEvent.Json.Length, pageEvent.Cuts,
            planner.HeadersOf(alert).Ignored);
    }

    /// <summary>What would be opened: shown also while it is held, or is not wanted.</summary>
    private static Page NewPage(PagerState pager, PageRoute route, DateTimeOffset now) =>
        new() { Id = Page.NewId(now, pager.Opened + 1), Key = route.Key ?? new PageKey(""), Previous = pager.Latest?.Incident };
}

/// <param name="KeyId">The first 12 hex digits of the key's SHA-256; the key itself is never shown.</param>
/// <param name="Through">The key by name, and what chose it.</param>
/// <param name="Error">Why the tag that should have chosen it did not.</param>
internal sealed record PreviewedRoute(string? KeyId, string Through, string? Error)
{
    /// <summary>An open page keeps the key that it was opened with, whatever the tags say now.</summary>
    public static PreviewedRoute Of(PageRoute route, Page page) => page.Key.Id is { Length: > 0 } id && id != route.Key?.Id
        ? new PreviewedRoute(id, $"the key that the page was opened with; a new page would go through {route.Why}", route.Error)
        : new PreviewedRoute(route.Key?.Id, route.Why, route.Error);
}

internal sealed record PreviewedDelays(int FireDelaySeconds, int ResolveDelaySeconds, int UpdateIntervalSeconds)
{
    public static PreviewedDelays Of(PagingPolicy policy) => new(policy.FireDelaySeconds, policy.ResolveDelaySeconds, policy.UpdateIntervalSeconds);
}

[JsonSerializable(typeof(PagePreview))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PagePreviewJson : JsonSerializerContext;
