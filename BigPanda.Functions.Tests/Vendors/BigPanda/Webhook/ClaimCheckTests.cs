using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

public sealed class ClaimCheckTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private const string Closed = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a";

    public async Task InitializeAsync() => await azurite.TableServiceClient.CreateTableIfNotExistsAsync(TableNames.Payloads);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_body_too_large_for_a_message_lies_in_the_tables_under_its_hash()
    {
        var intake = new Intake(tables: azurite.TableServiceClient);
        var body = Incompressible(8 * 1024 * 1024);

        var answer = await intake.PostAsync(body);

        Assert.Equal(202, answer.Status);
        var message = Assert.Single(intake.Bus.Sent);
        Assert.Equal(0, message.Body.ToMemory().Length);
        Assert.Matches("^sha256-[0-9a-f]{64}$", Assert.IsType<string>(message.ApplicationProperties[MessageProperties.Claim]));
        Assert.Equal(body, await Bodies.UnpackedAsync(intake, message));
        // A copy of the message, or its next delivery.
        Assert.Equal(body, await Bodies.UnpackedAsync(intake, message));
    }

    [Fact]
    public async Task Two_messages_of_one_delivery_share_one_body()
    {
        var intake = new Intake(tables: azurite.TableServiceClient);
        var body = Incompressible(1024 * 1024);

        await intake.PostAsync(body);
        await intake.PostAsync(body);

        Assert.Equal(intake.Bus.Sent[0].ApplicationProperties[MessageProperties.Claim], intake.Bus.Sent[1].ApplicationProperties[MessageProperties.Claim]);
        Assert.Equal(body, await Bodies.UnpackedAsync(intake, intake.Bus.Sent[1]));
    }

    [Fact]
    public async Task A_body_that_is_gone_or_damaged_is_said()
    {
        var intake = new Intake(tables: azurite.TableServiceClient);
        await intake.PostAsync(Incompressible(1024 * 1024));
        var message = intake.Bus.Sent[0];
        var claim = $"{message.ApplicationProperties[MessageProperties.Claim]}";
        var table = azurite.TableServiceClient.GetTableClient(TableNames.Payloads);

        await table.UpdateEntityAsync(new TableEntity(claim, "0000") { ["Data00"] = new byte[] { 1 } }, ETag.All);
        Assert.Contains(
            "is damaged", (await Assert.ThrowsAsync<MessageUnreadableException>(() => Bodies.UnpackedAsync(intake, message))).Message,
            StringComparison.Ordinal);

        await table.DeleteEntityAsync(claim, "0000");
        Assert.Contains(
            "is missing", (await Assert.ThrowsAsync<MessageUnreadableException>(() => Bodies.UnpackedAsync(intake, message))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_check_store_that_is_down_means_503_and_nothing_is_sent()
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        var intake = new Intake(tables: new TableServiceClient(Closed, options));

        var answer = await intake.PostAsync(Incompressible(1024 * 1024));

        answer.AssertProblem(503);
        Assert.Equal("5", answer.Response.Headers.RetryAfter);
        Assert.Empty(intake.Bus.Sent);
    }

    [Fact]
    public async Task A_message_on_the_edge_of_the_limit_needs_no_claim()
    {
        var intake = new Intake(tables: azurite.TableServiceClient);

        await intake.PostAsync(Incompressible(300 * 1024));

        var message = Assert.Single(intake.Bus.Sent);
        Assert.InRange(message.Body.ToMemory().Length, 200 * 1024, MessageBodies.MaxInMessage);
        Assert.False(message.ApplicationProperties.ContainsKey(MessageProperties.Claim));
    }

    /// <summary>An incident of about this size that compresses by a quarter at most.</summary>
    private static byte[] Incompressible(int size) =>
        Encoding.ASCII.GetBytes($$$"""{"incident":{"id":"i","noise":"{{{Convert.ToBase64String(RandomNumberGenerator.GetBytes((size - 100) / 4 * 3))}}}"}}""");
}
