using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.StandIns;

public sealed class TableRetriesTests : IAsyncLifetime
{
    private readonly Queue<int> _answers = new();
    private readonly List<(string Body, string Authorization, string RequestId)> _received = [];
    private WebApplication? _service;

    [Fact]
    public async Task A_busy_service_is_asked_again_with_the_same_body_signed_anew()
    {
        Answer(503, 500, 204);

        var response = await Table(retries: 3).AddEntityAsync(new TableEntity("p", "r") { ["A"] = "hello" });

        Assert.Equal(204, response.Status);
        Assert.Equal(3, _received.Count);
        Assert.All(_received, sent => Assert.Contains("\"A\":\"hello\"", sent.Body, StringComparison.Ordinal));
        Assert.All(_received, sent => Assert.StartsWith("SharedKeyLite account:", sent.Authorization, StringComparison.Ordinal));
        Assert.Single(_received.Select(sent => sent.RequestId).Distinct());
    }

    [Fact]
    public async Task A_service_that_stays_busy_is_a_503_in_the_end()
    {
        Answer(503, 503, 503);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table(retries: 2).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Equal(503, failure.Status);
        Assert.Equal(3, _received.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        Answer(400);

        await Assert.ThrowsAsync<RequestFailedException>(() => Table(retries: 3).AddEntityAsync(new TableEntity("p", "r")));

        Assert.Single(_received);
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _service = builder.Build();
        _service.Urls.Add("http://127.0.0.1:0");
        _service.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            _received.Add((await body.ReadToEndAsync(), headers.Authorization.ToString(), headers["x-ms-client-request-id"].ToString()));
            context.Response.StatusCode = _answers.Dequeue();
        });
        await _service.StartAsync();
    }

    public async Task DisposeAsync() => await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);

    private void Answer(params int[] statuses) => Array.ForEach(statuses, _answers.Enqueue);

    private TableClient Table(int retries)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = retries;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.Mode = RetryMode.Fixed;
        var key = Convert.ToBase64String(new byte[64]);
        return new TableClient($"AccountName=account;AccountKey={key};TableEndpoint={_service!.Urls.First()}/account", "t", options);
    }
}
