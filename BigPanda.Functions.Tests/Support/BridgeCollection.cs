namespace BigPanda.Functions.Tests.Support;

/// <summary>The classes that only send webhooks and read alerts share one bridge; those that make BigPanda fail have their own.</summary>
[CollectionDefinition(Name)]
public sealed class BridgeCollection : ICollectionFixture<AppFixture>
{
    public const string Name = "One bridge";
}
