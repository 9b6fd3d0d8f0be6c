using BigPanda.Functions.Console.Api;
using Microsoft.Extensions.Primitives;

namespace BigPanda.Functions.Tests.Console;

/// <summary>Who the platform's header names, and every form of it that names no person.</summary>
public sealed class ClientPrincipalTests
{
    private static readonly string Tenant = Principals.Tenant.ToString();

    public static TheoryData<string, string> Refused => new()
    {
        { "none", "" },
        { "not Base64", "{}" },
        { "Base64 of the URL form", $"-{Principals.Of("Admin")[1..]}" },
        { "not JSON", Principals.Encode("Admin") },
        { "cut off", Principals.Encode("""{"auth_typ":"aad","claims":[""") },
        { "null", Principals.Encode("null") },
        { "a list", Principals.Encode("[]") },
        { "nothing in it", Principals.Encode("{}") },
        { "claims of another type", Principals.Encode("""{"auth_typ":"aad","claims":{"tid":"x"}}""") },
        { "claims of text", Principals.Encode("""{"auth_typ":"aad","claims":["tid"]}""") },
        { "claims without types", Principals.Encode("""{"auth_typ":"aad","claims":[{"val":"x"}]}""") },
        { "values of another type", Principals.Encode("""{"auth_typ":"aad","claims":[{"typ":"tid","val":1}]}""") },
        { "half a surrogate pair", Principals.Encode("""{"auth_typ":"aad","claims":[{"typ":"tid","val":"\ud800"}]}""") },
        { "deep", Principals.Encode($"{new string('[', 70)}{new string(']', 70)}") },
        { "two members of a name", Principals.Encode("""{"auth_typ":"github","auth_typ":"aad","claims":[]}""") },
        { "another provider", Principals.Of("github", ("tid", Tenant), ("oid", Principals.Person), ("roles", "Admin")) },
        { "no provider", Principals.Of("", ("tid", Tenant), ("oid", Principals.Person), ("roles", "Admin")) },
        { "no tenant", Principals.Of("aad", ("oid", Principals.Person), ("roles", "Admin")) },
        { "another tenant", Principals.Of("aad", ("tid", Guid.NewGuid().ToString()), ("oid", Principals.Person), ("roles", "Admin")) },
        { "two tenants", Principals.Of("aad", ("tid", Tenant), ("tid", Guid.NewGuid().ToString()), ("oid", Principals.Person)) },
        { "two tenants by both names", Principals.Of("aad", (Principals.LongTenant, Guid.NewGuid().ToString()), ("tid", Tenant), ("oid", Principals.Person)) },
        { "a tenant in another claim", Principals.Of("aad", ("TID", Tenant), ("name", Tenant), ("oid", Principals.Person)) },
        { "an empty tenant", Principals.Of("aad", ("tid", Guid.Empty.ToString()), ("oid", Principals.Person)) },
        { "no object id", Principals.Of("aad", ("tid", Tenant), ("sub", Principals.Person), ("roles", "Admin")) },
        { "an object id that is none", Principals.Of("aad", ("tid", Tenant), ("oid", "ada"), ("roles", "Admin")) },
        { "two object ids", Principals.Of("aad", ("tid", Tenant), ("oid", Principals.Person), ("oid", Guid.NewGuid().ToString())) },
        { "too long", Principals.Of("Admin", new string('x', ClientPrincipal.MaxLength)) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_does_not_name_a_person_of_the_tenant_is_refused(string what, string header)
    {
        var (user, error) = ClientPrincipal.Read(header, Principals.Tenant);

        Assert.True(user is null && error.EndsWith('.'), what);
    }

    [Fact]
    public void A_header_that_comes_twice_is_refused() =>
        Assert.Null(ClientPrincipal.Read(new StringValues([Principals.Of("Admin"), Principals.Of("Admin")]), Principals.Tenant).User);

    [Theory]
    [InlineData("Reader", ConsoleRole.Reader)]
    [InlineData("Responder", ConsoleRole.Responder)]
    [InlineData("Admin", ConsoleRole.Admin)]
    public void A_role_is_known_by_its_value(string value, object role) => Assert.Equal(role, Read(Principals.Of(value)).Role);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("admin")]
    [InlineData("3")]
    [InlineData("Admin,Reader")]
    [InlineData("Owner")]
    public void Anything_else_is_none(string? value) => Assert.Null(Read(Principals.Of(value)).Role);

    [Fact]
    public void Of_several_roles_the_one_that_may_most_counts() =>
        Assert.Equal(ConsoleRole.Responder, Read(Principals.Of("aad", [.. Person, ("roles", "Reader"), ("roles", "Other"), ("roles", "Responder")])).Role);

    [Fact]
    public void Claims_under_their_long_names_are_read_too()
    {
        var user = Read(Principals.Of(
            "AzureActiveDirectory",
            (Principals.LongTenant, Tenant.ToUpperInvariant()), (Principals.LongObject, Principals.Person), (Principals.LongRole, "Reader")));

        Assert.Equal((ConsoleRole.Reader, Guid.Parse(Principals.Person)), (user.Role, user.Person.ObjectId));
    }

    /// <summary>It stands in timelines, logs and BigPanda; people choose it in their profile.</summary>
    [Theory]
    [InlineData("Ada Lovelace", "Ada Lovelace")]
    [InlineData("  Ada\r\nadmin ", "Adaadmin")]
    [InlineData("Ada\u202Enimda\u200B", "Adanimda")]
    [InlineData("\u0000", Principals.Person)]
    [InlineData("", Principals.Person)]
    [InlineData("\U0001F600 Ada", "\U0001F600 Ada")]
    public void A_name_is_one_line_that_changes_nothing_around_it(string name, string shown) =>
        Assert.Equal(shown, Read(Principals.Of("Reader", name)).Person.Name);

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        var name = Read(Principals.Of("Reader", new string('x', 199) + "\U0001F600")).Person.Name;

        Assert.Equal(new string('x', 199), name);
    }

    private static (string Type, string Value)[] Person => [("tid", Tenant), ("oid", Principals.Person)];

    private static ConsoleUser Read(string header)
    {
        var (user, error) = ClientPrincipal.Read(header, Principals.Tenant);
        return user ?? throw new InvalidOperationException(error);
    }
}
