using System.Text.Json.Nodes;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The app has the roles that its code needs and no others; operators have those that docs/operations.md needs.</summary>
public sealed class RoleTests
{
    private const string AppsIdentity = "Microsoft.ManagedIdentity/userAssignedIdentities/id-bigpanda-";

    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["76199698-9eea-4c19-bc75-cec21354c6b6"] = "Storage Table Data Reader",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["090c5cfd-751d-490a-894a-3ce6f1109419"] = "Azure Service Bus Data Owner",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    private static readonly Lazy<string> Code = new(() => string.Join('\n',
        Directory.EnumerateFiles(Checkout.PathOf("BigPanda.Functions"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)));

    private static IEnumerable<JsonObject> Assignments => Snapshot.Of(Snapshot.Production).All("Microsoft.Authorization/roleAssignments");

    [Fact]
    public void The_app_has_the_roles_it_needs_on_storage() => Assert.Equal(
        // The Functions host keeps its package, leases and keys in blobs; our code does not show that.
        OfTheApp("Microsoft.Storage/storageAccounts"), Wanted("Storage Blob Data Owner", Does("TableServiceClient") ? "Storage Table Data Contributor" : null));

    [Fact]
    public void The_app_has_the_roles_it_needs_on_the_namespace() => Assert.Equal(
        OfTheApp("Microsoft.ServiceBus/namespaces"),
        Wanted(
            Does("ServiceBusSender") ? "Azure Service Bus Data Sender" : null,
            Does("[ServiceBusTrigger(") || Does("CreateReceiver(") ? "Azure Service Bus Data Receiver" : null));

    /// <summary>Writing secrets needs the officer's role; reading them, also by a reference in the settings, the user's.</summary>
    [Fact]
    public void The_app_has_the_role_it_needs_on_the_vault() => Assert.Equal(
        OfTheApp("Microsoft.KeyVault/vaults"),
        Wanted(Does("SetSecretAsync(") || Does("StartDeleteSecretAsync(") ? "Key Vault Secrets Officer" : "Key Vault Secrets User"));

    [Fact]
    public void The_app_has_the_role_it_needs_on_Application_Insights() =>
        Assert.Equal(OfTheApp("Microsoft.Insights/components"), Wanted("Monitoring Metrics Publisher"));

    [Fact]
    public void The_operators_have_the_roles_that_their_guide_names()
    {
        var guide = File.ReadAllText(Checkout.PathOf("docs", "operations.md"));
        var granted = Assignments.Where(assignment => Principal(assignment) == "[deployer().objectId]").Select(Role).ToList();

        Assert.Equal(Wanted("Azure Service Bus Data Owner", "Storage Table Data Reader"), granted.Order(StringComparer.Ordinal));
        Assert.All(granted, role => Assert.Contains(role, guide, StringComparison.Ordinal));
    }

    [Fact]
    public void A_role_is_the_apps_or_the_operators() => Assert.All(Assignments, assignment =>
        Assert.Equal(
            Principal(assignment).Contains(AppsIdentity, StringComparison.Ordinal) ? "ServicePrincipal" : null,
            Snapshot.Properties(assignment)["principalType"]?.ToString()));

    private static string[] OfTheApp(string scope) =>
    [
        .. Assignments.Where(
            assignment => Principal(assignment).Contains(AppsIdentity, StringComparison.Ordinal)
                && assignment["id"]?.ToString().Contains($"/{scope}/", StringComparison.Ordinal) == true)
            .Select(Role).Order(StringComparer.Ordinal),
    ];

    private static string Principal(JsonObject assignment) => Snapshot.Properties(assignment)["principalId"]?.ToString() ?? "";

    private static string Role(JsonObject assignment) => Roles[Snapshot.Properties(assignment)["roleDefinitionId"]?.ToString().Split('/')[^1] ?? ""];

    private static bool Does(string call) => Code.Value.Contains(call, StringComparison.Ordinal);

    private static string[] Wanted(params string?[] roles) => [.. roles.OfType<string>().Order(StringComparer.Ordinal)];
}
