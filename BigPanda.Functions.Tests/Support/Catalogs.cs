using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Sources without a table service.</summary>
internal static class Catalogs
{
    public static SourceCatalog Of(params AlertSource[] sources)
    {
        var catalog = Over(Table(sources).Object);
        // No retries: there is no service.
        Assert.True(catalog.RefreshAsync(CancellationToken.None).IsCompletedSuccessfully);
        return catalog;
    }

    /// <summary>A catalog that has not read its table yet.</summary>
    public static SourceCatalog Over(TableClient table)
    {
        var tables = new Mock<TableServiceClient>();
        tables.Setup(known => known.GetTableClient(TableNames.Sources)).Returns(table);
        return new SourceCatalog(new SourceStore(tables.Object, NullLogger<SourceStore>.Instance), NullLogger<SourceCatalog>.Instance);
    }

    public static Mock<TableClient> Table(params AlertSource[] sources) => Table([.. sources.Select(SourceStore.Row)]);

    /// <summary>A table that can only be queried.</summary>
    public static Mock<TableClient> Table(IReadOnlyList<TableEntity> rows)
    {
        var table = new Mock<TableClient>(MockBehavior.Strict);
        table.Setup(Query).Returns(() => AsyncPageable<TableEntity>.FromPages([Page<TableEntity>.FromValues(rows, null, Mock.Of<Response>())]));
        return table;
    }

    public static Expression<Func<TableClient, AsyncPageable<TableEntity>>> Query { get; } =
        rows => rows.QueryAsync<TableEntity>(It.IsAny<string>(), It.IsAny<int?>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>());

    public static AlertSource Source(string id, params string[] tokens) => new()
    {
        Id = id,
        Name = id,
        CreatedAt = Deliveries.Start,
        Tokens =
        [
            .. tokens.Select(
                (token, i) => new SourceToken($"t{i}", token[..Math.Min(6, token.Length)], SHA256.HashData(Encoding.UTF8.GetBytes(token)), Deliveries.Start)),
        ],
    };
}
