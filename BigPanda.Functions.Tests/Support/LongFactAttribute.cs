using Xunit.Abstractions;
using Xunit.Sdk;

namespace BigPanda.Functions.Tests.Support;

/// <summary>
/// A test that takes minutes of real time, run by <c>./test --long</c>. Otherwise it is not discovered and counts neither as passed nor as skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("BigPanda.Functions.Tests.Support.LongFactDiscoverer", "BigPanda.Functions.Tests")]
public sealed class LongFactAttribute : FactAttribute;

public sealed class LongFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.GetEnvironmentVariable("BIGPANDA_LONG") == "1" ? base.Discover(discoveryOptions, testMethod, factAttribute) : [];
}
