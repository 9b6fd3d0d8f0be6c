using System.Text.Json;

namespace BigPanda.Functions.Sources.Api;

/// <summary>
/// The body of <c>PATCH /sources/{id}</c>, a JSON Merge Patch (RFC 7396): a missing member stays, null removes. The header cannot change: BigPanda
/// would send the old one until it is changed there.
/// </summary>
internal sealed record SourceChange(
    JsonElement Name = default, JsonElement AppKey = default, JsonElement TitleTemplate = default, JsonElement SilentAfterHours = default,
    JsonElement OneTime = default)
{
    public const string Shape =
        """{"name": "…", "appKey": "…", "titleTemplate": "…", "silentAfterHours": 24, "oneTime": false}, each optional, and null except for name""";

    /// <returns>The changed source; null when a member has the wrong type.</returns>
    public NewSource? ApplyTo(AlertSource source)
    {
        try
        {
            return new NewSource(
                Text(Name, source.Name), Text(AppKey, source.AppKey), Text(TitleTemplate, source.TitleTemplate), source.HeaderName,
                Hours(source.SilentAfterHours), Flag(OneTime, source.OneTime)).Trimmed();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // A record's ToString prints its members; the app key must not reach a log.
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
