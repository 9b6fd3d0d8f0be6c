using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// What is done in PagerDuty. It compares what the alert needs there now (no page, an open one with this content, a resolved one) with the pages that
/// it has, whatever the event was: so it needs transitions only for what people wrote.
/// </summary>
public sealed class PagerDutyPlanner(PagingPolicy policy, PagingHeaders headers) : IDestinationPlanner
{
    private readonly PageMapping _mapping = PageMapping.Of(policy);
    private readonly Lazy<string> _settings = new(() => new PagerDutyPlannerSettings(policy, headers).Write());

    public Destination Destination => Destination.PagerDuty;

    public string Settings => _settings.Value;

    internal PagingPolicy Policy => policy;

    public DestinationPlan Plan(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var plan = new PagePlan(request, this);
        plan.PlanPage();
        foreach (var transition in request.Decision.Transitions)
        {
            if (NoteOf(transition) is var (id, text)) plan.AddNote(id, text);
        }

        return plan.Finish();
    }

    public string Describe(AlertAction action, Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var known = PageAction.Read(action);
        var page = alert.PagerDuty?.Find(known.PageId);
        return known.Kind switch
        {
            PageActionKinds.Trigger => $"open page {known.PageId} in PagerDuty through {NameOf(known.Key)}, as {page?.Severity}: “{alert.Content.Title}”",
            PageActionKinds.Update => $"update page {known.PageId} in PagerDuty, as {page?.Severity}: “{alert.Content.Title}”",
            PageActionKinds.Acknowledge => $"acknowledge page {known.PageId} in PagerDuty",
            PageActionKinds.Resolve => $"resolve page {known.PageId} in PagerDuty",
            PageActionKinds.Note => $"add the note “{known.Text}” to page {known.PageId} in PagerDuty",
            _ => $"{known.Kind} page {known.PageId} in PagerDuty",
        };
    }

    /// <inheritdoc cref="PagePlan.HasLeftOpen"/>
    internal bool HasLeftOpen(Alert alert, DateTimeOffset now) => PagePlan.HasLeftOpen(alert, policy, now);

    internal PageRoute Route(Alert alert) => PageRouting.Choose(alert, policy, headers);

    /// <summary>With what the headers of the alert's deliveries add.</summary>
    internal PageMapping MappingOf(Alert alert) => alert.Content.Headers is null
        ? _mapping
        : HeadersOf(alert).AddTo(_mapping with { KeyTag = PageRouting.KeyTagOf(alert, policy, headers) });

    internal HeaderMapping HeadersOf(Alert alert) => HeaderMapping.Read(alert.Content.Headers?.Values, headers.Mapping, headers.FieldPrefix);

    /// <summary>What a person wrote, unless they did so in PagerDuty.</summary>
    private (string Id, string Text)? NoteOf(Transition transition) => transition switch
    {
        _ when !policy.Comment.IsOut() => null,
        Commented { Via: not Alerts.Rules.History.ResolvedVia.PagerDuty } comment => (comment.RequestId, comment.Line),
        CommentedInBigPanda comment => (comment.CommentId, $"{comment.Actor ?? "a person"} in BigPanda: {comment.Text}"),
        _ => null,
    };

    private string NameOf(PageKey key)
    {
        if (key.Id == policy.DefaultKeyId) return "the default key";
        foreach (var (name, id) in policy.Keys) if (id == key.Id) return $"the key {name}";
        return $"the key {key.Id}, which a tag holds";
    }
}
