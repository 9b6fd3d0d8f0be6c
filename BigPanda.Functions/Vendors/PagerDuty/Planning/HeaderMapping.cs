using BigPanda.Functions.Alerts.Rules.Content;

namespace BigPanda.Functions.Vendors.PagerDuty.Planning;

/// <summary>
/// The mapping that the headers of a delivery ask for, in the syntax of BigPanda's custom headers: <c>x-bp-field-{field}: tag</c> and
/// <c>x-bp-mapping-fields: tag=field,tag=field</c>. The names of both are settings, because BigPanda's page about its PagerDuty integration lacks them.
/// Source: docs.bigpanda.io/en/custom-headers.
/// </summary>
/// <param name="Ignored">What names no tag or no field of a page, for people.</param>
internal sealed record HeaderMapping(IReadOnlyList<MappedTag> Tags, IReadOnlyList<string> Ignored)
{
    private const int MaxTags = 100;
    private const int Shown = 100;

    public static HeaderMapping None { get; } = new([], []);

    /// <param name="headers">By their names in lower case; null when no delivery had any.</param>
    /// <param name="list">The name of the header that lists tags and fields.</param>
    /// <param name="prefix">The beginning of the names of those that name the tag of one field.</param>
    public static HeaderMapping Read(IReadOnlyDictionary<string, string>? headers, string list, string prefix)
    {
        if (headers is null || headers.Count == 0) return None;
        List<MappedTag> tags = [];
        List<string> ignored = [];
        foreach (var (name, tag) in headers.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) Add(name, tag.Trim(), name[prefix.Length..]);
        }

        const StringSplitOptions Options = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var pair in headers.GetValueOrDefault(list.ToLowerInvariant())?.Split(',', Options) ?? [])
        {
            var at = pair.LastIndexOf('=');
            Add(list, at < 0 ? "" : pair[..at].Trim(), pair[(at + 1)..].Trim());
        }

        return tags.Count + ignored.Count == 0 ? None : new HeaderMapping(tags, ignored);

        void Add(string header, string tag, string field)
        {
            if (tags.Count + ignored.Count >= MaxTags) return;
            var shown = Wording.Shorten(Wording.ToLine(field), Shown);
            if (tag.Length == 0) ignored.Add($"the header {header} names no tag for “{shown}”");
            else if (!PageFields.IsKnown(field)) ignored.Add($"the header {header} names the field “{shown}”; known are {PageFields.Known}");
            else tags.Add(new MappedTag(tag, field));
        }
    }

    /// <returns>The same object when the headers add nothing.</returns>
    public PageMapping AddTo(PageMapping configured) => Tags.Count == 0 ? configured : configured with { Tags = [.. configured.Tags, .. Tags] };
}
