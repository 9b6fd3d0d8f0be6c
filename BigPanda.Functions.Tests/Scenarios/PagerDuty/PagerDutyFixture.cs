using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios.PagerDuty;

/// <summary>A bridge with both vendors, which checks a page after a second.</summary>
public class PagerDutyFixture : AppFixture
{
    protected override bool SimulatesPagerDuty => true;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["PagerDuty__VerifyAfterSeconds"] = "1",
        ["PagerDuty__TimeoutSeconds"] = "5",
        ["BigPanda__TimeoutSeconds"] = "5",
    };
}
