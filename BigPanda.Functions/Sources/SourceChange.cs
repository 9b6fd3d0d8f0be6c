using System.Text.Json;

namespace BigPanda.Functions.Sources;

/// <summary>
/// What is to be different about a source, as a JSON Merge Patch (RFC 7396): what is not named stays, null takes away. Its header cannot
/// change: BigPanda would go on sending the old one until somebody has told it.
/// </summary>
internal sealed record SourceChange(JsonElement Name = default, JsonElement AppKey = default, JsonElement TitleTemplate = default, JsonElement SilentAfterHours = default, JsonElement OneTime = default)
{
    public const string Shape = "{\"name\": \"…\", \"appKey\": \"…\", \"titleTemplate\": \"…\", \"silentAfterHours\": 24, \"oneTime\": false}, any of them left out, and any but the name null";

    /// <returns>What the source is to be; null when a member has the wrong type.</returns>
    public NewSource? ApplyTo(AlertSource source)
    {
        try
        {
            return new NewSource(
                Text(Name, source.Name), Text(AppKey, source.AppKey), Text(TitleTemplate, source.TitleTemplate), source.HeaderName, Hours(source.SilentAfterHours), Flag(OneTime, source.OneTime)).Trimmed();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // A record prints its members; the app key must not reach a log.
    public override string ToString() => nameof(SourceChange);

    private static string? Text(JsonElement member, string? before) => member.ValueKind == JsonValueKind.Undefined ? before : member.GetString();

    private static bool Flag(JsonElement member, bool before) => member.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => false,
        _ => member.GetBoolean(),
    };

    private int? Hours(int? before) => SilentAfterHours.ValueKind switch
    {
        JsonValueKind.Undefined => before,
        JsonValueKind.Null => null,
        _ => SilentAfterHours.GetInt32(),
    };
}
