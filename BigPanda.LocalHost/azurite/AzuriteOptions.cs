namespace BigPanda.LocalHost.Azurite;

internal sealed record AzuriteOptions
{
    /// <summary>Where the tables are stored; unused with <see cref="InMemory"/>.</summary>
    public string Directory { get; init; } = "";

    /// <summary>The port on 127.0.0.1; null: the last one used with this directory, else any free one.</summary>
    public int? Port { get; init; }

    public bool InMemory { get; init; }

    /// <summary>How long an Azurite of an earlier run may take to end. Default 20 s: a signal gives it 15.</summary>
    public TimeSpan EarlierRunEndsWithin { get; init; } = TimeSpan.FromSeconds(20);
}
