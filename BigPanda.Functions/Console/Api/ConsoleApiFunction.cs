using System.Reflection;
using BigPanda.Functions.Audit;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Console.Api;

/// <summary>
/// <c>/console/api/…</c>: the API's operations for people who have signed in with Entra ID, whose browsers hold no function key. The Functions
/// host checks keys before the app runs, so the same functions need a second way in. The route has two segments at least: with one it would
/// overlap with the page's.
/// </summary>
public sealed class ConsoleApiFunction(ConsoleGate gate, AuditTrail audit, IServiceProvider services)
{
    private const string Prefix = "/console/api";

    private static readonly Lazy<IReadOnlyList<ConsoleOperation>> Known = new(() =>
    [
        .. typeof(ConsoleApiFunction).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(Read).OfType<ConsoleOperation>().OrderBy(operation => operation.Precedence),
    ]);

    /// <summary>Every function that needs a function key and has a role here, by its own attributes.</summary>
    internal static IReadOnlyList<ConsoleOperation> Operations => Known.Value;

    [Function("ConsoleApi")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", Route = "console/api/{area}/{*rest}")]
        HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (operation, values) = Find(request.Method, PathOf(request));
        if (gate.Check(request, operation?.Role) is { } refusal) return refusal;
        if (operation is null) return Problems.OperationNotFound.With("The console has no operation with this method and path.");
        var result = await audit.RunAsync(
            operation.Name, request, async () => await operation.InvokeAsync(services, request, values, cancellationToken), cancellationToken);
        return result ?? throw new InvalidOperationException($"{operation.Name} returned no result.");
    }

    /// <param name="path">Behind the console's API.</param>
    /// <returns>The operation, null for none, and the values of its route.</returns>
    internal static (ConsoleOperation? Operation, RouteValueDictionary Values) Find(string method, PathString path)
    {
        var values = new RouteValueDictionary();
        return (Operations.FirstOrDefault(operation => operation.Matches(method, path, values)), values);
    }

    private static ConsoleOperation? Read(MethodInfo method)
    {
        if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name }) return null;
        var trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(one => one is not null);
        return trigger is { AuthLevel: AuthorizationLevel.Function } && ConsoleRoles.Of(name) is { } role
            ? new ConsoleOperation(method, name, trigger.Route ?? name, trigger.Methods ?? [], role)
            : null;
    }

    /// <summary>From the path as it came: the host hands over a route's values in another form when they look like a number or a date.</summary>
    private static PathString PathOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        var at = path.IndexOf(Prefix, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? default : path[(at + Prefix.Length)..];
    }
}
