using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge whose tables can be taken away and given back: on disk, they are still there.</summary>
public sealed class StorageOutageFixture : AppFixture
{
    protected override bool InMemoryTables => false;
}
