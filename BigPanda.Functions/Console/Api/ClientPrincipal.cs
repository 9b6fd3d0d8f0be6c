using System.Globalization;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Http;
using BigPanda.Functions.Json;
using Microsoft.Extensions.Primitives;

namespace BigPanda.Functions.Console.Api;

/// <param name="Role">Null for a person without one of the app's roles.</param>
internal sealed record ConsoleUser(SignedInPerson Person, ConsoleRole? Role);

/// <summary>
/// Reads the header in which the platform names who has signed in
/// (https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities). It proves nothing by itself: a caller can send it
/// to an app whose platform does not authenticate. Claims come under their short names or mapped to long ones; both are read.
/// </summary>
internal static class ClientPrincipal
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    /// <summary>Far above what the platform sends without groups; Kestrel takes 32 KB of headers in all.</summary>
    internal const int MaxLength = 16 * 1024;

    private const int MaxName = 200;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly string[] Providers = ["aad", "azureactivedirectory"];
    private static readonly string[] TenantClaims = ["tid", "http://schemas.microsoft.com/identity/claims/tenantid"];
    private static readonly string[] ObjectClaims = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];
    private static readonly string[] NameClaims = ["name", "preferred_username", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"];

    /// <returns>The user; or null and why there is none.</returns>
    public static (ConsoleUser? User, string Error) Read(StringValues header, Guid tenant)
    {
        if (header is not [{ Length: <= MaxLength } text]) return (null, $"The header {Header} must come once and have at most {MaxLength} characters.");
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return (null, $"The header {Header} is not Base64.");
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length), Strict);
            return ReadUser(document.RootElement, tenant);
        }
        // Also a member of another type.
        catch (Exception e) when (ReceivedJson.IsInvalid(e))
        {
            return (null, $"The header {Header} does not have the platform's form.");
        }
    }

    private static (ConsoleUser? User, string Error) ReadUser(JsonElement principal, Guid tenant)
    {
        if (!Providers.Contains(Text(principal, "auth_typ"), StringComparer.OrdinalIgnoreCase)) return (null, "The person has not signed in with Entra ID.");
        var claims = principal.TryGetProperty("claims", out var list) ? list.EnumerateArray().Select(ReadClaim).ToList() : [];
        if (OnlyId(claims, TenantClaims) != tenant) return (null, "The person has signed in to another tenant.");
        if (OnlyId(claims, ObjectClaims) is not { } id) return (null, "The sign-in does not say who the person is.");
        return (new ConsoleUser(new SignedInPerson(NameOf(claims) ?? id.ToString(), id), RoleOf(claims)), "");
    }

    private static (string Type, string Value) ReadClaim(JsonElement claim) =>
        (Text(claim, "typ"), Text(claim, "val"));

    private static string Text(JsonElement parent, string member) => parent.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";

    /// <returns>Null unless all claims of the type agree on one id.</returns>
    private static Guid? OnlyId(List<(string Type, string Value)> claims, string[] types)
    {
        var values = claims.Where(claim => types.Contains(claim.Type)).Select(claim => claim.Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return values is [var only] && Guid.TryParseExact(only, "D", out var id) && id != Guid.Empty ? id : null;
    }

    private static ConsoleRole? RoleOf(List<(string Type, string Value)> claims)
    {
        var values = claims.Where(claim => RoleClaims.Contains(claim.Type)).Select(claim => claim.Value).ToList();
        // By name: a number would be parsed as a role too.
        return Enum.GetValues<ConsoleRole>().Where(role => values.Contains(role.ToString())).Select(role => (ConsoleRole?)role).Max();
    }

    private static string? NameOf(List<(string Type, string Value)> claims) =>
        NameClaims.SelectMany(type => claims.Where(claim => claim.Type == type)).Select(claim => OneLine(claim.Value)).FirstOrDefault(name => name.Length > 0);

    /// <summary>What stands in timelines and in BigPanda: without characters that change how the text around them is shown.</summary>
    private static string OneLine(string name)
    {
        var shown = string.Concat(name.EnumerateRunes().Where(rune => !IsHidden(Rune.GetUnicodeCategory(rune)))).Trim();
        if (shown.Length <= MaxName) return shown;
        return shown[..(char.IsHighSurrogate(shown[MaxName - 1]) ? MaxName - 1 : MaxName)].TrimEnd();
    }

    private static bool IsHidden(UnicodeCategory category) => category is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
