using System.Reflection;
using System.Text.RegularExpressions;
using BigPanda.Functions.Console.Api;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Console;

/// <summary>Every operation of the API is open to people who have signed in, with the role it needs, and nothing else is.</summary>
public sealed partial class ConsoleOperationTests
{
    private static readonly IReadOnlyList<(string Name, HttpTriggerAttribute Trigger)> Functions =
    [
        .. from method in typeof(AppServices).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
           let function = method.GetCustomAttribute<FunctionAttribute>()
           let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(one => one is not null)
           where function is not null && trigger is not null
           select (function.Name, trigger),
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Of the page's literals: what tells the way of signing in, and what only the local host or the platform has.</summary>
    private static readonly string[] Elsewhere = ["/api", "/api/console", "/api/console/api", "/api/sign-in", "/_console/sign-in"];

    /// <summary>A new function that needs a function key gets its role in ConsoleRoles.</summary>
    [Fact]
    public void Every_function_that_needs_a_key_has_a_role_and_no_other() => Assert.Equal(
        Functions.Where(function => function.Trigger.AuthLevel == AuthorizationLevel.Function).Select(function => function.Name).Order(StringComparer.Ordinal),
        ConsoleRoles.Names.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_function_with_a_role_is_an_operation_with_its_own_route_methods_and_role() => Assert.Equal(
        from function in Functions
        where function.Trigger.AuthLevel == AuthorizationLevel.Function
        orderby function.Name
        select $"{function.Name} {string.Join(',', function.Trigger.Methods ?? [])} {function.Trigger.Route} {ConsoleRoles.Of(function.Name)}",
        from operation in ConsoleApiFunction.Operations
        orderby operation.Name
        select $"{operation.Name} {string.Join(',', operation.Methods)} {operation.Route} {operation.Role}");

    [Fact]
    public void What_changes_something_is_not_a_readers_to_do() => Violations(
        from operation in ConsoleApiFunction.Operations
        where operation.Role == ConsoleRole.Reader && !operation.Methods.Contains("get") && !operation.Name.StartsWith("Preview", StringComparison.Ordinal)
        select operation.Name);

    [Fact]
    public void What_deletes_or_stores_is_an_administrators_to_do() => Violations(
        from operation in ConsoleApiFunction.Operations
        where operation.Role != ConsoleRole.Admin && operation.Methods.Any(method => method is "delete" or "put" or "patch")
        select operation.Name);

    /// <summary>The Functions host does not choose among overlapping routes by specificity (azure-functions-host issue 9876).</summary>
    [Fact]
    public void Routes_of_a_method_that_overlap_differ_in_a_literal()
    {
        var routes = from function in Functions
                     from method in function.Trigger.Methods ?? []
                     select (Method: method, Route: function.Trigger.Route ?? function.Name);
        Violations(
            from one in routes
            from other in routes
            where one.Method == other.Method && string.CompareOrdinal(one.Route, other.Route) < 0 && Overlap(one.Route, other.Route)
            select $"{one.Method}: {one.Route} and {other.Route}");
    }

    [Theory]
    [InlineData("GET", "/alerts", "ListAlerts")]
    [InlineData("HEAD", "/alerts", "ListAlerts")]
    [InlineData("get", "/ALERTS/", "ListAlerts")]
    [InlineData("GET", "/alerts/a%2Fb", "GetAlert")]
    [InlineData("GET", "/alert-rows", "ListAlertRows")]
    [InlineData("POST", "/alerts/2026-11-27/resolve", "ResolveAlert")]
    [InlineData("DELETE", "/sources/a/tokens/b", "DeleteSourceToken")]
    [InlineData("POST", "/monitors/a/preview", "PreviewMonitorAlert")]
    [InlineData("POST", "/monitors/a/alerts", null)]
    [InlineData("POST", "/webhooks/bigpanda/a", null)]
    [InlineData("GET", "/health", null)]
    [InlineData("OPTIONS", "/alerts", null)]
    [InlineData("POST", "/alerts", null)]
    [InlineData("GET", "/console/api/alerts", null)]
    [InlineData("GET", "", null)]
    public void An_operation_is_found_by_method_and_path(string method, string path, string? name) =>
        Assert.Equal(name, ConsoleApiFunction.Find(method, path).Operation?.Name);

    [Fact]
    public void A_value_of_the_route_is_the_text_that_came() =>
        Assert.Equal("2026-11-27T00:00:00Z%2F1", ConsoleApiFunction.Find("GET", "/alerts/2026-11-27T00:00:00Z%2F1").Values["incidentId"]);

    /// <summary>What the page asks for, by the text of its sources.</summary>
    [Fact]
    public void Every_call_of_the_page_is_an_operation()
    {
        var sources = Directory.EnumerateFiles(Checkout.PathOf("BigPanda.Functions", "Console", "web", "src"), "*.ts*", SearchOption.AllDirectories);
        var calls = sources.SelectMany(file => Call().Matches(File.ReadAllText(file))).Select(call => Argument().Replace(call.Groups["path"].Value, "x"))
            .Select(path => path.Split('?')[0]).Except(Elsewhere).Distinct().ToList();

        Assert.True(calls.Count >= 2, "The page's calls were not found.");
        Violations(
            from path in calls
            where !Methods.Any(method => ConsoleApiFunction.Find(method, path).Operation is not null)
            select path);
    }

    private static bool Overlap(string one, string other)
    {
        var (first, second) = (TemplateParser.Parse(one).Segments, TemplateParser.Parse(other).Segments);
        var longest = Math.Max(first.Count, second.Count);
        for (var i = 0; i < longest; i++)
        {
            var (a, b) = (i < first.Count ? first[i].Parts[0] : null, i < second.Count ? second[i].Parts[0] : null);
            if (a?.IsCatchAll == true || b?.IsCatchAll == true) return true;
            if (a is null || b is null) return false;
            if (!a.IsParameter && !b.IsParameter && !string.Equals(a.Text, b.Text, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static void Violations(IEnumerable<string> found) => Structure.Violations.AssertNone(found);

    [GeneratedRegex("[`'](?<path>/[a-z_][^`' ]*)[`']")]
    private static partial Regex Call();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Argument();
}
