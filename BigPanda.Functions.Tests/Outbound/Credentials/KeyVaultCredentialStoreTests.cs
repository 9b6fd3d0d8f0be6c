using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Outbound.Credentials;

/// <summary>The real client against Key Vault's protocol: versions, and deleted secrets that keep their names.</summary>
public sealed class KeyVaultCredentialStoreTests : IDisposable
{
    private static readonly BigPandaCredential First = new("the-first-key", "https://api.bigpanda.io", null);
    private static readonly BigPandaCredential Second = new("the-second-key", "https://eu-api.bigpanda.io", "env-1");

    private readonly FakeVault _vault = new();

    public void Dispose() => _vault.Dispose();

    [Fact]
    public async Task At_first_no_key_is_stored() => Assert.Null(await Store().ReadAsync(CancellationToken.None));

    [Fact]
    public async Task A_change_is_a_new_version_and_the_expiry_goes_with_it()
    {
        var expiresOn = new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);
        await Store().WriteAsync(First, null, CancellationToken.None);
        await Store().WriteAsync(Second, expiresOn, CancellationToken.None);

        Assert.Equal(Second, await Store().ReadAsync(CancellationToken.None));
        Assert.Equal(2, _vault.Versions.Count);
        Assert.Equal(expiresOn.ToUnixTimeSeconds(), (long?)_vault.Versions[^1]["attributes"]?["exp"]);
    }

    [Fact]
    public async Task A_deleted_secret_counts_as_missing_and_can_be_written_again()
    {
        await Store().WriteAsync(First, null, CancellationToken.None);
        await Store().DeleteAsync(CancellationToken.None);
        Assert.Null(await Store().ReadAsync(CancellationToken.None));
        await Store().DeleteAsync(CancellationToken.None);

        await Store().WriteAsync(Second, null, CancellationToken.None);

        Assert.Equal(Second, await Store().ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_change_disables_the_versions_before_it_and_none_after()
    {
        await Store().WriteAsync(First, null, CancellationToken.None);
        await Store().WriteAsync(Second, null, CancellationToken.None);
        Assert.Equal([false, true], _vault.Enabled);

        _vault.MadeMeanwhile = true;
        await Store().WriteAsync(First, null, CancellationToken.None);

        Assert.Equal([false, false, true, true], _vault.Enabled);
    }

    [Fact]
    public async Task A_key_counts_also_when_the_versions_before_it_cannot_be_disabled()
    {
        await Store().WriteAsync(First, null, CancellationToken.None);
        _vault.RefusesUpdates = true;

        await Store().WriteAsync(Second, null, CancellationToken.None);

        Assert.Equal(Second, await Store().ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_key_disabled_in_the_vault_counts_as_missing()
    {
        await Store().WriteAsync(First, null, CancellationToken.None);
        _vault.Disable();

        Assert.Null(await Store().ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_deleted_key_is_disabled_so_that_it_does_not_come_back_with_the_next_one()
    {
        await Store().WriteAsync(First, null, CancellationToken.None);
        await Store().DeleteAsync(CancellationToken.None);

        Assert.Equal([false], _vault.Enabled);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"apiKey":null,"apiBaseUrl":"https://api.bigpanda.io","defaultEnvironmentId":null}""")]
    public async Task A_secret_that_is_no_connection_is_not_taken_for_one(string secret)
    {
        _vault.Put(secret);

        await Assert.ThrowsAsync<JsonException>(() => Store().ReadAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_vault_that_repeats_the_key_in_its_refusal_is_not_quoted(HttpStatusCode status)
    {
        _vault.Put(JsonSerializer.Serialize(First, BigPandaCredential.Kind.Json()));
        _vault.Repeats = status;

        Func<Task>[] calls = [() => Store().ReadAsync(CancellationToken.None), () => Store().WriteAsync(First, null, CancellationToken.None)];
        foreach (var call in calls)
        {
            var failure = await Assert.ThrowsAsync<RequestFailedException>(call);

            Assert.Equal((int)status, failure.Status);
            Assert.DoesNotContain(First.ApiKey, failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(First.ApiKey, StorageError.Describe(failure), StringComparison.Ordinal);
        }
    }

    private KeyVaultCredentialStore<BigPandaCredential> Store() => new(BigPandaCredential.Kind, new SecretClient(
        new Uri("https://bridge.vault.azure.net/"), new NoCredential(),
        new SecretClientOptions { Transport = new HttpClientTransport(new HttpClient(_vault)), Retry = { MaxRetries = 0 } }),
        NullLogger<KeyVaultCredentialStore<BigPandaCredential>>.Instance);

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    private sealed class FakeVault : HttpMessageHandler
    {
        private const string Challenge =
            "Bearer authorization=\"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555\", resource=\"https://vault.azure.net\"";

        private bool _deleted;

        public List<JsonObject> Versions { get; } = [];

        public IEnumerable<bool?> Enabled => Versions.Select(version => (bool?)version["attributes"]?["enabled"]);

        /// <summary>Another instance writes right after the next version.</summary>
        public bool MadeMeanwhile { get; set; }

        public bool RefusesUpdates { get; set; }

        /// <summary>Refuses every call that contains a key, and quotes the key.</summary>
        public HttpStatusCode? Repeats { get; set; }

        public void Put(string secret) => Add(new JsonObject { ["value"] = secret });

        public void Disable() => (Versions[^1]["attributes"] ?? throw new InvalidOperationException())["enabled"] = false;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Authorization is null)
            {
                var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
                challenge.Headers.TryAddWithoutValidation("WWW-Authenticate", Challenge);
                return challenge;
            }

            var path = request.RequestUri?.AbsolutePath.TrimEnd('/') ?? "";
            var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
            return (request.Method.Method, path) switch
            {
                ("GET" or "PUT", "/secrets/bigpanda-connection") when Repeats is { } status => Refuse(status, "BadParameter", $"{Versions[^1]["value"]}"),
                ("POST", "/deletedsecrets/bigpanda-connection/recover") when Repeats is not null => Json(Versions[^1]),
                ("GET", "/secrets/bigpanda-connection/versions") when !_deleted =>
                    Json(new JsonObject { ["value"] = new JsonArray([.. Versions.Select(version => version.DeepClone())]) }),
                ("GET", "/secrets/bigpanda-connection") when Versions.Count > 0 && !_deleted =>
                    Enabled.Last() == true ? Json(Versions[^1]) : Refuse(HttpStatusCode.Forbidden, "Forbidden", "SecretDisabled"),
                ("PUT", "/secrets/bigpanda-connection") when _deleted => Refuse(HttpStatusCode.Conflict, "ObjectIsDeletedButRecoverable"),
                ("PUT", "/secrets/bigpanda-connection") => Json(Write(body)),
                ("PATCH", _) when RefusesUpdates => Refuse(HttpStatusCode.Forbidden, "Forbidden"),
                ("PATCH", _) when !_deleted =>
                    Json(Update(Versions[int.Parse(path[(path.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture)], body)),
                ("DELETE", "/secrets/bigpanda-connection") when Versions.Count > 0 && !_deleted => Json(Deleted(true)),
                ("GET", "/deletedsecrets/bigpanda-connection") when _deleted => Json(Versions[^1]),
                ("POST", "/deletedsecrets/bigpanda-connection/recover") when _deleted => Json(Deleted(false)),
                _ => Refuse(HttpStatusCode.NotFound, "SecretNotFound"),
            };
        }

        private JsonObject Write(JsonObject? body)
        {
            var written = Add(body);
            if (MadeMeanwhile) Add(body);
            return written;
        }

        /// <summary>A second passes between two versions: the vault keeps whole seconds.</summary>
        private JsonObject Add(JsonObject? body)
        {
            var version = body?.DeepClone() as JsonObject ?? [];
            version["id"] = $"https://bridge.vault.azure.net/secrets/bigpanda-connection/{Versions.Count}";
            if (version["attributes"] is not JsonObject attributes) version["attributes"] = attributes = [];
            attributes["enabled"] = true;
            attributes["created"] = 1_800_000_000 + Versions.Count;
            Versions.Add(version);
            return version;
        }

        private static JsonObject Update(JsonObject version, JsonObject? body)
        {
            if (version["attributes"] is JsonObject attributes) attributes["enabled"] = (bool?)body?["attributes"]?["enabled"];
            return version;
        }

        private JsonObject Deleted(bool deleted)
        {
            _deleted = deleted;
            return Versions[^1];
        }

        private static HttpResponseMessage Json(JsonObject body) =>
            new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

        private static HttpResponseMessage Refuse(HttpStatusCode status, string code, string inner = "") =>
            new(status) { Content = new StringContent(Error(code, inner).ToJsonString(), Encoding.UTF8, "application/json") };

        private static JsonObject Error(string code, string inner) => new()
        {
            ["error"] = new JsonObject { ["code"] = code, ["message"] = "no", ["innererror"] = new JsonObject { ["code"] = inner } },
        };
    }
}
