using System.Text;
using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Console;

/// <summary>Headers as the platform writes them.</summary>
internal static class Principals
{
    public static readonly Guid Tenant = new("11111111-2222-3333-4444-555555555555");
    public const string Person = "99999999-8888-7777-6666-555555555555";

    public const string LongTenant = "http://schemas.microsoft.com/identity/claims/tenantid";
    public const string LongObject = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    public const string LongRole = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    public static string Of(string? role = null, string name = "Ada") => Of(
        "aad", [("tid", Tenant.ToString()), ("oid", Person), ("name", name), .. role is null ? Array.Empty<(string, string)>() : [("roles", role)]]);

    public static string Of(string provider, params IEnumerable<(string Type, string Value)> claims) => Encode(new JsonObject
    {
        ["auth_typ"] = provider,
        ["name_typ"] = "name",
        ["role_typ"] = "roles",
        ["claims"] = new JsonArray([.. claims.Select(claim => new JsonObject { ["typ"] = claim.Type, ["val"] = claim.Value })]),
    }.ToJsonString());

    public static string Encode(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
}
