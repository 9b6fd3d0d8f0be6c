using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>infra/ contains no secret, and no deployed resource accepts one.</summary>
public sealed partial class SecrecyTests
{
    private static readonly Snapshot Deployed = Snapshot.Of(Snapshot.Production);

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Checkout.PathOf("infra"), "*", SearchOption.AllDirectories);

    [Fact]
    public void No_parameter_is_a_secret() => Assert.All(Files.Where(path => path.EndsWith(".bicep", StringComparison.Ordinal)), path =>
    {
        Assert.DoesNotContain("@secure", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.DoesNotMatch(SecretName(), File.ReadAllText(path));
    });

    [Fact]
    public void No_text_looks_like_a_key_or_a_connection_string() => Assert.All(Files, path => Assert.DoesNotMatch(SecretText(), File.ReadAllText(path)));

    [Fact]
    public void No_key_is_asked_of_a_resource() => Assert.All(Files, path => Assert.DoesNotMatch(KeyLookup(), File.ReadAllText(path)));

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", "false")]
    [InlineData("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", "false")]
    [InlineData("Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", "true")]
    [InlineData("Microsoft.ServiceBus/namespaces", "disableLocalAuth", "true")]
    [InlineData("Microsoft.KeyVault/vaults", "enableRbacAuthorization", "true")]
    [InlineData("Microsoft.Insights/components", "DisableLocalAuth", "true")]
    [InlineData("Microsoft.Web/sites", "httpsOnly", "true")]
    public void Only_identities_get_in_and_only_encrypted(string type, string property, string value) =>
        Assert.Equal(value, Snapshot.Properties(Deployed.The(type))[property]?.ToString());

    [Fact]
    public void Nothing_is_published_with_a_password()
    {
        var policies = Deployed.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies");

        Assert.Equal(["ftp", "scm"], policies.Select(Snapshot.Name).Order(StringComparer.Ordinal));
        Assert.All(policies, policy => Assert.Equal("false", Snapshot.Properties(policy)["allow"]?.ToString()));
    }

    [Fact]
    public void The_package_is_read_with_the_apps_identity()
    {
        var app = Deployed.The("Microsoft.Web/sites");

        Assert.Equal("UserAssignedIdentity", Snapshot.Properties(app)["functionAppConfig"]?["deployment"]?["storage"]?["authentication"]?["type"]?.ToString());
        Assert.Equal("UserAssigned", app["identity"]?["type"]?.ToString());
    }

    [GeneratedRegex(@"(?mi)^param \w*(password|secret|apikey|token|connectionstring)\w* ")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"AccountKey=|SharedAccessKey=|SharedAccessSignature=|\bsig=|-----BEGIN|[A-Za-z0-9+/]{86}==")]
    private static partial Regex SecretText();

    [GeneratedRegex(@"\blist(Keys|AccountSas|ServiceSas|Secrets|Credentials)?\(|getSecret\(")]
    private static partial Regex KeyLookup();
}
