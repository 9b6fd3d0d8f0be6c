using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestCollectionOrderer("BigPanda.Functions.Tests.Support.StartOrder", "BigPanda.Functions.Tests")]

namespace BigPanda.Functions.Tests.Support;

/// <summary>A class that takes a minute or so, most of it waiting. Started last, it would be what the whole run waits for.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StartsFirstAttribute : Attribute;

public sealed class StartOrder : ITestCollectionOrderer
{
    /// <summary>How xunit names the collection of a class that has no other one.</summary>
    private const string OfClass = "Test collection for ";

    private static readonly HashSet<string> First =
    [
        .. typeof(StartOrder).Assembly.GetTypes().Where(type => type.IsDefined(typeof(StartsFirstAttribute), false)).Select(type => OfClass + type.FullName),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        new DefaultTestCollectionOrderer().OrderTestCollections(testCollections).OrderByDescending(collection => First.Contains(collection.DisplayName));
}
