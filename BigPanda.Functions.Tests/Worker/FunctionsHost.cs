using System.Collections.Concurrent;
using System.Threading.Channels;
using BigPanda.Functions.Tests.Worker.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Kind = BigPanda.Functions.Tests.Worker.Protocol.StreamingMessage.ContentOneofCase;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>The Functions host's end of the connection to one worker: sends requests, collects responses and records settlements.</summary>
internal sealed class FunctionsHost : FunctionRpc.FunctionRpcBase, IAsyncDisposable
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<(Kind Kind, string Id), TaskCompletionSource<StreamingMessage>> _answers = new();
    private readonly ConcurrentQueue<string> _logs = new();
    private readonly WebApplication _server;

    private FunctionsHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(this).AddSingleton(Settled);
        _server = builder.Build();
        _server.MapGrpcService<FunctionsHost>();
        _server.MapGrpcService<SettlementService>();
    }

    public Settlements Settled { get; } = new();

    /// <summary>The worker's log lines, all its functions together.</summary>
    public IReadOnlyCollection<string> Logs => _logs;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<FunctionsHost> StartAsync()
    {
        var host = new FunctionsHost();
        await host._server.StartAsync();
        return host;
    }

    /// <summary>Waits for a message, or returns it when it has already arrived.</summary>
    /// <param name="id">The id of the function or invocation, for responses that carry one.</param>
    public Task<StreamingMessage> AnswerAsync(Kind kind, string id = "") => _answers.GetOrAdd((kind, id), _ => Answer()).Task;

    public Task<StreamingMessage> AskAsync(StreamingMessage request, Kind answer, string id = "")
    {
        Send(request);
        return AnswerAsync(answer, id);
    }

    public void Send(StreamingMessage message) => Assert.True(_outgoing.Writer.TryWrite(message));

    /// <summary>Asks the worker to stop; nothing is sent to it after that.</summary>
    public void Terminate()
    {
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(WorkerProcess.Deadline) } });
        _outgoing.Writer.Complete();
    }

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, ServerCallContext context)
    {
        var taking = TakeAsync(incoming, context.CancellationToken);
        await foreach (var message in _outgoing.Reader.ReadAllAsync(context.CancellationToken)) await outgoing.WriteAsync(message, context.CancellationToken);
        await taking;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(IAsyncStreamReader<StreamingMessage> incoming, CancellationToken cancellationToken)
    {
        await foreach (var message in incoming.ReadAllAsync(cancellationToken))
        {
            if (message.RpcLog is { } log) _logs.Enqueue($"{log.Message} {log.Exception?.Message}");
            else _answers.GetOrAdd((message.ContentCase, Id(message)), _ => Answer()).TrySetResult(message);
        }
    }

    private static string Id(StreamingMessage message) => message.ContentCase switch
    {
        Kind.FunctionLoadResponse => message.FunctionLoadResponse.FunctionId,
        Kind.InvocationResponse => message.InvocationResponse.InvocationId,
        _ => "",
    };

    private static TaskCompletionSource<StreamingMessage> Answer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The Service Bus messages that the worker has settled: lock token and settlement.</summary>
    internal sealed class Settlements : ConcurrentDictionary<string, string>;

    private sealed class SettlementService(Settlements settled) : Settlement.SettlementBase
    {
        public override Task<Empty> Complete(CompleteRequest request, ServerCallContext context) => Settle(request.Locktoken, "completed");

        public override Task<Empty> Deadletter(DeadletterRequest request, ServerCallContext context) =>
            Settle(request.Locktoken, $"dead-lettered: {request.DeadletterReason}");

        private Task<Empty> Settle(string lockToken, string how) =>
            settled.TryAdd(lockToken, how)
                ? Task.FromResult(new Empty())
                : throw new Grpc.Core.RpcException(new Status(StatusCode.FailedPrecondition, "Settled already."));
    }
}
