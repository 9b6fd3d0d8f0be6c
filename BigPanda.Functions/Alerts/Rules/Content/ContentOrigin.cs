using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Alerts.Rules.Content;

/// <summary>The fields, as flags, whose values are from the delivery with this stamp.</summary>
public readonly record struct ContentOrigin(Stamp Stamp, int Fields);

/// <summary>
/// The delivery each field's value is from: only a newer delivery replaces it, so that the order of arrival does not matter. A delivery
/// with all fields, as BigPanda usually sends, leaves one entry.
/// </summary>
internal static class ContentOrigins
{
    /// <summary>The fields of <paramref name="sent"/> without a newer value.</summary>
    public static int Won(this IReadOnlyList<ContentOrigin> origins, Stamp stamp, int sent)
    {
        foreach (var origin in origins)
        {
            if (origin.Stamp >= stamp) sent &= ~origin.Fields;
        }

        return sent;
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
