using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>Nothing in infra/ holds a secret, and nothing it makes can be opened with one.</summary>
public sealed partial class SecrecyTests
{
    [Fact]
    public void No_parameter_is_a_secret_and_none_has_a_secret_for_a_default()
    {
        // A hash is none: nobody can send what it was made of.
        var secretive = BicepFiles.Templates.SelectMany(file => file.Parameters)
            .Where(p => p.Decorators.ContainsKey("secure") || (SecretName().IsMatch(p.Name) && !p.Name.EndsWith("Sha256", StringComparison.Ordinal)));

        Assert.Empty(secretive.Select(p => p.Name));
    }

    [Fact]
    public void No_text_looks_like_a_key_or_a_connection_string() =>
        Assert.All(Directory.EnumerateFiles(Repository.PathOf("infra"), "*", SearchOption.AllDirectories), path => Assert.DoesNotMatch(SecretText(), File.ReadAllText(path)));

    [Fact]
    public void No_key_is_asked_of_a_resource() =>
        Assert.All(BicepFiles.Templates, file => Assert.DoesNotMatch(KeyLookup(), File.ReadAllText(file.Path)));

    [Theory]
    [InlineData("storage.bicep", "account", "allowSharedKeyAccess", "false")]
    [InlineData("storage.bicep", "account", "allowBlobPublicAccess", "false")]
    [InlineData("storage.bicep", "account", "supportsHttpsTrafficOnly", "true")]
    [InlineData("servicebus.bicep", "busNamespace", "disableLocalAuth", "true")]
    [InlineData("keyvault.bicep", "vault", "enableRbacAuthorization", "true")]
    [InlineData("monitoring.bicep", "applicationInsights", "DisableLocalAuth", "true")]
    [InlineData("functionapp.bicep", "app", "httpsOnly", "true")]
    [InlineData("functionapp.bicep", "noFtpPassword", "allow", "false")]
    [InlineData("functionapp.bicep", "noPublishingPassword", "allow", "false")]
    public void Only_identities_get_in_and_only_encrypted(string file, string resource, string property, string value) =>
        Assert.Equal(value, BicepFiles.Named(file).Resource(resource).Properties[property]?.ToString());

    [Fact]
    public void The_package_is_read_with_the_apps_identity()
    {
        var app = BicepFiles.Named("functionapp.bicep").Resource("app");

        Assert.Equal("UserAssignedIdentity", app.Properties["functionAppConfig"]?["deployment"]?["storage"]?["authentication"]?["type"]?.ToString());
        Assert.Equal("UserAssigned", (app.Declared["identity"] as JsonObject)?["type"]?.ToString());
    }

    [GeneratedRegex("(?i)(password|secret|apikey|token|connectionstring)")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"AccountKey=|SharedAccessKey=|SharedAccessSignature=|\bsig=|-----BEGIN|[A-Za-z0-9+/]{86}==")]
    private static partial Regex SecretText();

    [GeneratedRegex(@"\blist(Keys|AccountSas|ServiceSas|Secrets|Credentials)?\(|getSecret\(")]
    private static partial Regex KeyLookup();
}
