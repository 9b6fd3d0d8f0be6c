using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>An environment in which the incident was shared, with the stamp of the newest delivery that named it.</summary>
public readonly record struct KnownEnvironment(string? Id, string? Name, Stamp Stamp);

/// <summary>
/// All environments an incident was shared in, newest first. BigPanda sends it once per webhook, and a close works only in environments
/// that the key has permission for.
/// </summary>
internal static class KnownEnvironments
{
    private const int MaxKept = 8;

    public static IReadOnlyList<KnownEnvironment> With(this IReadOnlyList<KnownEnvironment> known, IncidentEnvironment? sent, Stamp stamp)
    {
        var (id, name) = (Text(sent?.Id), Text(sent?.Name));
        if (id is null && name is null) return known;
        var named = new KnownEnvironment(id, name, stamp);
        var at = -1;
        for (var i = 0; i < known.Count && at < 0; i++) if (IsSame(known[i], named)) at = i;
        // An id alone must not remove a known name.
        if (at >= 0 && (known[at].Name is not null, known[at].Stamp).CompareTo((name is not null, stamp)) >= 0) return known;
        if (at == 0 && known.Count == 1) return [named];
        var all = known.Where((_, i) => i != at).Append(named);
        return [.. all.OrderByDescending(one => one.Stamp).ThenBy(one => one.Id ?? one.Name, StringComparer.Ordinal).Take(MaxKept)];
    }

    /// <summary>The newest; if it has no id, the id of another one with its name.</summary>
    public static IncidentEnvironment? Newest(this IReadOnlyList<KnownEnvironment> known) =>
        known is [var newest, ..] ? new IncidentEnvironment(IdOf(known, newest.Name), newest.Name) : null;

    private static string? IdOf(IReadOnlyList<KnownEnvironment> known, string? name)
    {
        foreach (var one in known) if (one.Id is not null && one.Name == name) return one.Id;
        return null;
    }

    private static bool IsSame(KnownEnvironment one, KnownEnvironment other) => one.Id == other.Id && (one.Id is not null || one.Name == other.Name);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : Wording.Truncate(text, 256);
}
