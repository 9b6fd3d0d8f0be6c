using System.Text.Json;
using BigPanda.Functions.Json;

namespace BigPanda.Functions.Vendors.BigPanda.Api;

public sealed record BigPandaEnvironment(string Id, string Name);

/// <summary>Reads the list of environments, an array of objects. BigPanda's newest documentation omits their ids, its samples have them.</summary>
internal static class EnvironmentsResponse
{
    /// <returns>Null when the body is not a list of environments: then it is not BigPanda's.</returns>
    public static IReadOnlyList<BigPandaEnvironment>? Read(string? body) => JsonReading.Read(body, root =>
        root.ValueKind != JsonValueKind.Array ? null : root.EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.Object)
            .Select(item => (Id: Text(item, "id"), Name: Text(item, "name")))
            .Where(item => item.Id is not null)
            .Select(item => new BigPandaEnvironment(item.Id ?? "", item.Name ?? item.Id ?? ""))
            .ToList());

    private static string? Text(JsonElement item, string name) => JsonReading.Text(item, name) is { Length: > 0 } text ? text : null;
}
