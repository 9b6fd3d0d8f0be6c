using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

public sealed class ParkedActionsTests
{
    private const string Good = """{"kind":"close","IncidentId":"good","ActionId":"1","EnvironmentId":null,"Comment":"Resolved"}""";

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"kind":"not-known-yet","IncidentId":"new","ActionId":"1","EnvironmentId":null,"Comment":""}""")]
    public async Task An_action_that_cannot_be_read_does_not_hold_up_the_others(string? unreadable)
    {
        var rows = new[] { unreadable, Good }.Select((json, i) => new TableEntity("parked", $"{i}") { ["Action"] = json }).ToList();
        var table = Catalogs.Table(rows);
        var tables = new Mock<TableServiceClient>();
        tables.Setup(known => known.GetTableClient(TableNames.ParkedActions)).Returns(table.Object);

        var parked = await new ParkedActions(tables.Object, NullLogger<ParkedActions>.Instance).ListAsync(CancellationToken.None).ToListAsync();

        Assert.Equal("good", Assert.Single(parked).Action.IncidentId);
    }
}
