using Xunit.Abstractions;
using Xunit.Sdk;

namespace BigPanda.Functions.Tests.Support;

/// <summary>A <see cref="LongFactAttribute"/> for each row of data.</summary>
[XunitTestCaseDiscoverer("BigPanda.Functions.Tests.Support.LongTheoryDiscoverer", "BigPanda.Functions.Tests")]
public sealed class LongTheoryAttribute : TheoryAttribute;

public sealed class LongTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Environment.GetEnvironmentVariable("BIGPANDA_LONG") == "1" ? base.Discover(discoveryOptions, testMethod, theoryAttribute) : [];
}
