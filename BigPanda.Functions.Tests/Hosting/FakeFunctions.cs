using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Hosting;

/// <summary>What the fake functions received.</summary>
public sealed class Seen
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Add(string line) => _lines.Writer.TryWrite(line);

    public async Task<string> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline, TimeProvider.System);
        return await _lines.Reader.ReadAsync(deadline.Token);
    }
}

public sealed class FakeHttpFunctions(Seen seen)
{
    [Function("ReadThing")]
    public async Task<IResult> ReadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "things/{thingId}")] HttpRequest request, string thingId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        seen.Add(thingId);
        return cancellationToken.IsCancellationRequested ? Results.StatusCode(499) : Results.Text($"{request.Method} {thingId}");
    }

    [Function("WriteThing")]
    public IResult Write([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "things/{thingId}")] HttpRequest request, string thingId) =>
        Results.Text($"{request.Method} {thingId} {seen is not null}");

    [Function("AdminThing")]
    public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "admin-things")] HttpRequest request) =>
        Results.Text(request.Method);

    [Function("FailThing")]
    public static Task<IResult> FailAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "failures")] HttpRequest request) =>
        throw new InvalidOperationException($"A secret of {request.Path}");

    [Function("ReadAllThing")]
    public static async Task<IResult> ReadAllAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "lengths")] HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return Results.Text(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

public sealed class FakeQueueFunction(Seen seen)
{
    public const string Queue = "fake-queue";

    [Function("FakeQueue")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = "ServiceBusConnection", IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        seen.Add($"{message.SessionId} {message.Body} {message.DeliveryCount}");
        if (message.DeliveryCount == 1)
            throw new InvalidOperationException("The first delivery fails.");
        await actions.CompleteMessageAsync(message, cancellationToken);
    }
}

public sealed class FakeTimerFunction(Seen seen)
{
    [Function("FakeTimer")]
    public Task RunAsync([TimerTrigger("%Fake__Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        seen.Add($"{timer.ScheduleStatus?.Next:HH:mm:ss}");
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
    }
}
