using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Functions_are_found_by_their_attributes_with_what_their_triggers_say()
    {
        var catalog = FunctionCatalog.Discover([typeof(FakeHttpFunctions), typeof(FakeQueueFunction), typeof(FakeTimerFunction), typeof(string)]);

        var read = Assert.Single(catalog.Http, function => function.Name == "ReadThing");
        Assert.Equal(("things/{thingId}", AuthorizationLevel.Function), (read.Route, read.Level));
        Assert.Equal(["GET"], read.Methods);
        Assert.Equal(("FakeQueue", FakeQueueFunction.Queue), (Assert.Single(catalog.Queues).Name, catalog.Queues[0].Queue));
        Assert.Equal("%Fake__Schedule%", Assert.Single(catalog.Timers).Schedule);
    }

    [Fact]
    public async Task A_typed_result_is_a_result()
    {
        var function = Assert.Single(FunctionCatalog.Discover([typeof(TypedResult)]).Http);

        var result = await function.Invoke(new NoServices(), new DefaultHttpContext());

        Assert.IsType<NoContent>(result);
    }

    [Theory]
    [InlineData(typeof(NoTrigger), "Function Bare has none of the triggers this host runs: HTTP, Service Bus queue, timer.")]
    [InlineData(typeof(UnknownParameter), "UnknownParameter.Run: this host does not support its parameter number of type Int32.")]
    [InlineData(typeof(NotInRoute), "NotInRoute.Run: this host does not support its parameter thingId of type String.")]
    [InlineData(typeof(NoResult), "NoResult.Run: this host does not support its return type String.")]
    [InlineData(typeof(NoSessions), "Function Loose: this host only supports triggers that take one message at a time from a queue with sessions.")]
    public void What_this_host_cannot_run_stops_the_start(Type type, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Discover([type])).Message);

    [Fact]
    public void Two_functions_of_one_name_stop_the_start() =>
        Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Discover([typeof(TypedResult), typeof(SameName)]));

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    public sealed class TypedResult
    {
        [Function("Typed")]
        public static Task<NoContent> RunAsync([HttpTrigger] HttpRequest request) =>
            Task.FromResult(request.Path.HasValue ? TypedResults.NoContent() : TypedResults.NoContent());
    }

    public sealed class SameName
    {
        [Function("typed")]
        public static IResult Run([HttpTrigger] HttpRequest request) => Results.Text(request.Method);
    }

    public sealed class NoTrigger
    {
        [Function("Bare")]
        public static void Run()
        {
        }
    }

    public sealed class UnknownParameter
    {
        [Function("Unknown")]
        public static IResult Run([HttpTrigger] HttpRequest request, int number) => Results.Text($"{request.Method}{number}");
    }

    public sealed class NotInRoute
    {
        [Function("NotInRoute")]
        public static IResult Run([HttpTrigger("get", Route = "things")] HttpRequest request, string thingId) => Results.Text(request.Method + thingId);
    }

    public sealed class NoResult
    {
        [Function("NoResult")]
        public static string Run([HttpTrigger] HttpRequest request) => request.Method;
    }

    public sealed class NoSessions
    {
        [Function("Loose")]
        public static void Run([ServiceBusTrigger("loose")] object message) => ArgumentNullException.ThrowIfNull(message);
    }
}
