using System.IO.Compression;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>
/// Clients that send without end, slowly, compressed or broken, to the local host's real web server: each is answered, and others are served.
/// </summary>
public sealed class HostileClientTests(HostileFixture app) : IClassFixture<HostileFixture>
{
    private const int Chunk = 64 * 1024;

    private const int Decompressed = 64 * 1024 * 1024;

    /// <summary>Within every limit before it is decompressed.</summary>
    private const int MaxCompressed = 512 * 1024;

    public static TheoryData<string> Ways => [.. HostileFixture.WaysIn];

    [Theory]
    [InlineData("BigPanda", 413)]
    [InlineData("PagerDuty", 413)]
    [InlineData("monitor", 413)]
    [InlineData("wrapper", 413)]
    [InlineData("preview", 413)]
    [InlineData("API", 400)]
    public async Task An_endless_chunked_body_is_read_up_to_the_limit(string way, int status)
    {
        byte[] chunk = [.. "10000\r\n"u8, .. Enumerable.Repeat((byte)' ', Chunk), .. "\r\n"u8];

        Assert.Equal(status, await InTimeAsync(way, SendAsync));
        await AssertOthersAreServedAsync();

        async Task<int> SendAsync()
        {
            using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
            await client.SendAsync($"{await app.HeadAsync(way)}Transfer-Encoding: chunked\r\n\r\n");
            using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
            while (!client.IsAnswered && !deadline.IsCancellationRequested) await client.SendAsync(chunk);
            Assert.True(client.IsAnswered, "The body was read without end.");
            return await client.ReadStatusAsync();
        }
    }

    /// <summary>Kestrel gives up on a body that comes with less than 240 bytes a second; PagerDuty's route before that.</summary>
    [Fact]
    public async Task Slow_clients_are_given_up_while_others_are_served()
    {
        var slow = await Task.WhenAll(HostileFixture.WaysIn.Select(async way =>
        {
            var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
            await client.SendAsync($"{await app.HeadAsync(way)}Content-Length: 1000\r\n\r\n{{");
            return (way, client);
        }));

        await AssertOthersAreServedAsync();

        foreach (var (way, client) in slow)
        {
            using (client) Assert.Equal((way, way == "PagerDuty" ? 503 : 408), (way, await client.ReadStatusAsync()));
        }
    }

    /// <summary>A caller without a credential cannot keep a route waiting for a body.</summary>
    [Fact]
    public async Task Every_protected_route_refuses_a_request_whose_body_never_comes()
    {
        foreach (var function in HostileFixture.Functions.Where(function => !AccessTests.Open.Contains(function.Name)))
        {
            using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
            await client.SendAsync($"{function.Methods[0]} /api/{function.Route} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
            Assert.Equal((function.Name, 401), (function.Name, await client.ReadStatusAsync()));
        }
    }

    /// <summary>64 MiB in a small body: no way in decompresses anything.</summary>
    [Theory]
    [InlineData("BigPanda", "gzip", 415)]
    [InlineData("BigPanda", "br", 415)]
    [InlineData("monitor", "gzip", 415)]
    [InlineData("wrapper", "deflate", 415)]
    [InlineData("PagerDuty", "gzip", 401)]
    [InlineData("API", "gzip", 400)]
    [InlineData("preview", "gzip", 400)]
    public async Task A_compressed_body_is_not_decompressed(string way, string coding, int status)
    {
        using var bomb = new MemoryStream();
        await using (var writer = Compress(bomb, coding)) await writer.WriteAsync(new byte[Decompressed]);
        Assert.InRange(bomb.Length, 1, MaxCompressed);
        var body = bomb.ToArray();

        Assert.Equal(status, await InTimeAsync(way, SendAsync));

        async Task<int> SendAsync()
        {
            using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
            await client.SendAsync($"{await app.HeadAsync(way)}Content-Encoding: {coding}\r\nContent-Length: {body.Length}\r\n\r\n");
            await client.SendAsync(body);
            return await client.ReadStatusAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_flood_of_headers_is_refused(string way)
    {
        string[] floods =
        [
            string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-Flood-{i}: {i}\r\n")),
            $"X-Flood: {new string('x', 100_000)}\r\n",
            string.Concat(Enumerable.Repeat("Cookie: a=b\r\n", 10_000)),
        ];
        foreach (var flood in floods)
        {
            using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
            await client.SendAsync($"{await app.HeadAsync(way)}{flood}Content-Length: 2\r\n\r\n{{}}");
            Assert.Equal(431, await client.ReadStatusAsync());
        }

        await AssertOthersAreServedAsync();
    }

    /// <summary>The most that the web server takes, in the headers that are read here.</summary>
    [Theory]
    [InlineData("BigPanda", "Content-Type", "application/json;", 202)]
    [InlineData("BigPanda", "x-bp-field-component", "x,", 202)]
    [InlineData("PagerDuty", "X-PagerDuty-Signature", "v1=00,", 401)]
    [InlineData("monitor", "Content-Encoding", "identity,", 202)]
    [InlineData("API", "traceparent", "00-", 201)]
    public async Task A_header_of_thirty_thousand_characters_is_read_in_linear_time(string way, string header, string part, int status)
    {
        var body = way switch
        {
            "BigPanda" => IncidentWebhook.New(IncidentWebhook.NewId()).ToJson(),
            "API" => """{"name":"One"}""",
            _ => """{"status":"critical","host":"db-1"}""",
        };
        var value = string.Concat(Enumerable.Repeat(part, 30_000 / part.Length));
        var head = (await app.HeadAsync(way)).Replace("Content-Type: application/json\r\n", "", StringComparison.Ordinal);

        Assert.Equal(status, await InTimeAsync(way, () => SendAsync($"{head}{header}: {value}\r\nContent-Length: {body.Length}\r\n\r\n{body}")));
    }

    /// <summary>Framing that intermediaries read in different ways (request smuggling), and what is no HTTP.</summary>
    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 3\r\n")]
    [InlineData("Content-Length: -1\r\n")]
    [InlineData("Content-Length: 99999999999999999999\r\n")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: gzip\r\n")]
    [InlineData("Transfer-Encoding: identity, chunkedx\r\n")]
    [InlineData("Broken Header: x\r\n")]
    [InlineData("X: a\0b\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("Host: other\r\n")]
    [InlineData("X: a\rb\r\n")]
    [InlineData("X: a\nX-Forged: b\r\n")]
    [InlineData("X: a\r\n folded\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n")]
    [InlineData("Transfer-Encoding: \u000bchunked\r\n")]
    public async Task Ambiguous_framing_is_refused_on_every_way_in(string headers)
    {
        foreach (var way in HostileFixture.WaysIn)
        {
            var head = await app.HeadAsync(way);
            Assert.InRange(await InTimeAsync(way, () => SendAsync($"{head}{headers}\r\n{{}}")), 400, 499);
        }
    }

    /// <summary>What stands behind a body that is framed twice is a request to whoever reads the one framing, and body to whoever reads the other.</summary>
    [Theory]
    [InlineData("Content-Length: 60\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")]
    public async Task No_request_is_answered_behind_a_body_that_is_framed_twice(string framing)
    {
        foreach (var way in HostileFixture.WaysIn)
        {
            Assert.InRange(await InTimeAsync(way, SendAsync), 400, 499);

            async Task<int> SendAsync()
            {
                using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
                await client.SendAsync($"{await app.HeadAsync(way)}{framing}\r\n0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
                var answers = await client.ReadToEndAsync();
                Assert.Equal(0, answers.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
                return RawClient.StatusOf(answers);
            }
        }
    }

    private async Task<int> SendAsync(string request)
    {
        using var client = await RawClient.ConnectAsync(app.Host.BaseUrl);
        await client.SendAsync(request);
        return await client.ReadStatusAsync();
    }

    /// <summary>PagerDuty's route answers 503 to what takes it a second, as on a busy machine, and PagerDuty sends it again.</summary>
    private static Task<int> InTimeAsync(string way, Func<Task<int>> sendAsync) =>
        way == "PagerDuty" ? Eventually.Async(sendAsync, status => status != 503, "the answer is in time") : sendAsync();

    private async Task AssertOthersAreServedAsync() =>
        (await app.Bridge.PostWebhookAsync(IncidentWebhook.New(IncidentWebhook.NewId()))).Expect(202);

    private static Stream Compress(Stream to, string coding) => coding switch
    {
        "br" => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(to, CompressionLevel.Optimal, leaveOpen: true),
        _ => new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true),
    };
}
