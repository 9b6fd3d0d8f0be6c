using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge whose tables can be stopped and started again; on disk, so that they survive.</summary>
public sealed class StorageOutageFixture : AppFixture
{
    protected override bool InMemoryTables => false;
}
