using System.Text.Json;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

/// <summary>What is wrong with a member of a request. It never quotes the value, which may be a secret.</summary>
internal sealed record FieldError(string Field, string Detail);

/// <summary>Reads the members of a request and keeps the first error.</summary>
internal sealed class FieldReader
{
    public FieldError? Error { get; private set; }

    /// <summary>A missing member keeps the value before, null removes it.</summary>
    /// <param name="rule">What the value must be, to follow its name.</param>
    public string? Text(JsonElement member, string field, string? before, Func<string, bool> isValid, string rule)
    {
        if (member.ValueKind == JsonValueKind.Undefined) return before;
        if (member.ValueKind == JsonValueKind.Null) return null;
        if (TextOf(member) is { } text && isValid(text)) return text;
        Fail(field, rule);
        return null;
    }

    /// <summary>The trimmed text; null for another type, or half a character.</summary>
    public static string? TextOf(JsonElement member)
    {
        try
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString()?.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public void Fail(string field, string rule) => Error ??= new FieldError(field, $"{field} {rule}.");
}
