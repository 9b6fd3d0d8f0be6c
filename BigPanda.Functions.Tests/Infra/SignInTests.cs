using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Console.Api;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The platform's authentication is off by default, and would leave alone every route with another credential.</summary>
public sealed partial class SignInTests
{
    private static readonly JsonObject Authentication = Snapshot.Properties(
        Assert.Single(Snapshot.Of(Snapshot.Production).All("Microsoft.Web/sites/config"), config => Snapshot.Name(config) == "authsettingsV2"));

    private static IEnumerable<string> Excluded =>
        Authentication["globalValidation"]?["excludedPaths"]?.AsArray().Select(path => path?.ToString() ?? "") ?? [];

    [Fact]
    public void It_is_off_unless_a_client_id_is_given()
    {
        Assert.Equal("false", Authentication["platform"]?["enabled"]?.ToString());
        Assert.Empty(Authentication["identityProviders"]?.AsObject() ?? []);
        Assert.DoesNotContain(
            Snapshot.Of(Snapshot.Production).All("Microsoft.Insights/metricAlerts"), alert => Queries.AlertName(alert) == "platform-unauthorized");
    }

    /// <summary>A page that redirected webhooks to a sign-in would lose them.</summary>
    [Fact]
    public void The_platform_leaves_the_decision_to_the_app()
    {
        var validation = Authentication["globalValidation"];

        Assert.Equal(("false", "AllowAnonymous"), (validation?["requireAuthentication"]?.ToString(), validation?["unauthenticatedClientAction"]?.ToString()));
    }

    [Fact]
    public void Routes_with_another_credential_are_excluded_and_those_of_people_are_not() => Assert.All(
        from method in typeof(AppServices).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
        let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(one => one is not null)
        where trigger is { AuthLevel: AuthorizationLevel.Anonymous }
        select $"/api/{trigger.Route}",
        path => Assert.Equal(!path.StartsWith("/api/console", StringComparison.Ordinal) && path != "/api/sign-in", IsExcluded(path)));

    /// <summary>Its types come from a registry at compile time, so the compiler's tests leave it out; what it shares with the app is compared here.</summary>
    [Fact]
    public void The_app_registration_has_the_roles_that_the_app_knows()
    {
        var template = Checkout.Text("infra/entra/entra.bicep");

        Assert.Equal(Enum.GetNames<ConsoleRole>(), Role().Matches(template).Select(role => role.Groups["name"].Value));
        Assert.Contains("appRoleAssignmentRequired: true", template, StringComparison.Ordinal);
        Assert.Contains("/.auth/login/aad/callback", template, StringComparison.Ordinal);
        Assert.DoesNotContain("passwordCredentials", template, StringComparison.Ordinal);
    }

    private static bool IsExcluded(string path) => Excluded.Any(
        excluded => excluded.EndsWith("/*", StringComparison.Ordinal) ? path.StartsWith(excluded[..^1], StringComparison.Ordinal) : path == excluded);

    [GeneratedRegex(@"value: '(?<name>\w+)', description")]
    private static partial Regex Role();
}
