namespace BigPanda.Functions.Alerts;

/// <summary>The fields whose values are from the delivery of this stamp, as flags.</summary>
public readonly record struct ContentOrigin(Stamp Stamp, int Fields);

/// <summary>
/// Which delivery each value is from. A value goes to a newer delivery that says something of its field and to no other, so that the
/// order of arrival does not matter. A delivery that says everything, as BigPanda's do, leaves one entry.
/// </summary>
internal static class ContentOrigins
{
    /// <summary>Those of the fields that no newer delivery has said something of.</summary>
    public static int Won(this IReadOnlyList<ContentOrigin> origins, Stamp stamp, int said)
    {
        foreach (var origin in origins)
        {
            if (origin.Stamp >= stamp) said &= ~origin.Fields;
        }

        return said;
    }

    public static IReadOnlyList<ContentOrigin> With(this IReadOnlyList<ContentOrigin> origins, Stamp stamp, int won)
    {
        if (won == 0) return origins;
        var next = new List<ContentOrigin>(origins.Count + 1) { new(stamp, won) };
        foreach (var origin in origins)
        {
            if ((origin.Fields & ~won) is not 0 and var left) next.Add(origin with { Fields = left });
        }

        return next;
    }
}
