using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge with a short timeout for BigPanda.</summary>
public class ImpatientFixture : AppFixture
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["BigPanda__TimeoutSeconds"] = "5" };
}
