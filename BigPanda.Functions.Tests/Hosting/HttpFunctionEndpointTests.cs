using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class HttpFunctionEndpointTests
{
    [Fact]
    public async Task A_caller_that_disconnects_is_no_failure_of_the_function()
    {
        using var log = new ListLogger();
        var function = new HttpFunction(
            "GetThing", "things", ["GET"], AuthorizationLevel.Anonymous,
            (_, _) => throw new AggregateException("Retry failed after 2 tries.", new TaskCanceledException()));
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };

        await new HttpFunctionEndpoint(function, new FunctionKey("key"), log).HandleAsync(context);

        Assert.Empty(log.Lines);
    }
}
