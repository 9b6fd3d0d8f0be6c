using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.Paging;

namespace BigPanda.Functions.Vendors.PagerDuty.Events;

/// <param name="Href">Always http or https.</param>
internal readonly record struct EventLink(string Href, string Text);

/// <summary>The links of a page: the incident in BigPanda, the page before, and the addresses in tags, runbooks first.</summary>
internal static class EventLinks
{
    private const int MaxFromTags = 10;
    private const int MaxHref = 2048;
    private const int MaxText = 100;

    private static readonly string[] Instructions = ["runbook", "playbook", "procedure", "wiki", "doc"];

    public static IReadOnlyList<EventLink> Of(Alert alert, Page page, List<string> cuts)
    {
        List<EventLink> links = [];
        Add(alert.Content.Url, "BigPanda incident");
        var before = page.Previous ?? alert.PagerDuty?.Earlier.LastOrDefault(earlier => earlier.Id != page.Id && earlier.Incident is not null)?.Incident;
        Add(before?.Url, "Previous page");
        var known = links.Select(link => link.Href).ToHashSet();
        var found = FindInTags(alert.Content).Where(link => known.Add(link.Href)).ToList();
        links.AddRange(found.OrderBy(link => IsInstruction(link.Text) ? 0 : 1).Take(MaxFromTags));
        if (found.Count > MaxFromTags) cuts.Add(FormattableString.Invariant($"not linked: {found.Count - MaxFromTags:N0} addresses in tags"));
        return links;

        void Add(string? url, string text)
        {
            if (Read(url) is { } href) links.Add(new EventLink(href, text));
        }
    }

    private static IEnumerable<EventLink> FindInTags(AlertContent content) =>
        from tags in content.Alerts.Select(alert => alert.Tags).Prepend(content.Tags)
        from tag in tags
        where tag.Value.Json.Contains("http", StringComparison.OrdinalIgnoreCase)
        from value in tag.Value.Values
        let href = Read(value.Text)
        where href is not null
        select new EventLink(href, EventText.Line(tag.Key, MaxText));

    /// <summary>Escaped, so that nothing in it can break the event.</summary>
    private static string? Read(string? text) =>
        text is { Length: <= MaxHref } && WebLink.Of(text) is { } address && new Uri(address).AbsoluteUri is { Length: <= MaxHref } href ? href : null;

    private static bool IsInstruction(string tag) => Instructions.Any(word => tag.Contains(word, StringComparison.OrdinalIgnoreCase));
}
