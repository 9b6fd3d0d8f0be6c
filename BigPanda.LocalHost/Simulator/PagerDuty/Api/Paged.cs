using System.Text.Json.Nodes;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Api;

/// <summary>A page of a list: 25 of at most 100, and no more than 10,000 in all. Source: developer.pagerduty.com/docs/pagination.</summary>
internal static class Paged
{
    private const int Most = 10_000;

    public static IResult Of<T>(ApiRequest request, string name, IReadOnlyList<T> all, Func<T, JsonObject> show)
    {
        if (request.Number("limit", 25, 100) is not (> 0 and var limit) || request.Number("offset", 0, Most) is not { } offset || offset + limit > Most)
            return RestGate.Error(400, "Invalid Input Provided", RestGate.InvalidInput, "Offset and limit together are at most 10000; limit is at most 100.");
        return RestGate.Json(new JsonObject
        {
            [name] = new JsonArray([.. all.Skip(offset).Take(limit).Select(show)]),
            ["limit"] = limit,
            ["offset"] = offset,
            ["total"] = null,
            ["more"] = all.Count > offset + limit,
        });
    }
}
