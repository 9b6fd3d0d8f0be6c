using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableAuthenticationTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task A_wrong_key_is_refused_at_once()
    {
        var key = azurite.ConnectionString.Split("AccountKey=")[1].Split(';')[0];
        var wrong = azurite.ConnectionString.Replace(key, Convert.ToBase64String(new byte[64]), StringComparison.Ordinal);
        var table = new TableClient(wrong, "anything", new TableClientOptions());

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(403, failure.Status);
        Assert.DoesNotContain(key, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_one_table_signs_like_the_service_client()
    {
        var name = (await azurite.NewTableAsync()).Name;
        var table = new TableClient(azurite.ConnectionString, name, new TableClientOptions());

        Assert.Equal(204, (await table.AddEntityAsync(new TableEntity("p", "it's"))).Status);
        Assert.Equal(name, table.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountName=a;TableEndpoint=http://127.0.0.1:1/a")]
    public void A_connection_string_that_lacks_something_is_refused(string text) =>
        Assert.ThrowsAny<Exception>(() => new TableServiceClient(text, new TableClientOptions()));

    [Fact]
    public async Task The_short_development_string_means_the_well_known_account_on_its_port()
    {
        var sent = new Recorder();

        await Client("UseDevelopmentStorage=true", sent).GetTableClient("t").UpsertEntityAsync(new TableEntity("p", "r"));

        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1/t(PartitionKey='p',RowKey='r')", WithoutQuery(sent.Uri));
        Assert.StartsWith("SharedKeyLite devstoreaccount1:", sent.Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_an_endpoint_is_the_public_clouds()
    {
        var sent = new Recorder();
        var key = Convert.ToBase64String(new byte[64]);

        await Client($"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=core.windows.net", sent)
            .GetTableClient("t").UpsertEntityAsync(new TableEntity("p", "r"));

        Assert.Equal("https://acme.table.core.windows.net/t(PartitionKey='p',RowKey='r')", WithoutQuery(sent.Uri));
    }

    [Fact]
    public async Task A_credential_is_asked_for_a_storage_token_which_is_sent()
    {
        var sent = new Recorder();
        var credential = DelegatedTokenCredential.Create((context, _) =>
            new AccessToken(string.Join(' ', context.Scopes) == "https://storage.azure.com/.default" ? "storage-token" : "", DateTimeOffset.MaxValue));
        var client = new TableServiceClient(new Uri("https://acme.table.core.windows.net"), credential, Options(sent));

        await client.GetTableClient("t").UpsertEntityAsync(new TableEntity("p", "r"));

        Assert.Equal("Bearer storage-token", sent.Authorization);
        Assert.Equal("2020-12-06", sent.Version);
    }

    private static string WithoutQuery(Uri? uri) => uri!.GetLeftPart(UriPartial.Path);

    private static TableServiceClient Client(string connectionString, Recorder recorder) => new(connectionString, Options(recorder));

    private static TableClientOptions Options(Recorder recorder) => new() { Transport = new HttpClientTransport(new HttpClient(recorder)) };

    private sealed class Recorder : HttpMessageHandler
    {
        public Uri? Uri { get; private set; }

        public string Authorization { get; private set; } = "";

        public string Version { get; private set; } = "";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Uri = request.RequestUri;
            Authorization = string.Join(',', request.Headers.GetValues("Authorization"));
            Version = string.Join(',', request.Headers.GetValues("x-ms-version"));
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        }
    }
}
