namespace BigPanda.Functions.Alerts.Rules.History;

/// <summary>FNV-1a: stored, so it must not depend on the process. Not for secrets.</summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037;
        foreach (var character in text) hash = unchecked((hash ^ character) * 1099511628211);
        return hash;
    }
}
