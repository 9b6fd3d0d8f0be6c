using System.Text.Json.Serialization;
using Azure.Data.Tables;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.BigPanda.Api;

namespace BigPanda.Functions.Vendors.BigPanda.Connection;

/// <summary>Stores the facts of each connection, and the days left at the last expiry warning.</summary>
public sealed class ConnectionStore(TableServiceClient tables)
    : ConnectionFactStore<ConnectionFacts>(tables, BigPandaApi.Key, ConnectionFactsJson.Default.ConnectionFacts)
{
    private const string WarnedColumn = "WarnedAtDays";

    internal Task<int?> FindWarningAsync(string connectionId, CancellationToken cancellationToken) =>
        ReadAsync(connectionId, WarnedColumn, row => row.GetInt32(WarnedColumn), cancellationToken);

    internal Task SaveWarningAsync(string connectionId, int atDays, CancellationToken cancellationToken) =>
        MergeAsync(connectionId, WarnedColumn, atDays, cancellationToken);
}

/// <summary>What was known of a key when it was connected.</summary>
public sealed record ConnectionFacts
{
    public IReadOnlyList<BigPandaEnvironment> Environments { get; init => field = value ?? []; } = [];

    /// <summary>May exceed the number listed.</summary>
    public int EnvironmentCount { get; init; }

    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <returns>Whole days until the key expires; negative after that.</returns>
    public int? DaysLeft(DateTimeOffset now) => ExpiresOn is { } end ? (int)Math.Floor((end - now).TotalDays) : null;
}

[JsonSerializable(typeof(ConnectionFacts))]
internal sealed partial class ConnectionFactsJson : JsonSerializerContext;
