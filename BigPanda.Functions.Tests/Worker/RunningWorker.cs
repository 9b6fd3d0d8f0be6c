using System.Diagnostics;
using System.Net.Http.Headers;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Worker.Protocol;
using Google.Protobuf;
using Kind = BigPanda.Functions.Tests.Worker.Protocol.StreamingMessage.ContentOneofCase;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>The app as Azure runs it: an isolated worker in a separate process, driven as the Functions host drives it.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    /// <summary>The capabilities that the Functions host announces: only with them the worker uses its web server for HTTP functions.</summary>
    private static readonly Dictionary<string, string> HostCapabilities = new() { ["V2Compatable"] = "True", ["HandlesInvocationCancelMessage"] = "True" };

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    private readonly FunctionsHost _host;
    private readonly WorkerProcess _process;
    private Uri _webServer = new("http://127.0.0.1");

    private RunningWorker(FunctionsHost host, WorkerProcess process) => (_host, _process) = (host, process);

    /// <summary>Every function, in the worker's order.</summary>
    public IReadOnlyList<IndexedFunction> Index { get; private set; } = [];

    public FunctionsHost.Settlements Settled => _host.Settled;

    /// <summary>From the start of the process to its initialisation response.</summary>
    public TimeSpan StartTook { get; private set; }

    public WorkerProcess Process => _process;

    /// <summary>Starts the process, initialises it, reads its index and loads every function.</summary>
    public static async Task<RunningWorker> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var host = await FunctionsHost.StartAsync();
        var worker = new RunningWorker(host, WorkerProcess.Start(host.Address, settings));
        try
        {
            await worker.InitialiseAsync();
            await worker.ReadIndexAsync();
            foreach (var function in worker.Index) await worker.LoadAsync(function);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    public async Task<TextResponse> CallAsync(HttpMethod method, string path, HttpContent? content = null, string? bearerToken = null)
    {
        using var response = await SendAsync(method, path, content, headers =>
        {
            if (bearerToken is not null) headers.Authorization = new("Bearer", bearerToken);
        });
        return await TextResponse.FromAsync(response);
    }

    /// <summary>Calls a route as the Functions host does: the invocation goes to the worker, the request to the worker's web server.</summary>
    /// <param name="prepare">Adds what the sender and the Functions host add.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, Action<HttpRequestHeaders> prepare)
    {
        var invocation = NewRequest(method, path);
        using var request = new HttpRequestMessage(method, new Uri(_webServer, path)) { Content = content };
        request.Headers.Add("x-ms-invocation-id", invocation.InvocationId);
        prepare(request.Headers);

        var invoking = InvokeAsync(invocation);
        var response = await WithinAsync(Http.SendAsync(request));
        await invoking;
        return response;
    }

    /// <summary>The same with a request that HttpClient would not send.</summary>
    /// <param name="rest">Headers, the empty line and the body.</param>
    /// <returns>The beginning of the response.</returns>
    public async Task<string> SendRawAsync(HttpMethod method, string path, string rest)
    {
        var invocation = NewRequest(method, path);
        using var client = await RawClient.ConnectAsync(_webServer);
        var invoking = InvokeAsync(invocation);
        await client.SendAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nx-ms-invocation-id: {invocation.InvocationId}\r\n{rest}");
        var answer = await client.ReadAsync();
        await invoking;
        return answer;
    }

    public Task RunTimerAsync(string name) => InvokeAsync(NewInvocation(Function(name), "timer", new TypedData
    {
        Json = """
                {"Schedule":{"AdjustForDST":true},"IsPastDue":false,
                 "ScheduleStatus":{"Last":"2026-01-01T00:00:00+00:00","Next":"2026-01-01T01:00:00+00:00","LastUpdated":"2026-01-01T00:00:00+00:00"}}
                """,
    }));

    /// <summary>Invokes a function with a message that a queue has accepted.</summary>
    /// <param name="message">The message in AMQP's encoding.</param>
    /// <returns>The worker's settlement, null when it has not settled the message.</returns>
    public async Task<string?> DeliverAsync(string queue, byte[] message)
    {
        var lockToken = Guid.NewGuid();
        await InvokeAsync(NewInvocation(Index.Single(function => function.Queue == queue), "message", new TypedData
        {
            ModelBindingData = new ModelBindingData
            {
                Version = "1.0",
                Source = "AzureServiceBusReceivedMessage",
                ContentType = "application/octet-stream",
                Content = ByteString.CopyFrom([.. lockToken.ToByteArray(), .. message]),
            },
        }));
        return Settled.GetValueOrDefault(lockToken.ToString());
    }

    /// <summary>Asks the worker to stop.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync()
    {
        _host.Terminate();
        return _process.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task InitialiseAsync()
    {
        await WithinAsync(_host.AnswerAsync(Kind.StartStream));
        var request = new WorkerInitRequest { HostVersion = "4.1042.0", WorkerDirectory = WorkerFiles.Folder, FunctionAppDirectory = WorkerFiles.Folder };
        foreach (var (name, value) in HostCapabilities) request.Capabilities[name] = value;
        var answer = (await WithinAsync(_host.AskAsync(new StreamingMessage { WorkerInitRequest = request }, Kind.WorkerInitResponse))).WorkerInitResponse;
        StartTook = _process.Age;
        ThrowUnless(answer.Result, "initialising");
        _webServer = new Uri(answer.Capabilities["HttpUri"]);
    }

    private async Task ReadIndexAsync()
    {
        var request = new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = WorkerFiles.Folder } };
        var answer = (await WithinAsync(_host.AskAsync(request, Kind.FunctionMetadataResponse))).FunctionMetadataResponse;
        ThrowUnless(answer.Result, "indexing");
        Index = [.. answer.FunctionMetadataResults.Select(IndexedFunction.Read)];
    }

    private async Task LoadAsync(IndexedFunction function)
    {
        var request = new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Id, Metadata = function.Metadata } };
        var answer = await WithinAsync(_host.AskAsync(request, Kind.FunctionLoadResponse, function.Id));
        ThrowUnless(answer.FunctionLoadResponse.Result, $"loading {function.Name}");
    }

    private async Task InvokeAsync(InvocationRequest request)
    {
        var answer = await WithinAsync(_host.AskAsync(new StreamingMessage { InvocationRequest = request }, Kind.InvocationResponse, request.InvocationId));
        ThrowUnless(answer.InvocationResponse.Result, $"invoking {Index.Single(function => function.Id == request.FunctionId).Name}");
    }

    private InvocationRequest NewRequest(HttpMethod method, string path)
    {
        var (function, values) = Index.Select(function => (function, Values: function.Match(method, path.Split('?')[0])))
            .SingleOrDefault(match => match.Values is not null);
        Assert.True(values is not null, $"No function takes {method} {path}.");
        var invocation = NewInvocation(function, "request", new TypedData { Http = new RpcHttp() });
        foreach (var (name, value) in values) invocation.TriggerMetadata[name] = new TypedData { String = $"{value}" };
        return invocation;
    }

    private static InvocationRequest NewInvocation(IndexedFunction function, string parameter, TypedData input) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = function.Id,
        InputData = { new ParameterBinding { Name = parameter, Data = input } },
        TraceContext = new RpcTraceContext { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01" },
    };

    private IndexedFunction Function(string name) => Index.Single(function => function.Name == name);

    /// <summary>Fails at once when the worker has exited.</summary>
    private async Task<T> WithinAsync<T>(Task<T> answer)
    {
        var ended = _process.ExitAsync();
        if (await Task.WhenAny(answer, ended).WaitAsync(WorkerProcess.Deadline) == ended)
        {
            var code = await ended;
            Assert.Fail($"The worker ended with {code}: {_process.Printed}");
        }

        return await answer;
    }

    private void ThrowUnless(StatusResult result, string what) => Assert.True(
        result.Status == StatusResult.Types.Status.Success,
        $"{what} failed: {result.Exception?.Message} {result.Exception?.StackTrace} {string.Join(Environment.NewLine, _host.Logs)}");
}
