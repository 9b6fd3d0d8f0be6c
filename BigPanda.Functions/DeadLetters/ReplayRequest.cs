using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.DeadLetters;

/// <summary>Which dead letters to replay: those that are named, or all.</summary>
/// <param name="Ids">Ascending; null for all.</param>
/// <param name="Position">Where a replay of all goes on.</param>
internal sealed record ReplayRequest(string Queue, IReadOnlyList<long>? Ids, ReplayPosition Position, bool DryRun, string? Actor)
{
    internal const int MaxIds = 500;
    private const string Shape = "{\"queue\": \"alert-events\", \"ids\": [\"17\"] or \"all\": true, \"dryRun\": true}";

    public static async Task<(ReplayRequest? Request, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, ReplayBodyJson.Default.ReplayBody, Shape, cancellationToken);
        return body is null ? (null, Problems.InvalidBody.With(error)) : Read(body);
    }

    private static (ReplayRequest? Request, IResult? Problem) Read(ReplayBody body)
    {
        if (QueueNames.Find(body.Queue) is not { } queue) return Invalid($"queue must be {QueueNames.List}.");
        var isAll = body.All == true;
        if (isAll == body.Ids is not null) return Invalid("Name the dead letters with ids, or replay every one with \"all\": true, and not both.");
        if (RequestNote.FindProblem(body.Actor) is { } problem) return Invalid(problem);
        if (body.Continuation is { Length: > 0 } && !isAll) return Invalid("continuation belongs to \"all\": true.");
        if (ReplayPosition.Parse(body.Continuation) is not { } position)
            return (null, Problems.InvalidContinuation.With("Invalid continuation. Omit it to start from the first dead letter."));
        if (isAll) return (new ReplayRequest(queue, null, position, body.DryRun == true, body.Actor), null);
        if (ReadIds(body.Ids) is not { } ids) return Invalid($"ids must be a list of 1 to {MaxIds} ids of GET /dead-letters, which are positive numbers.");
        return (new ReplayRequest(queue, ids, position, body.DryRun == true, body.Actor), null);
    }

    private static IReadOnlyList<long>? ReadIds(JsonElement? ids)
    {
        if (ids is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is < 1 or > MaxIds) return null;
        var numbers = new SortedSet<long>();
        foreach (var id in list.EnumerateArray())
        {
            if (NumberOf(id) is not { } number) return null;
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static long? NumberOf(JsonElement id)
    {
        var text = id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id.GetRawText().Trim('"') : "";
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static (ReplayRequest? Request, IResult? Problem) Invalid(string detail) => (null, Problems.InvalidBody.With(detail));
}

/// <summary>The queues, as callers name them.</summary>
internal static class QueueNames
{
    public static string List => $"{string.Join(", ", Queues.All.SkipLast(1))} or {Queues.All[^1]}";

    public static string? Find(string? name) => Queues.All.FirstOrDefault(queue => queue.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Where a replay of all dead letters goes on.</summary>
/// <param name="Run">The messages that it sends carry it: one that is dead-lettered again meanwhile is not sent a second time.</param>
/// <param name="After">The sequence number of the last dead letter that it has dealt with.</param>
internal sealed record ReplayPosition(string Run, long After)
{
    private const int RunLength = 32;

    /// <summary>Of a replay of named dead letters.</summary>
    public static ReplayPosition None { get; } = new("", 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}-{After}");

    /// <returns>The first position without a text; null for a text that <see cref="ToString"/> does not write.</returns>
    public static ReplayPosition? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new ReplayPosition($"{Guid.NewGuid():N}", 0);
        return text.Split('-') is [{ Length: RunLength } run, var after] && run.All(char.IsAsciiHexDigitLower)
            && long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ReplayPosition(run, number)
            : null;
    }
}

internal sealed record ReplayBody(string? Queue, JsonElement? Ids, bool? All, bool? DryRun, string? Continuation, string? Actor);

[JsonSerializable(typeof(ReplayBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class ReplayBodyJson : JsonSerializerContext;
