namespace BigPanda.Functions.Alerts;

/// <summary>FNV-1a: the same on every machine and at every start, to tell apart what is not secret.</summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037;
        foreach (var character in text) hash = unchecked((hash ^ character) * 1099511628211);
        return hash;
    }
}
