namespace BigPanda.Functions.Tests.Infra;

/// <summary>The app may do what its code does, and nothing more.</summary>
public sealed class RoleTests
{
    private static readonly BicepFile Roles = BicepFiles.Named("roles.bicep");

    private static readonly Lazy<string> Code = new(() => string.Join('\n',
        Directory.EnumerateFiles(Repository.PathOf("BigPanda.Functions"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText)));

    [Fact]
    public void Storage() => Assert.Equal(
        // The Functions host keeps its package, leases and keys in blobs; it is not in our code.
        Granted("storageRoles"), Wanted("storageBlobDataOwner", Does("TableServiceClient") ? "storageTableDataContributor" : null));

    [Fact]
    public void Service_Bus() => Assert.Equal(
        Granted("serviceBusRoles"),
        Wanted(Does("ServiceBusSender") ? "serviceBusDataSender" : null, Does("[ServiceBusTrigger(") || Does("CreateReceiver(") ? "serviceBusDataReceiver" : null));

    /// <summary>Writing secrets takes the officer's role; reading them, by a reference in the settings too, the user's.</summary>
    [Fact]
    public void Key_Vault() => Assert.Equal(
        Granted("keyVaultRoles"), Wanted(Does("SetSecretAsync(") || Does("StartDeleteSecretAsync(") ? "keyVaultSecretsOfficer" : "keyVaultSecretsUser"));

    [Fact]
    public void Application_Insights() => Assert.Equal(Granted("applicationInsightsRoles"), Wanted("monitoringMetricsPublisher"));

    [Theory]
    [InlineData("storageBlobDataOwner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b")]
    [InlineData("storageTableDataContributor", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3")]
    [InlineData("serviceBusDataSender", "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39")]
    [InlineData("serviceBusDataReceiver", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0")]
    [InlineData("keyVaultSecretsUser", "4633458b-17de-408a-b874-0445c86b69e6")]
    [InlineData("keyVaultSecretsOfficer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7")]
    [InlineData("monitoringMetricsPublisher", "3913510d-42f4-4e42-8a64-420c390055eb")]
    public void A_role_is_the_one_it_is_named(string name, string id)
    {
        if (Roles.Variables.TryGetValue(name, out var declared)) Assert.Equal(id, declared?.ToString());
    }

    [Theory]
    [InlineData("onStorage", "storage", "storageRoles")]
    [InlineData("onServiceBus", "serviceBus", "serviceBusRoles")]
    [InlineData("onKeyVault", "keyVault", "keyVaultRoles")]
    [InlineData("onApplicationInsights", "applicationInsights", "applicationInsightsRoles")]
    public void A_role_reaches_one_resource_and_has_one_name_for_ever(string assignment, string scope, string roles)
    {
        var resource = Roles.Resource(assignment);

        Assert.Equal(roles, resource.Loop);
        Assert.Equal(scope, BicepFile.Text(resource.Declared["scope"]));
        Assert.Equal($"guid({scope}.id, principalId, role)", BicepFile.Text(resource.Declared["name"]));
        Assert.Equal("ServicePrincipal", resource.Properties["principalType"]?.ToString());
    }

    private static bool Does(string call) => Code.Value.Contains(call, StringComparison.Ordinal);

    private static string[] Granted(string variable) => [.. Roles.TextList(variable).Order(StringComparer.Ordinal)];

    private static string[] Wanted(params string?[] roles) => [.. roles.OfType<string>().Order(StringComparer.Ordinal)];
}
