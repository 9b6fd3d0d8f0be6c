using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Api;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace BigPanda.Functions.Tests.Sources;

/// <summary>Changes that a storage failure interrupts.</summary>
public sealed class SourceChangesTests
{
    private static readonly AlertSource One = Catalogs.Source("main", "first-token") with { HeaderName = "X-Token" };
    private static readonly AlertSource Two = Catalogs.Source("main", "first-token", "second-token");

    private readonly Mock<TableClient> _table = Catalogs.Table(One);
    private readonly List<SourceCleanup> _cleanups = [];
    private readonly SourceService _register;
    private readonly SourcesFunction _function;

    public SourceChangesTests()
    {
        var tables = new Mock<TableServiceClient>();
        tables.Setup(known => known.GetTableClient(TableNames.Sources)).Returns(_table.Object);
        var (store, usages, catalog) = (
            new SourceStore(tables.Object, NullLogger<SourceStore>.Instance), new SourceUsageStore(tables.Object), Catalogs.Over(_table.Object));
        var options = Options.Create(new SourceOptions());
        _register = new SourceService(store, usages, catalog, _cleanups, TimeProvider.System, NullLogger<SourceService>.Instance);
        var reader = new SourceReader(store, usages, catalog, options, TimeProvider.System);
        _function = new SourcesFunction(_register, store, reader, NullLogger<SourcesFunction>.Instance);
    }

    [Fact]
    public async Task A_new_token_is_shown_although_the_table_fails_once_it_is_saved()
    {
        RowsAre(SourceStore.Row(One), null);
        UpdatingAnswers(null);

        var answer = await _function.AddTokenAsync(new DefaultHttpContext().Request, "main", CancellationToken.None);

        var view = Assert.IsType<NewTokenView>(Assert.IsAssignableFrom<IValueHttpResult>(answer).Value);
        Assert.Equal(("X-Token", view.BearerToken), (view.Header.Name, view.Header.Value));
    }

    [Fact]
    public async Task A_token_whose_removal_was_saved_and_its_answer_lost_is_removed_here_at_once()
    {
        RowsAre(SourceStore.Row(Two), SourceStore.Row(One));
        UpdatingAnswers(new RequestFailedException(412, "changed"));

        Assert.Equal(TokenRemoval.Done, await _register.RemoveTokenAsync("main", "t1", CancellationToken.None));

        _table.Verify(Catalogs.Query, Times.Once);
    }

    [Fact]
    public async Task The_last_token_stays_when_another_caller_removes_the_other_one_first()
    {
        RowsAre(SourceStore.Row(Two), SourceStore.Row(One));
        UpdatingAnswers(new RequestFailedException(412, "changed"));

        Assert.Equal(TokenRemoval.LastOne, await _register.RemoveTokenAsync("main", "t0", CancellationToken.None));
    }

    [Fact]
    public async Task A_source_that_could_not_be_removed_whole_can_be_removed_again()
    {
        RowsAre(SourceStore.Row(One), SourceStore.Row(One));
        List<string> removed = [];
        var isDown = true;
        _table
            .Setup(rows => rows.DeleteEntityAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ETag>(), It.IsAny<CancellationToken>()))
            .Returns((string partition, string _, ETag _, CancellationToken _) =>
            {
                if (partition == "usage" && isDown) throw new RequestFailedException(503, "busy");
                removed.Add(partition);
                return Task.FromResult(Mock.Of<Response>());
            });

        await Assert.ThrowsAsync<RequestFailedException>(() => _register.RemoveAsync("main", CancellationToken.None));
        Assert.Empty(removed);
        isDown = false;

        Assert.True(await _register.RemoveAsync("main", CancellationToken.None));
        Assert.Equal(["usage", "source"], removed);
    }

    [Fact]
    public async Task When_the_vault_is_unavailable_a_deletion_answers_that_and_the_source_stays()
    {
        RowsAre(SourceStore.Row(One));
        _cleanups.Add(new SourceCleanup(SourceKind.BigPanda, (_, _) => throw new CredentialUnreadableException("could not read the stored keys")));
        var context = new DefaultHttpContext();

        var answer = await _function.DeleteAsync(context.Request, "main", CancellationToken.None);

        var problem = Assert.IsType<ProblemHttpResult>(answer).ProblemDetails;
        Assert.Equal((503, "connection-store-unavailable"), (problem.Status, problem.Extensions["code"]));
        Assert.Contains("Key Vault", problem.Detail, StringComparison.Ordinal);
        _table.Verify(
            rows => rows.DeleteEntityAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ETag>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    /// <summary>The results of successive reads of the source; null is an outage.</summary>
    private void RowsAre(params TableEntity?[] rows)
    {
        var read = 0;
        _table
            .Setup(
                table => table.GetEntityIfExistsAsync<TableEntity>(
                    It.IsAny<string>(), It.IsAny<string>(), It.IsAny<IEnumerable<string>>(), It.IsAny<CancellationToken>()))
            .Returns(() => Task.FromResult<NullableResponse<TableEntity>>(
                rows[read++] is { } row ? Response.FromValue(row, Mock.Of<Response>()) : throw new RequestFailedException(503, "busy")));
    }

    private void UpdatingAnswers(Exception? fault) => _table
        .Setup(table => table.UpdateEntityAsync(It.IsAny<TableEntity>(), It.IsAny<ETag>(), It.IsAny<TableUpdateMode>(), It.IsAny<CancellationToken>()))
        .Returns(() => fault is null ? Task.FromResult(Mock.Of<Response>()) : throw fault);
}
