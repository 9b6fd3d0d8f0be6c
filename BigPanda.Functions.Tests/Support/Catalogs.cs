using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Sources without a table service.</summary>
internal static class Catalogs
{
    public static SourceCatalog Of(params AlertSource[] sources)
    {
        var table = new Mock<TableClient>();
        var known = new Mock<TableServiceClient>();
        known.Setup(tables => tables.GetTableClient(It.IsAny<string>())).Returns(table.Object);
        table
            .Setup(rows => rows.QueryAsync<TableEntity>(It.IsAny<string>(), It.IsAny<int?>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Returns(AsyncPageable<TableEntity>.FromPages([Page<TableEntity>.FromValues([.. sources.Select(SourceStore.Row)], null, Mock.Of<Response>())]));
        var catalog = new SourceCatalog(new SourceStore(known.Object), NullLogger<SourceCatalog>.Instance);
        // There is no service to wait for.
        Assert.True(catalog.RefreshAsync(CancellationToken.None).IsCompletedSuccessfully);
        return catalog;
    }

    public static AlertSource Source(string id, params string[] tokens) => new()
    {
        Id = id,
        Name = id,
        CreatedAt = Deliveries.Start,
        Tokens = [.. tokens.Select((token, i) => new SourceToken($"t{i}", token[..Math.Min(6, token.Length)], SHA256.HashData(Encoding.UTF8.GetBytes(token)), Deliveries.Start))],
    };
}
