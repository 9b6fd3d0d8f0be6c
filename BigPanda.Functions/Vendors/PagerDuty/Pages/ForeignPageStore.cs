using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Rules.Paging;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Vendors.PagerDuty.Pages;

/// <summary>An incident in PagerDuty that another integration has opened for one of BigPanda's.</summary>
/// <param name="IncidentId">BigPanda's.</param>
internal sealed record ForeignPage(string IncidentId, PagerIncident Incident)
{
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
}

/// <summary>What other integrations have paged, as PagerDuty's webhooks show it: in shadow mode it is compared with what the bridge would have paged.</summary>
public sealed class ForeignPageStore(TableServiceClient tables)
{
    private const string Partition = "foreign";
    private const string PagerIdColumn = "PagerId";
    private const string PagerUrlColumn = "PagerUrl";

    private readonly TableClient _table = tables.GetTableClient(TableNames.Pages);

    /// <summary>Adds what is known now; a later event adds the rest, in any order.</summary>
    internal Task AddAsync(ForeignPage page, CancellationToken cancellationToken) => _table.ChangeAsync(
        Partition, Row(page),
        row =>
        {
            var known = row is null ? page : Read(row);
            var next = known with
            {
                Incident = page.Incident.Url is null ? known.Incident : page.Incident,
                OpenedAt = Earlier(known.OpenedAt, page.OpenedAt),
                ResolvedAt = Later(known.ResolvedAt, page.ResolvedAt),
            };
            return row is not null && next == known ? null : Write(next);
        },
        cancellationToken);

    internal async IAsyncEnumerable<ForeignPage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken)) yield return Read(row);
    }

    internal Task RemoveOldAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        _table.RemoveOlderAsync(Partition, before, cancellationToken);

    private static string Row(ForeignPage page) => $"{TableKey.Of(page.IncidentId)}|{TableKey.Of(page.Incident.Id)}";

    private static TableEntity Write(ForeignPage page) => new(Partition, Row(page))
    {
        [nameof(ForeignPage.IncidentId)] = page.IncidentId,
        [PagerIdColumn] = page.Incident.Id,
        [PagerUrlColumn] = page.Incident.Url,
        [nameof(ForeignPage.OpenedAt)] = page.OpenedAt,
        [nameof(ForeignPage.ResolvedAt)] = page.ResolvedAt,
    };

    private static ForeignPage Read(TableEntity row) =>
        new(row.GetString(nameof(ForeignPage.IncidentId)) ?? "", new PagerIncident(row.GetString(PagerIdColumn) ?? "", row.GetString(PagerUrlColumn)))
        {
            OpenedAt = row.GetDateTimeOffset(nameof(ForeignPage.OpenedAt)),
            ResolvedAt = row.GetDateTimeOffset(nameof(ForeignPage.ResolvedAt)),
        };

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
