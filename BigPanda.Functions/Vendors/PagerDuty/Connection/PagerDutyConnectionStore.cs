using System.Text.Json.Serialization;
using Azure.Data.Tables;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Vendors.PagerDuty.Connection;

public sealed class PagerDutyConnectionStore(TableServiceClient tables)
    : ConnectionFactStore<PagerDutyFacts>(tables, PagerDutyApi.Key, PagerDutyFactsJson.Default.PagerDutyFacts);

/// <summary>What is not secret about a connection.</summary>
public sealed record PagerDutyFacts
{
    public required string ConnectedBy { get; init; }
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>When PagerDuty accepted the REST key; null without one.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Without the ids of the keys.</summary>
    public PagingPolicy Policy { get; init => field = value ?? new PagingPolicy(); } = new();
}

[JsonSerializable(typeof(PagerDutyFacts))]
internal sealed partial class PagerDutyFactsJson : JsonSerializerContext;
