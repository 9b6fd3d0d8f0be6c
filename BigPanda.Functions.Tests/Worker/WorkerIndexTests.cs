using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Operations;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>The index that the worker gives the Functions host is what Azure runs: no more and no less than what is documented and deployed.</summary>
[Collection(WorkerFixture.Collection)]
public sealed partial class WorkerIndexTests(WorkerFixture fixture)
{
    private IReadOnlyList<IndexedFunction> Index => fixture.Worker.Index;

    private IEnumerable<IndexedFunction> Http => Index.Where(function => function.Type == "httptrigger");

    /// <summary>HEAD goes without saying: every GET answers it.</summary>
    private IEnumerable<(string Method, IndexedFunction Function)> Routes =>
        Http.SelectMany(function => function.Methods.Where(method => method != "HEAD").Select(method => (method, function)));

    /// <summary>By reflection, as the local host finds them: the worker's index was generated when the app was built.</summary>
    [Fact]
    public void The_index_has_the_functions_that_the_local_host_runs()
    {
        var local = FunctionCatalog.Discover([typeof(AppServices).Assembly]);

        Assert.Equal(Names(local.Http), Names("httptrigger"));
        Assert.Equal(Names(local.Queues), Names("servicebustrigger"));
        Assert.Equal(Names(local.Timers), Names("timertrigger"));
        Assert.Equal(Index.Count, local.Http.Count + local.Queues.Count + local.Timers.Count);
    }

    [Fact]
    public void The_routes_are_those_of_openapi_json()
    {
        var document = JsonNode.Parse(OpenApiFunction.Read()) ?? throw new InvalidOperationException("There is no document.");
        var described =
            from path in document["paths"]?.AsObject() ?? []
            from operation in path.Value?.AsObject() ?? []
            select $"{operation.Key.ToUpperInvariant()} {path.Key} {operation.Value?["operationId"]} {(operation.Value?["security"] is null ? "function" : "anonymous")}";

        Same(described, Routes.Select(route => $"{route.Method} /{route.Function.Route} {route.Function.Name} {route.Function.AuthLevel}"));
    }

    [Fact]
    public void The_routes_are_those_of_the_README()
    {
        var described =
            from line in Checkout.Lines("README.md")
            let row = RouteRow().Match(line)
            where row.Success
            from Match route in Route().Matches(row.Groups["routes"].Value)
            select $"{route.Groups["route"].Value} {(row.Groups["key"].Value == "function key" ? "function" : "anonymous")}";

        Same(described, Routes.Select(route => $"{route.Method} /{route.Function.Route} {route.Function.AuthLevel}"));
    }

    [Fact]
    public void Every_GET_and_nothing_else_answers_HEAD() => Assert.All(Http, function => Assert.Equal(function.Methods.Contains("GET"), function.Methods.Contains("HEAD")));

    [Fact]
    public void The_queues_are_those_of_infra()
    {
        var queues = JsonNode.Parse(Checkout.Text("infra/emulator/servicebus-config.json"))?["UserConfig"]?["Namespaces"]?[0]?["Queues"]?.AsArray() ?? [];
        var deployed = queues.Select(queue => $"{queue?["Name"]} sessions {queue?["Properties"]?["RequiresSession"]} over {Queues.Connection}");

        Same(deployed, Index.Where(function => function.Type == "servicebustrigger").Select(
            function => $"{function.Queue} sessions {function.Text("isSessionsEnabled")} over {function.Text("connection")}"));
    }

    /// <summary>On a trigger these would override host.json, and a message that is completed behind the app's back is lost.</summary>
    [Fact]
    public void No_trigger_completes_messages_or_takes_them_in_batches()
    {
        var queues = Index.Where(function => function.Type == "servicebustrigger").ToList();

        Assert.All(queues, function => Assert.DoesNotContain("autoComplete", function.Trigger.ToJsonString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(queues, function => Assert.Equal("One", function.Text("cardinality")));
    }

    [Fact]
    public void The_timers_run_when_the_local_host_runs_them()
    {
        var local = FunctionCatalog.Discover([typeof(AppServices).Assembly]).Timers;

        Same(local.Select(timer => $"{timer.Name} {timer.Schedule}"), Index.Where(function => function.Type == "timertrigger").Select(timer => $"{timer.Name} {timer.Schedule}"));
    }

    [Fact]
    public void The_app_is_deployed_with_the_repositorys_host_json() =>
        Assert.Equal(Checkout.Text("host.json"), File.ReadAllText(Path.Combine(WorkerFiles.Folder, "host.json")));

    private IEnumerable<string> Names(string type) => Index.Where(function => function.Type == type).Select(function => function.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(IEnumerable<IFunction> functions) => functions.Select(function => function.Name);

    private static void Same(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var all = expected.Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(all);
        Assert.Equal(all, actual.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<routes>`(GET|POST|PUT|PATCH|DELETE) /.*?) \| (?<key>[\w ]+) \| ")]
    private static partial Regex RouteRow();

    [GeneratedRegex(@"`(?<route>(GET|POST|PUT|PATCH|DELETE) /[^?`]*)")]
    private static partial Regex Route();
}
