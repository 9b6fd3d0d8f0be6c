namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>With a default environment, too.</summary>
public sealed class RetryingFixture : ImpatientFixture
{
    public const string DefaultEnvironment = "the-default";

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?>(base.Settings) { ["BigPanda__DefaultEnvironmentId"] = DefaultEnvironment };
}
