using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge with a default environment and a short timeout for BigPanda.</summary>
public sealed class RetryingFixture : AppFixture
{
    public const string DefaultEnvironment = "the-default";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["BigPanda__DefaultEnvironmentId"] = DefaultEnvironment,
        ["BigPanda__TimeoutSeconds"] = "2",
    };
}
